"""What an assessment calls for: one proposal per measure, from the unfavourable answers. Pure.

Order: priority of the measure, then gain for the environment by effort, then what it weighs in the index.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from plans.simulation import Simulation, is_unfavourable
from plans.target import EFFORT_DAYS, PRIORITY_RANK, Candidate
from questions.conditions import visible
from questions.enums import ThreeSteps

GAIN_POINTS = {ThreeSteps.LOW: 1, ThreeSteps.MEDIUM: 2, ThreeSteps.HIGH: 3}


@dataclass(frozen=True)
class MeasureFacts:
    """What of a measure decides its place; `questions` are the codes of those it answers."""

    code: str
    effort: str
    gain: str
    priority: str
    questions: tuple[str, ...]

    @property
    def candidate(self) -> Candidate:
        return Candidate(self.code, self.effort, self.priority)


@dataclass(frozen=True)
class Proposal:
    """A measure, the questions whose answer calls for it, and the points of the index (0–100, exact) it would bring alone."""

    measure: MeasureFacts
    questions: tuple[str, ...]
    brings: Fraction

    @property
    def code(self) -> str:
        return self.measure.code


def propose(measures: Iterable[MeasureFacts], simulation: Simulation) -> list[Proposal]:
    """Return the measures that unfavourable answers call for, first what to do first."""
    unfavourable = unfavourable_questions(simulation)
    here = percent(simulation.now.score)
    found = []
    for measure in measures:
        calling = tuple(code for code in measure.questions if code in unfavourable)
        if calling:
            there = percent(simulation.with_questions(measure.questions).score)
            found.append(Proposal(measure, calling, there - here))
    return sorted(found, key=_place)


def unfavourable_questions(simulation: Simulation) -> set[str]:
    """Return the codes of the visible questions whose answer earns less than the best."""
    asked = visible(simulation.questions, simulation.profile, simulation.answers)
    return {q.code for q in asked if is_unfavourable(q, simulation.answers.get(q.code))}


def questions_of(measures: Mapping[str, MeasureFacts], codes: Iterable[str]) -> set[str]:
    """Return the questions that these measures answer."""
    return {question for code in codes if code in measures for question in measures[code].questions}


def percent(score) -> Fraction:
    return 100 * score.points / score.possible if score.possible else Fraction(0)


def _place(proposal: Proposal) -> tuple:
    measure = proposal.measure
    gain_for_effort = Fraction(GAIN_POINTS[measure.gain], EFFORT_DAYS[measure.effort])
    return PRIORITY_RANK[measure.priority], -gain_for_effort, -proposal.brings, measure.code
