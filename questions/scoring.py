"""The index of an assessment: pure functions on plain values, exact until the last rounding.

Rule: docs/architecture.md, « L’indice ». Everything here takes the questions that are *visible*
(`conditions.visible`); which ones are is not decided here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import floor

from questions.enums import AnswerState, Letter, QuestionKind, YesNo

FORMULA_VERSION = 1
"""Stored with each closed assessment; raise it whenever the same answers would give another index."""

# Whole percents from which a letter is earned, best first. Same source.
THRESHOLDS: tuple[tuple[int, Letter], ...] = (
    (80, Letter.A),
    (60, Letter.B),
    (40, Letter.C),
    (20, Letter.D),
    (0, Letter.E),
)
BANDED = frozenset({QuestionKind.NUMBER, QuestionKind.PERCENT, QuestionKind.AMOUNT})
STORED_PLACES = Decimal("0.0001")


@dataclass(frozen=True)
class OptionFacts:
    """An option, or the band of a question in figures that begins at `lower_bound` (None: at the bottom)."""

    code: str
    points: Decimal
    lower_bound: Decimal | None = None


@dataclass(frozen=True)
class QuestionFacts:
    code: str
    theme: str = ""
    kind: str = QuestionKind.YES_NO
    weight: int = 1
    options: tuple[OptionFacts, ...] = ()
    condition_code: str = ""
    condition_answers: frozenset[str] = frozenset()
    applies_to_kinds: frozenset[str] = frozenset()
    applies_to_facts: frozenset[str] = frozenset()
    min_population: int | None = None
    max_population: int | None = None


@dataclass(frozen=True)
class AnswerFacts:
    state: str = AnswerState.ANSWERED
    choice: str = ""
    choices: tuple[str, ...] = ()
    number: Decimal | None = None
    to_confirm: bool = False


Answers = Mapping[str, AnswerFacts]
"""Answers by code of question."""


@dataclass(frozen=True)
class Score:
    """Points obtained of the points possible, both in weights of questions."""

    points: Fraction = Fraction(0)
    possible: Fraction = Fraction(0)

    @property
    def index(self) -> int | None:
        """Whole percent, rounded half up; None when nothing can be scored."""
        if not self.possible:
            return None
        return floor(100 * self.points / self.possible + Fraction(1, 2))

    def __add__(self, other: "Score") -> "Score":
        return Score(self.points + other.points, self.possible + other.possible)


def letter(index: int | None) -> Letter | None:
    """Return the letter of a whole percent 0–100; None when there is no index."""
    if index is None:
        return None
    return next(letter for threshold, letter in THRESHOLDS if index >= threshold)


def score(visible: Iterable[QuestionFacts], answers: Answers) -> Score:
    """Return the score of visible questions; what has no answer counts 0, « non concerné » does not count."""
    return sum((_question_score(q, answers.get(q.code)) for q in visible), Score())


def score_by_theme(visible: Iterable[QuestionFacts], answers: Answers) -> dict[str, Score]:
    """Return the score of each theme that has a visible question, in the order of the questions."""
    scores: dict[str, Score] = {}
    for question in visible:
        earned = _question_score(question, answers.get(question.code))
        scores[question.theme] = scores.get(question.theme, Score()) + earned
    return scores


def losses(visible: Iterable[QuestionFacts], answers: Answers) -> dict[str, Fraction]:
    """Return, for each answer that is not the best, how many points of the index it costs, out of 100.

    « Ne sait pas » and unanswered questions are left out: they are lost until one looks, not because of what one does.
    """
    visible = tuple(visible)
    possible = score(visible, answers).possible
    lost = {}
    for question in visible:
        answer = answers.get(question.code)
        if question.weight and is_unfavourable(question, answer):
            missed = question.weight * (1 - share(question, answer))
            lost[question.code] = 100 * missed / possible
    return lost


def is_unfavourable(question: QuestionFacts, answer: AnswerFacts | None) -> bool:
    """Tell whether an answer was given that is not the best: a « non », or less than could be."""
    return (
        answer is not None
        and answer.state == AnswerState.ANSWERED
        and best_points(question) > 0
        and share(question, answer) < 1
    )


def share(question: QuestionFacts, answer: AnswerFacts | None) -> Fraction:
    """Return what part of its best a question earns, from 0 to 1."""
    best = best_points(question)
    if answer is None or answer.state != AnswerState.ANSWERED or best <= 0:
        return Fraction(0)
    return min(Fraction(1), max(Fraction(0), Fraction(_points(question, answer)) / best))


def best_points(question: QuestionFacts) -> Fraction:
    """Return the points of the best option; several-of is capped at it. 0: the question is not scored."""
    if question.kind == QuestionKind.YES_NO:
        return Fraction(1)
    if question.kind in (QuestionKind.TEXT, QuestionKind.NAME, QuestionKind.DATE):
        return Fraction(0)
    return Fraction(max((option.points for option in question.options), default=0))


def band(question: QuestionFacts, number: Decimal | None) -> OptionFacts | None:
    """Return the band in which a number falls: the one with the highest lower bound, that bound included."""
    reached = [
        option
        for option in question.options
        if number is not None and (option.lower_bound is None or option.lower_bound <= number)
    ]
    bottom = Decimal("-Infinity")
    return max(
        reached, key=lambda o: bottom if o.lower_bound is None else o.lower_bound, default=None
    )


def stored(value: Fraction) -> Decimal:
    """Return points as the database keeps them; the index is never computed from these."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(STORED_PLACES, ROUND_HALF_UP)


def _question_score(question: QuestionFacts, answer: AnswerFacts | None) -> Score:
    if answer is not None and answer.state == AnswerState.NOT_APPLICABLE:
        return Score()
    if best_points(question) <= 0:
        return Score()
    return Score(question.weight * share(question, answer), Fraction(question.weight))


def _points(question: QuestionFacts, answer: AnswerFacts) -> Decimal | int:
    if question.kind == QuestionKind.YES_NO:
        return int(answer.choice == YesNo.YES)
    if question.kind in BANDED:
        reached = band(question, answer.number)
        return reached.points if reached else 0
    chosen = {answer.choice} if question.kind == QuestionKind.ONE_OF else set(answer.choices)
    return sum((option.points for option in question.options if option.code in chosen), Decimal(0))
