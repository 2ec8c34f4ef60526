"""What an assessment calls for: one proposal per measure, from the unfavourable answers. Pure.

Which answers are, and the order of the measures, are those of the results of the assessment (`questions.priorities`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from plans.simulation import Simulation
from plans.target import Candidate
from questions import priorities, scoring
from questions.conditions import visible


@dataclass(frozen=True)
class MeasureFacts(priorities.MeasureFacts):
    """`questions` are the codes of those that the measure answers."""

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
    lost = lost_points(simulation)
    here = percent(simulation.now.score)
    found = []
    for measure in measures:
        calling = tuple(code for code in measure.questions if code in lost)
        if calling:
            place = priorities.rank(measure, sum(lost[code] for code in calling))
            there = percent(simulation.with_questions(measure.questions).score)
            found.append((place, Proposal(measure, calling, there - here)))
    return [proposal for _, proposal in sorted(found, key=lambda pair: pair[0])]


def lost_points(simulation: Simulation) -> dict[str, Fraction]:
    """Return what each unfavourable answer costs, by code of question, in points of the index."""
    asked = visible(simulation.questions, simulation.profile, simulation.answers)
    return scoring.losses(asked, simulation.answers)


def questions_of(measures: Mapping[str, MeasureFacts], codes: Iterable[str]) -> set[str]:
    """Return the questions that these measures answer."""
    return {question for code in codes if code in measures for question in measures[code].questions}


def percent(score) -> Fraction:
    return 100 * score.points / score.possible if score.possible else Fraction(0)
