"""A mail that encourages the people of a collectivité to go on, never twice on the same day."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from supervision import rules
from supervision.models import Relaunch
from supervision.notices import tell_relaunch
from territories.affiliation import AffiliationError, CollectiviteRetired, NotEntitled
from territories.enums import AuditAction, MemberRole, MemberState
from territories.journal import record
from territories.models import Collectivite, CollectiviteMember
from territories.scoping import everything


class RelaunchedToday(AffiliationError):
    sentence = "Déjà relancée aujourd’hui."


class NobodyToWriteTo(AffiliationError):
    sentence = "Aucun membre et pas d’adresse officielle : téléphonez, ou invitez quelqu’un."


def relaunch(*, collectivite: Collectivite, text: str, by: User, at: datetime) -> Relaunch:
    """Write to those who answer, or to the official address while there is nobody.

    Raises NotEntitled, CollectiviteRetired, NobodyToWriteTo, RelaunchedToday.
    """
    with transaction.atomic(), everything():
        if not rules.can_follow(by, collectivite):
            raise NotEntitled
        if collectivite.retired_at:
            raise CollectiviteRetired
        addresses = addresses_of(collectivite)
        if not addresses:
            raise NobodyToWriteTo
        relaunched = Relaunch(
            collectivite=collectivite,
            opsn=collectivite.opsn,
            day=timezone.localdate(at),
            sent_by=by,
            text=text,
        )
        try:
            with transaction.atomic():
                relaunched.save()
        except IntegrityError as error:  # one_relaunch_a_day
            raise RelaunchedToday from error
        opsn = collectivite.opsn
        record(AuditAction.RELAUNCHED, collectivite, by=by, at=at, opsn=opsn)
        tell_relaunch(relaunched, addresses)
    return relaunched


def addresses_of(collectivite: Collectivite) -> list[str]:
    members = CollectiviteMember._base_manager.filter(
        collectivite=collectivite,
        state=MemberState.ACTIVE,
        role__in=(MemberRole.REFERENT, MemberRole.CONTRIBUTEUR),
        user__is_active=True,
    )
    addresses = list(members.order_by("pk").values_list("user__email", flat=True))
    return addresses or [address for address in [collectivite.official_email] if address]
