"""Which measures to take first: pure. The order is that of the readers: what matters most, then what gives most for least."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from questions.enums import Cost, Priority, ThreeSteps

SHOWN = 6  # on a screen; « six mesures prioritaires »
PRIORITY_RANK = {Priority.HIGH: 0, Priority.MEDIUM: 1, Priority.LOW: 2}
STEPS = {ThreeSteps.LOW: 1, ThreeSteps.MEDIUM: 2, ThreeSteps.HIGH: 3}
COST_RANK = {Cost.NONE: 0, Cost.LOW: 1, Cost.MEDIUM: 2, Cost.HIGH: 3}


@dataclass(frozen=True)
class MeasureFacts:
    code: str
    title: str
    priority: str
    effort: str
    gain: str
    cost: str


@dataclass(frozen=True)
class Proposal:
    """A measure and the points of the index, out of 100, that the questions leading to it have lost."""

    measure: MeasureFacts
    points: Decimal

    @property
    def effort_words(self) -> str:
        return ThreeSteps(self.measure.effort).label

    @property
    def gain_words(self) -> str:
        return ThreeSteps(self.measure.gain).label

    @property
    def cost_words(self) -> str:
        return Cost(self.measure.cost).label


def proposals(lost: Iterable[tuple[MeasureFacts, Decimal]]) -> list[Proposal]:
    """Return the measures of (measure, points lost by a question that leads to it) pairs, those to take first at the top.

    By priority, then gain for the effort, then points to win, then the cheapest; a measure of several questions adds theirs.
    """
    points: dict[MeasureFacts, Decimal] = {}
    for measure, missed in lost:
        points[measure] = points.get(measure, Decimal(0)) + missed
    return sorted(
        (Proposal(measure, total) for measure, total in points.items()),
        key=lambda proposal: _rank(proposal.measure, proposal.points),
    )


def _rank(measure: MeasureFacts, points: Decimal) -> tuple:
    return (
        PRIORITY_RANK[measure.priority],
        -Fraction(STEPS[measure.gain], STEPS[measure.effort]),
        -points,
        COST_RANK[measure.cost],
        measure.code,
    )
