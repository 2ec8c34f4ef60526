"""Where each collectivité is: its stage, progress, index and last activity, computed in SQL beside its row.

The subqueries read assessments by the base manager: the rows that they stand beside are already those of the reader.
An index is that of the last closed assessment of level 1; while there is none, that of the open one, not final.
"""

from datetime import datetime, timedelta

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, NullIf

from questions.enums import AssessmentState, Letter, Level
from questions.models import Assessment
from questions.scoring import THRESHOLDS
from supervision.enums import Attention, Stage
from territories.enums import MemberRole, MemberState
from territories.models import CollectiviteMember, Invitation

STUCK_AFTER = timedelta(days=21)
SILENT_AFTER = timedelta(days=14)

HERS = {"collectivite": OuterRef("pk")}


def official():
    return Assessment._base_manager.filter(provisional_for=None, level=Level.ONE, **HERS)


OPEN = official().filter(state=AssessmentState.OPEN)
CLOSED = official().filter(state=AssessmentState.CLOSED).order_by("-closed_at")
ALL_MEMBERS = CollectiviteMember._base_manager.filter(state=MemberState.ACTIVE)
ALL_INVITED = Invitation._base_manager.filter(role=MemberRole.REFERENT, cancelled_at=None)
MEMBERS, INVITED = ALL_MEMBERS.filter(**HERS), ALL_INVITED.filter(**HERS)
LAST_ANSWER = Coalesce("last_activity_at", "opened_at")

STAGE = Case(
    When(level_two_opened_at__isnull=False, then=Value(Stage.LEVEL_TWO.value)),
    When(Exists(CLOSED), then=Value(Stage.CLOSED.value)),
    When(Exists(OPEN), then=Value(Stage.BEGUN.value)),
    When(Exists(MEMBERS), then=Value(Stage.REGISTERED.value)),
    default=Value(Stage.SILENT.value),
)
STAGE_RANK = Case(
    *(When(stage=stage, then=Value(rank)) for rank, stage in enumerate(Stage)),
    output_field=IntegerField(),
)


def with_progress(rows: QuerySet) -> QuerySet:
    """Add `stage`, `members_count`, `answered`, `asked`, `progress` (percent), `index`, `index_is_final`, `last_activity`."""
    current = official().exclude(state=AssessmentState.ARCHIVED).order_by("-state", "-opened_at")
    members = MEMBERS.order_by().values("collectivite").annotate(n=Count("pk")).values("n")
    activity = official().order_by().values("collectivite").annotate(last=Max(LAST_ANSWER))
    closed_index = Subquery(CLOSED.values("index")[:1])
    return rows.annotate(
        stage=STAGE,
        members_count=Coalesce(Subquery(members), 0),
        answered=Subquery(current.values("answered")[:1]),
        asked=Subquery(current.values("asked")[:1]),
        progress=F("answered") * 100 / NullIf(F("asked"), 0),
        closed_index=closed_index,
        index=Coalesce(closed_index, Subquery(OPEN.values("index")[:1])),
        last_activity=Subquery(activity.values("last")[:1]),
    )


def needing(rows: QuerySet, attention: str, *, at: datetime) -> QuerySet:
    """Keep those that an adviser should call: stuck, or silent."""
    if attention == Attention.STUCK:
        idle = OPEN.annotate(last=LAST_ANSWER).filter(last__lt=at - STUCK_AFTER)
        return rows.filter(Exists(idle))
    long_ago = at - SILENT_AFTER
    called = Exists(INVITED.filter(created_at__lt=long_ago)) | Exists(
        MEMBERS.filter(decided_at__lt=long_ago)
    )
    begun = official().exclude(state=AssessmentState.ARCHIVED)
    return rows.filter(called).exclude(Exists(begun))


def of_letter(rows: QuerySet, letter: str) -> QuerySet:
    """Keep those whose index earns this letter; the rows come from `with_progress`."""
    floors = {Letter(name): floor for floor, name in THRESHOLDS}
    above = [floor for floor in floors.values() if floor > floors[Letter(letter)]]
    wanted = Q(index__gte=floors[Letter(letter)])
    return rows.filter(wanted & Q(index__lt=min(above)) if above else wanted)
