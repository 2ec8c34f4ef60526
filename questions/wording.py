"""An answer in words, as pages, messages and exports write it."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from questions.enums import AnswerState, QuestionKind, YesNo
from questions.models import Answer, Option, Question

if TYPE_CHECKING:  # what is answered is written in these words
    from questions.answering import Value

NARROW_NO_BREAK_SPACE = "\u202f"
NO_BREAK_SPACE = "\u00a0"
USUAL_UNITS = {QuestionKind.PERCENT: "%", QuestionKind.AMOUNT: "€"}


def unit_of(question: Question) -> str:
    """Return the unit a figure is written with; empty when it has none."""
    return question.unit or USUAL_UNITS.get(question.kind, "")


def in_words(question: Question, options: Iterable[Option], answer: "Answer | Value | None") -> str:
    """Return « Oui », « Ne sait pas », the labels of the options chosen, « 12,5 % », or "" without answer."""
    if answer is None:
        return ""
    if answer.state != AnswerState.ANSWERED:
        return AnswerState(answer.state).label.capitalize()
    if question.kind == QuestionKind.YES_NO:
        return YesNo(answer.choice).label
    if question.kind in (QuestionKind.ONE_OF, QuestionKind.SEVERAL_OF):
        chosen = {answer.choice, *answer.choices}
        return ", ".join(option.label for option in options if option.code in chosen)
    if question.kind in (QuestionKind.TEXT, QuestionKind.NAME):
        return answer.text
    if question.kind == QuestionKind.DATE:
        return french_date(answer.date)
    unit = unit_of(question)
    return french_number(answer.number) + (f"{NO_BREAK_SPACE}{unit}" if unit else "")


def french_date(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def french_number(number: Decimal) -> str:
    """Return 1 200 or 12,5: no useless zero, thousands apart."""
    whole, _, decimals = f"{number.normalize():f}".partition(".")
    sign, digits = ("−", whole[1:]) if whole.startswith("-") else ("", whole)
    grouped = f"{int(digits):,}".replace(",", NARROW_NO_BREAK_SPACE)
    return sign + grouped + (f",{decimals}" if decimals else "")
