"""What the space of a collectivité shows first: where it stands, and the next thing to do."""

from dataclasses import dataclass
from functools import cached_property

from questions import scoring
from questions.enums import AssessmentState, EditionState, Letter, Level
from questions.models import Assessment, Questionnaire
from questions.results import Results
from questions.sheets import answer_sheet
from territories.enums import MemberRole, MemberState
from territories.models import CollectiviteMember
from territories.official_code import can_send_code


@dataclass(frozen=True)
class Dashboard:
    """`current` is the open assessment of level 1, else the last closed one, else None; `second`, the same of level 2."""

    membership: CollectiviteMember
    current: Assessment | None
    past: tuple[Assessment, ...]
    second: Assessment | None = None

    @property
    def collectivite(self):
        return self.membership.collectivite

    @property
    def is_pending(self) -> bool:
        return self.membership.state == MemberState.PENDING

    @cached_property
    def may_prove_by_code(self) -> bool:
        return self.is_pending and can_send_code(self.membership)

    @property
    def answers(self) -> bool:
        return self.is_pending or self.membership.role != MemberRole.LECTEUR

    @cached_property
    def results(self) -> Results | None:
        if self.current is None:
            return None
        return Results(self.current, answer_sheet(self.current), self.past)

    @property
    def shows_level_two(self) -> bool:
        """Once the OPSN has opened it; what was begun stays in sight."""
        is_open = self.collectivite.level_two_opened_at is not None and not self.is_pending
        return is_open or self.second is not None

    @property
    def second_letter(self) -> Letter | None:
        return scoring.letter(self.second.index) if self.second else None

    @cached_property
    def has_newer_edition(self) -> bool:
        return _has_newer_edition(self.current)

    @cached_property
    def second_has_newer_edition(self) -> bool:
        return _has_newer_edition(self.second)

    @property
    def last_closed(self) -> Assessment | None:
        if self.current and self.current.state == AssessmentState.CLOSED:
            return self.current
        return self.past[-1] if self.past else None

    @cached_property
    def team(self) -> list[CollectiviteMember]:
        """The active members; nobody for a person who waits to be accepted."""
        if self.is_pending:
            return []
        rows = CollectiviteMember.objects.active().filter(collectivite=self.collectivite)
        return list(rows.select_related("user").order_by("requested_at", "pk"))


def dashboard_of(membership: CollectiviteMember) -> Dashboard:
    """Read the dashboard of a member, or of a person who waits: then her provisional assessment alone."""
    rows = Assessment.objects.filter(collectivite=membership.collectivite)
    if membership.state == MemberState.PENDING:
        rows = rows.provisional_of(membership.user_id).open()
    else:
        rows = rows.official().exclude(state=AssessmentState.ARCHIVED)
    found = list(rows.select_related("questionnaire", "collectivite").order_by("opened_at"))
    current, past = _current_and_past([row for row in found if row.level == Level.ONE])
    second, _ = _current_and_past([row for row in found if row.level == Level.TWO])
    return Dashboard(membership, current, past, second)


def _current_and_past(
    rows: list[Assessment],
) -> tuple[Assessment | None, tuple[Assessment, ...]]:
    """Return the open one, else the last closed, and the closed ones before it, oldest first."""
    closed = [row for row in rows if row.state == AssessmentState.CLOSED]
    closed.sort(key=lambda row: row.closed_at)
    open_one = next((row for row in rows if row.is_open), None)
    current = open_one or (closed.pop() if closed else None)
    return current, tuple(closed)


def _has_newer_edition(assessment: Assessment | None) -> bool:
    """Tell whether an open assessment can go to another edition: the one it follows may be retired with no successor."""
    if assessment is None or not assessment.is_open:
        return False
    if assessment.questionnaire.state != EditionState.RETIRED:
        return False
    return Questionnaire.objects.current(assessment.level) is not None
