"""A campaign is opened for collectivités chosen once and for all, and closed with its participation."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from questions.enums import Level
from questions.models import Questionnaire
from supervision import rules
from supervision.campaigns import final_turnout
from supervision.models import Campaign
from supervision.territory import Territory
from territories.affiliation import AffiliationError, NotEntitled
from territories.enums import AuditAction
from territories.journal import record
from territories.models import Collectivite
from territories.scoping import everything

BATCH = 2_000


class NobodyAsked(AffiliationError):
    sentence = (
        "Aucune collectivité à interroger : élargissez le choix, ou ouvrez d’abord le niveau 2."
    )


class CampaignClosed(AffiliationError):
    sentence = "Cette campagne est déjà clôturée."


def open_campaign(
    *,
    territory: Territory,
    collectivites: QuerySet[Collectivite],
    audience: str,
    title: str,
    questionnaire: Questionnaire,
    starts_on: date,
    ends_on: date,
    text: str,
    by: User,
    at: datetime,
) -> Campaign:
    """Keep the list of those asked, as it is now; one of level 2 asks those for which it is open.

    Raises NotEntitled, NobodyAsked.
    """
    with transaction.atomic():
        if not rules.can_open_console(by, territory.opsn):
            raise NotEntitled
        chosen = territory.collectivites().filter(pk__in=collectivites.order_by().values("pk"))
        if questionnaire.level == Level.TWO:
            chosen = chosen.exclude(level_two_opened_at=None)
        keys = list(chosen.order_by("pk").values_list("pk", flat=True))
        if not keys:
            raise NobodyAsked
        campaign = Campaign.objects.create(
            opsn=territory.opsn,
            title=title,
            questionnaire=questionnaire,
            starts_on=starts_on,
            ends_on=ends_on,
            text=text,
            audience=audience[:300],
            created_by=by,
            created_at=at,
        )
        through = Campaign.collectivites.through
        links = [through(campaign=campaign, collectivite_id=pk) for pk in keys]
        through.objects.bulk_create(links, BATCH)
        _record(AuditAction.CAMPAIGN_OPENED, campaign, by, at)
    return campaign


def close_campaign(*, campaign: Campaign, by: User, at: datetime) -> None:
    """End it today if it was to last longer, and keep its participation. Raises NotEntitled, CampaignClosed."""
    with transaction.atomic(), everything():
        campaign = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
        if not rules.can_open_console(by, campaign.opsn):
            raise NotEntitled
        if campaign.is_closed:
            raise CampaignClosed
        campaign.ends_on = max(campaign.starts_on, min(campaign.ends_on, timezone.localdate(at)))
        campaign.final = final_turnout(campaign)
        campaign.closed_by, campaign.closed_at = by, at
        campaign.save()
        _record(AuditAction.CAMPAIGN_CLOSED, campaign, by, at)


def _record(action: AuditAction, campaign: Campaign, by: User, at: datetime) -> None:
    record(action, None, by=by, at=at, opsn=campaign.opsn, ground=campaign.title)
