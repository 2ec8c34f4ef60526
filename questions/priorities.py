"""Which measures to take first: pure. The order is that of the readers: what matters most, then what gives most for least.

It is the one order of the results, of the exports and of the plans.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from questions.enums import Cost, Priority, ThreeSteps
from questions.scoring import stored

SHOWN = 6  # on a screen; « six mesures prioritaires »
PRIORITY_RANK = {Priority.HIGH: 0, Priority.MEDIUM: 1, Priority.LOW: 2}
GAIN_POINTS = {ThreeSteps.LOW: 1, ThreeSteps.MEDIUM: 2, ThreeSteps.HIGH: 3}
# An hour to a day, a few days, a project (meaning of the three efforts of a measure), in days of somebody's work.
EFFORT_DAYS = {ThreeSteps.LOW: 1, ThreeSteps.MEDIUM: 3, ThreeSteps.HIGH: 8}
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


def proposals(lost: Iterable[tuple[MeasureFacts, Fraction]]) -> list[Proposal]:
    """Return the measures of (measure, points lost by a question that leads to it) pairs, those to take first at the top.

    A measure of several questions adds theirs.
    """
    points: dict[MeasureFacts, Fraction] = {}
    for measure, missed in lost:
        points[measure] = points.get(measure, Fraction(0)) + missed
    first_on_top = sorted(points.items(), key=lambda pair: rank(*pair))
    return [Proposal(measure, stored(total)) for measure, total in first_on_top]


def rank(measure: MeasureFacts, points: Fraction) -> tuple:
    """Return the place of a measure: priority, gain for a day of work, points of the index to win back, then the cheapest."""
    return (
        PRIORITY_RANK[measure.priority],
        -Fraction(GAIN_POINTS[measure.gain], EFFORT_DAYS[measure.effort]),
        -points,
        COST_RANK[measure.cost],
        measure.code,
    )
