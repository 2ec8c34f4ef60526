"""How a campaign goes: who was reached, registered, began and closed, and the results beside those of the one before.

What counts is an evaluation of the edition of the campaign, closed in its days; of two, the last. Only collectivités that are
followed today are shown; the participation of a closed campaign is the one of its closing, but for an OPSN that reads one of
the national team: its own collectivités are counted.
"""

from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import (
    Case,
    Count,
    Exists,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.utils import timezone

from questions.enums import AssessmentState
from questions.models import Assessment
from supervision.enums import CampaignStep
from supervision.following import ALL_INVITED, ALL_MEMBERS, INVITED, MEMBERS
from supervision.histograms import Histogram, percent
from supervision.models import Campaign, Relaunch
from supervision.progress import EARLIER, Progress, progress_between
from supervision.statistics import ThemeFigures, content, figures
from supervision.territory import Territory
from territories.models import Collectivite


@dataclass(frozen=True)
class Turnout:
    """Counts of collectivités; each step counts those that reached it."""

    collectivites: int
    reached: int
    registered: int
    begun: int
    closed: int

    @property
    def share(self) -> int | None:
        return percent(self.closed, self.collectivites)

    @property
    def funnel(self) -> list[dict]:
        steps = (
            ("Invitées ou déjà inscrites", self.reached),
            ("Inscrites", self.registered),
            ("Évaluation commencée", self.begun),
            ("Évaluation close", self.closed),
        )
        return [
            {"label": label, "count": count, "value": percent(count, self.collectivites)}
            for label, count in steps
        ]


@dataclass(frozen=True)
class CampaignResults:
    indices: Histogram
    themes: list[ThemeFigures]
    before: Campaign | None
    progress: Progress | None
    """Of those that answered both campaigns; None for the first of a level."""


def asked(campaign: Campaign, territory: Territory) -> QuerySet[Collectivite]:
    """Return those whom the campaign asks and the reader follows."""
    return territory.collectivites().filter(campaigns=campaign)


def turnout(campaign: Campaign, territory: Territory) -> Turnout:
    """One query; none for a campaign closed by whoever reads it."""
    if campaign.final and campaign.opsn_id == territory.key:
        return Turnout(**campaign.final)
    # Lists, each read once: asked of each collectivité, they would be 36,000 times as many questions.
    closed = _closed(campaign).order_by()
    begun = _begun(campaign).exclude(_has(closed))
    invited = ALL_INVITED.exclude(_has(ALL_MEMBERS))
    counts = (
        asked(campaign, territory)
        .order_by()
        .aggregate(
            collectivites=Count("pk"),
            invited=_count_in(invited),
            registered=_count_in(ALL_MEMBERS),
            begun=_count_in(begun),
            closed=_count_in(closed),
        )
    )
    return Turnout(
        collectivites=counts["collectivites"],
        reached=counts["invited"] + counts["registered"],
        registered=counts["registered"],
        begun=counts["begun"] + counts["closed"],
        closed=counts["closed"],
    )


def _has(rows: QuerySet) -> Exists:
    return Exists(rows.filter(collectivite=OuterRef("collectivite")))


def _count_in(rows: QuerySet) -> Count:
    return Count("pk", filter=Q(pk__in=rows.values("collectivite")))


def with_step(rows: QuerySet[Collectivite], campaign: Campaign) -> QuerySet[Collectivite]:
    """Add `step`, `answered` and `asked` (questions of the evaluation under way), `index` (closed) and `relaunched_on`."""
    hers = {"collectivite": OuterRef("pk")}
    closed, begun = _closed(campaign).filter(**hers), _begun(campaign).filter(**hers)
    relaunches = Relaunch.objects.filter(**hers)
    return rows.annotate(
        step=Case(
            When(Exists(closed), then=Value(CampaignStep.CLOSED.value)),
            When(Exists(begun), then=Value(CampaignStep.BEGUN.value)),
            When(Exists(MEMBERS), then=Value(CampaignStep.REGISTERED.value)),
            When(Exists(INVITED), then=Value(CampaignStep.INVITED.value)),
            default=Value(CampaignStep.TO_INVITE.value),
        ),
        answered=Subquery(begun.values("answered")[:1]),
        asked=Subquery(begun.values("asked")[:1]),
        index=Subquery(closed.values("index")[:1]),
        relaunched_on=Subquery(relaunches.order_by("-day").values("day")[:1]),
    )


def to_write_to(
    campaign: Campaign, territory: Territory, *, step: str, today: date
) -> QuerySet[Collectivite]:
    """Return those of a step that have not closed, nor been relaunched today; those with an official address first."""
    rows = with_step(asked(campaign, territory), campaign).exclude(step=CampaignStep.CLOSED)
    if step:
        rows = rows.filter(step=step)
    relaunched = Relaunch.objects.filter(collectivite=OuterRef("pk"), day=today)
    without_address = Case(When(official_email="", then=1), default=0)
    return rows.exclude(Exists(relaunched)).order_by(without_address, "search_name", "pk")


def results(campaign: Campaign, territory: Territory) -> CampaignResults:
    """Three queries, six when there is a campaign before, seven when its edition is another."""
    words = content(campaign.questionnaire.level)
    mine = counted(campaign, territory)
    before = (
        Campaign.objects.shown_to(territory.opsn)
        .before(campaign)
        .select_related("questionnaire")
        .first()
    )
    progress = None
    if before is not None:
        both = mine.filter(_asked_by(before))
        progress = progress_between(_counts(before, f"{EARLIER}__"), both, words)
    found = figures(mine, words, with_practices=False)
    return CampaignResults(
        indices=found.indices,
        themes=found.themes,
        before=before,
        progress=progress,
    )


def counted(campaign: Campaign, territory: Territory) -> QuerySet[Assessment]:
    """Return one evaluation for each collectivité that closed one in the campaign."""
    return Assessment._base_manager.filter(
        territory.today("collectivite__"), _counts(campaign), _asked_by(campaign)
    )


def final_turnout(campaign: Campaign) -> dict:
    """Return what is kept of the participation when the campaign is closed."""
    return asdict(turnout(campaign, Territory(campaign.opsn)))


def end_of(campaign: Campaign) -> datetime:
    """Return the midnight that ends the last day, in Paris."""
    return _midnight(campaign.ends_on + timedelta(days=1))


def _closed(campaign: Campaign) -> QuerySet[Assessment]:
    rows = Assessment._base_manager.filter(
        _in_days(campaign), questionnaire=campaign.questionnaire_id
    )
    return rows.order_by("-counted_from", "-pk")


def _begun(campaign: Campaign) -> QuerySet[Assessment]:
    return Assessment._base_manager.filter(
        provisional_for=None,
        state=AssessmentState.OPEN,
        questionnaire=campaign.questionnaire_id,
        opened_at__lt=end_of(campaign),
    )


def _asked_by(campaign: Campaign) -> Q:
    """Return the condition on an assessment; by the list alone, which the collectivité itself need not be read for."""
    whom = Campaign.collectivites.through.objects.filter(campaign=campaign)
    return Q(collectivite__in=whom.values("collectivite"))


def _counts(campaign: Campaign, prefix: str = "") -> Q:
    """Return the condition on an assessment, reached by `prefix`, that it is the last of its collectivité in the campaign."""
    counted_until = f"{prefix}counted_until"
    is_last = Q(**{counted_until: None}) | Q(**{f"{counted_until}__gte": end_of(campaign)})
    return (
        is_last
        & _in_days(campaign, prefix)
        & Q(**{f"{prefix}questionnaire": campaign.questionnaire_id})
    )


def _in_days(campaign: Campaign, prefix: str = "") -> Q:
    counted_from = f"{prefix}counted_from"
    return Q(
        **{
            f"{counted_from}__isnull": False,
            f"{counted_from}__gte": _midnight(campaign.starts_on),
            f"{counted_from}__lt": end_of(campaign),
        }
    )


def _midnight(day) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
