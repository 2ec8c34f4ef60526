"""What of a figure is impossible, and what is only surprising: pure.

The impossible is refused. The surprising is kept, and whoever gives it is asked to check it, or to say why in a comment.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from questions.enums import AnswerState, QuestionKind
from questions.models import Question
from questions.scoring import AnswerFacts

# No decision, contract or machine that level 2 asks about is older, nor planned further ahead.
FIRST_DAY = date(1980, 1, 1)
LAST_DAY = date(2060, 12, 31)


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
        "Vous orientez vers le réemploi plus de matériels que vous n’en réformez. Vérifiez les deux nombres.",
    ),
    Pair(
        "ACH2B",
        "ACH2A",
        "La part de réemploi dépasse la dépense de l’année. Vérifiez les deux montants.",
    ),
    Pair(
        "ACH6B",
        "ACH6A",
        "Plus de marchés avec une clause environnementale que de marchés. Vérifiez les deux nombres.",
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


def is_surprising(question: Question, number: Decimal | None) -> bool:
    """Tell whether a figure is out of what the editors hold for plausible."""
    if number is None:
        return False
    low, high = question.plausible_minimum, question.plausible_maximum
    return (low is not None and number < low) or (high is not None and number > high)


def incoherences(answers: Mapping[str, AnswerFacts]) -> dict[str, str]:
    """Return, by code of the part, what two answers of one assessment say that cannot both be true."""
    return {
        pair.part: pair.sentence
        for pair in PAIRS
        if _exceeds(answers.get(pair.part), answers.get(pair.whole))
    }


def partners(codes: Iterable[str]) -> frozenset[str]:
    """Return the codes of the questions whose warning may change with these answers."""
    codes = set(codes)
    return frozenset(pair.part for pair in PAIRS if codes & {pair.part, pair.whole})


def _exceeds(part: AnswerFacts | None, whole: AnswerFacts | None) -> bool:
    given = [
        answer.number if answer and answer.state == AnswerState.ANSWERED else None
        for answer in (part, whole)
    ]
    return None not in given and given[0] > given[1]
