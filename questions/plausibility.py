"""What of a figure is impossible, and what is only surprising: pure.

The impossible is refused. The surprising is kept, and whoever gives it is asked to check it, or to say why in a comment.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from questions.enums import AnswerState, QuestionKind
from questions.models import Answer, Question

SURPRISING = (
    "Ce chiffre sort de l’ordinaire. Vérifiez-le, ou dites en commentaire pourquoi il est juste."
)


@dataclass(frozen=True)
class Pair:
    """A part and its whole, by code of question: the part is never more."""

    part: str
    whole: str
    sentence: str


PAIRS = (
    Pair(
        "PAR5B",
        "PAR5A",
        "Plus de matériels orientés vers le réemploi que de matériels réformés. Vérifiez les deux nombres, ou dites pourquoi en commentaire.",
    ),
    Pair(
        "ACH2B",
        "ACH2A",
        "La part de réemploi dépasse la dépense de l’année. Vérifiez les deux montants, ou dites pourquoi en commentaire.",
    ),
    Pair(
        "ACH6B",
        "ACH6A",
        "Plus de marchés avec une clause environnementale que de marchés. Vérifiez les deux nombres, ou dites pourquoi en commentaire.",
    ),
)


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
    for pair in PAIRS:
        part, whole = figures.get(pair.part), figures.get(pair.whole)
        if part is not None and whole is not None and part > whole:
            told[pair.part] = pair.sentence
    return {code: sentence for code, sentence in told.items() if not answers[code].comment.strip()}


def looked_at_with(code: str) -> frozenset[str]:
    """Return the codes of the questions whose warning this answer may change, its own included."""
    return frozenset({code, *(pair.part for pair in PAIRS if pair.whole == code)})


def _figure(answer: Answer | None) -> Decimal | None:
    return answer.number if answer and answer.state == AnswerState.ANSWERED else None


def _is_surprising(question: Question, figure: Decimal) -> bool:
    low, high = question.plausible_minimum, question.plausible_maximum
    return (low is not None and figure < low) or (high is not None and figure > high)
