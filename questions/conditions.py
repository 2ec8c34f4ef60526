"""Which questions are asked: one pure function, used by pages, progress, score, exports and simulation."""

from collections.abc import Iterable
from dataclasses import dataclass

from questions.enums import AnswerState
from questions.scoring import BANDED, AnswerFacts, Answers, QuestionFacts, band


@dataclass(frozen=True)
class Profile:
    """What of a collectivité decides which questions it is asked."""

    kind: str
    population: int | None = None
    without: frozenset[str] = frozenset()
    """The facts (`enums.ProfileFact`) that were said not to be its own; one that nobody stated asks all the same."""


def visible(
    questions: Iterable[QuestionFacts], profile: Profile, answers: Answers
) -> tuple[QuestionFacts, ...]:
    """Return the questions asked of this profile with these answers, in their order.

    A conditional question is asked when the one it depends on is asked itself and has one of the expected answers. One
    that depends on nothing known, or on itself, is not asked.
    """
    questions = tuple(questions)
    by_code = {question.code: question for question in questions}
    decided: dict[str, bool] = {}

    def is_asked(question: QuestionFacts) -> bool:
        if question.code not in decided:
            decided[question.code] = False  # a chain that comes back here stops
            decided[question.code] = applies(question, profile) and condition_met(question)
        return decided[question.code]

    def condition_met(question: QuestionFacts) -> bool:
        if not question.condition_code:
            return True
        asker = by_code.get(question.condition_code)
        if asker is None or not is_asked(asker):
            return False
        given = answered_codes(asker, answers.get(asker.code))
        return not given.isdisjoint(question.condition_answers)

    return tuple(question for question in questions if is_asked(question))


def applies(question: QuestionFacts, profile: Profile) -> bool:
    """Tell whether a question concerns a kind, its facts and a population.

    Bounds are included; an unknown population meets no bound.
    """
    if question.applies_to_kinds and profile.kind not in question.applies_to_kinds:
        return False
    if not profile.without.isdisjoint(question.applies_to_facts):
        return False
    if question.min_population is None and question.max_population is None:
        return True
    if profile.population is None:
        return False
    above = question.min_population is None or profile.population >= question.min_population
    return above and (
        question.max_population is None or profile.population <= question.max_population
    )


def answered_codes(question: QuestionFacts, answer: AnswerFacts | None) -> frozenset[str]:
    """Return the codes an answer stands for: « oui », an option, several, or the band of a number."""
    if answer is None or answer.state != AnswerState.ANSWERED:
        return frozenset()
    if question.kind in BANDED:
        reached = band(question, answer.number)
        return frozenset({reached.code} if reached else ())
    return frozenset({answer.choice} if answer.choice else answer.choices)
