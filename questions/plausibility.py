"""What of a figure is impossible, and what is only surprising: pure.

The impossible is refused. The surprising is kept, and whoever gives it is asked to check it, or to say why in a comment.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from questions.enums import AnswerState, QuestionKind
from questions.models import Answer, Question
from questions.wording import unit_of, with_unit

SURPRISING = (
    "Ce chiffre sort de l’ordinaire. Vérifiez-le, ou dites en commentaire pourquoi il est juste."
)


@dataclass(frozen=True)
class Parts:
    """Questions whose figures are parts of one whole, in the order in which they are asked; `whole` is None for 100 %."""

    questions: tuple[Question, ...]
    whole: Question | None


def hard_bounds(question: Question) -> tuple[Decimal | None, Decimal | None]:
    """Return the least and the most that a figure can be, bounds included; None where there is no limit."""
    lowest, highest = question.minimum, question.maximum
    if question.kind in (QuestionKind.PERCENT, QuestionKind.AMOUNT) and lowest is None:
        lowest = Decimal(0)
    if question.kind == QuestionKind.PERCENT and highest is None:
        highest = Decimal(100)
    return lowest, highest


def warnings(questions: Iterable[Question], answers: Mapping[str, Answer]) -> dict[str, str]:
    """Return, by code, what is to be checked in the answers to the questions that are asked; a comment settles it."""
    asked = {question.code: question for question in questions}
    figures = {code: figure for code in asked if (figure := _figure(answers.get(code))) is not None}
    told = {
        code: SURPRISING for code, figure in figures.items() if _is_surprising(asked[code], figure)
    }
    for parts in _parts(asked.values()):
        given = [question.code for question in parts.questions if question.code in figures]
        limit = figures.get(parts.whole.code) if parts.whole else Decimal(100)
        total = sum(figures[code] for code in given)
        if given and limit is not None and total > limit:
            told[given[-1]] = _too_much(parts, given, total, limit)
    return {code: sentence for code, sentence in told.items() if not answers[code].comment.strip()}


def looked_at_with(questions: Iterable[Question], code: str) -> frozenset[str]:
    """Return the codes of the questions whose warning this answer may change, its own included."""
    found = {code}
    for parts in _parts(questions):
        codes = {question.code for question in parts.questions}
        if code in codes or (parts.whole and parts.whole.code == code):
            found |= codes
    return frozenset(found)


def _parts(questions: Iterable[Question]) -> list[Parts]:
    """Return the questions that are parts of something, by what they are parts of (`Question.whole`)."""
    questions = list(questions)
    by_code = {question.code: question for question in questions}
    shares: dict[str, list[Question]] = {}
    counted: dict[str, list[Question]] = {}
    for question in questions:
        if question.whole:
            is_share = question.kind == QuestionKind.PERCENT
            (shares if is_share else counted).setdefault(question.whole, []).append(question)
    return [Parts(tuple(rows), None) for rows in shares.values()] + [
        Parts(tuple(rows), by_code[code]) for code, rows in counted.items() if code in by_code
    ]


def _too_much(parts: Parts, given: list[str], total: Decimal, limit: Decimal) -> str:
    if parts.whole is None:
        said = f"{_listed(given)} font ensemble {_with_unit(total, parts.questions[0])} d’un même tout."
    elif len(given) == 1:
        said = f"C’est plus que le tout : {_with_unit(limit, parts.whole)} à la question {parts.whole.code}."
    else:
        said = (
            f"{_listed(given)} font ensemble {_with_unit(total, parts.whole)}, "
            f"plus que le tout : {_with_unit(limit, parts.whole)} à la question {parts.whole.code}."
        )
    return f"{said} Vérifiez ces réponses, ou dites en commentaire pourquoi elles sont justes."


def _listed(codes: list[str]) -> str:
    *first, last = codes
    return f"{', '.join(first)} et {last}" if first else last


def _with_unit(figure: Decimal, question: Question) -> str:
    return with_unit(figure, unit_of(question))


def _figure(answer: Answer | None) -> Decimal | None:
    return answer.number if answer and answer.state == AnswerState.ANSWERED else None


def _is_surprising(question: Question, figure: Decimal) -> bool:
    low, high = question.plausible_minimum, question.plausible_maximum
    return (low is not None and figure < low) or (high is not None and figure > high)
