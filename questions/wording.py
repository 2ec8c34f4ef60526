"""An answer in words, as pages, messages and exports write it."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.template.defaultfilters import date as date_format

from questions.enums import CHOSEN, AnswerState, QuestionKind, YesNo
from questions.models import Answer, Option, Question

if TYPE_CHECKING:  # what is answered is written in these words
    from questions.answering import Value

NARROW_NO_BREAK_SPACE = "\u202f"
NO_BREAK_SPACE = "\u00a0"
USUAL_UNITS = {QuestionKind.PERCENT: "%", QuestionKind.AMOUNT: "€"}
# What follows one of these is no part of what is counted: « pages par an », « postes de travail ».
LINKS = frozenset(("par", "de", "du", "des", "à", "au", "aux", "en", "dans", "sur", "pour", "hors"))
SAME_IN_BOTH = frozenset(("mois", "fois", "pays", "avis", "cas", "temps", "accès", "relais", "bus"))


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
    if question.kind in CHOSEN:
        chosen = {answer.choice, *answer.choices}
        return ", ".join(option.label for option in options if option.code in chosen)
    if question.kind in (QuestionKind.TEXT, QuestionKind.NAME):
        return answer.text
    if question.kind == QuestionKind.DATE:
        return french_date(answer.date)
    return with_unit(answer.number, unit_of(question))


def with_unit(number: Decimal, unit: str) -> str:
    """Return « 12 serveurs », « 1,5 an », « 8 To »: French is singular below two; the number alone without unit."""
    if not unit:
        return french_number(number)
    return f"{french_number(number)}{NO_BREAK_SPACE}{singular(unit) if abs(number) < 2 else unit}"


def singular(unit: str) -> str:
    """Return « jeu de données » for « jeux de données »; symbols stay as they are: To, m², kWh par an."""
    words = unit.split(" ")
    counted = next((n for n, word in enumerate(words) if _links(word)), len(words))
    return " ".join([*map(_singular, words[:counted]), *words[counted:]])


def french_date(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def long_date(day: date) -> str:
    """Return « 1er février 2027 »; of a moment, in the time zone that it is given in."""
    written = date_format(day, "j F Y")
    return f"1er{written[1:]}" if written.startswith("1 ") else written


def french_number(number: Decimal) -> str:
    """Return 1 200 or 12,5: no useless zero, thousands apart."""
    whole, _, decimals = f"{number.normalize():f}".partition(".")
    sign, digits = ("−", whole[1:]) if whole.startswith("-") else ("", whole)
    grouped = f"{int(digits):,}".replace(",", NARROW_NO_BREAK_SPACE)
    return sign + grouped + (f",{decimals}" if decimals else "")


def _links(word: str) -> bool:
    return word in LINKS or word.startswith("d’")


def _singular(word: str) -> str:
    if word in SAME_IN_BOTH or len(word) < 3 or "/" in word or word != word.lower():
        return word
    if word.endswith(("eaux", "eux")):
        return word[:-1]
    if word.endswith("aux"):
        return f"{word[:-3]}al"
    return word.removesuffix("s")
