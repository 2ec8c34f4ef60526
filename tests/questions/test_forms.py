"""What people type in an answer."""

from datetime import date
from decimal import Decimal

import pytest

from questions.answering import Value
from questions.enums import AnswerState, QuestionKind
from questions.forms import COMMENT_MAX, AnswerForm, bounds_in_words
from questions.models import Answer, Option, Question
from questions.wording import in_words


def form(kind=QuestionKind.YES_NO, stored=None, options=(), traits=None, **posted) -> AnswerForm:
    question = Question(pk=7, kind=kind, **(traits or {}))
    data = {f"q7-{name}": text for name, text in posted.items()}
    return AnswerForm(question, options, stored, data)


def answered(**columns) -> Value:
    return Value(state=AnswerState.ANSWERED, **columns)


OPTIONS = (Option(code="a", label="Une"), Option(code="b", label="Deux"))


@pytest.mark.parametrize(
    ("kind", "posted", "expected"),
    [
        (QuestionKind.YES_NO, {"state": "oui"}, answered(choice="oui")),
        (QuestionKind.YES_NO, {"state": "ne-sait-pas"}, Value(state=AnswerState.UNKNOWN)),
        (QuestionKind.ONE_OF, {"state": "b"}, answered(choice="b")),
        (
            QuestionKind.SEVERAL_OF,
            {"value": ["a", "b"], "state": "valeur"},
            answered(choices=("a", "b")),
        ),
        (QuestionKind.SEVERAL_OF, {"value": ["a"]}, answered(choices=("a",))),
        (QuestionKind.NUMBER, {"value": "12,5"}, answered(number=Decimal("12.5"))),
        (QuestionKind.NUMBER, {"value": "1 200"}, answered(number=Decimal(1200))),
        (QuestionKind.NUMBER, {"value": "1\u202f200"}, answered(number=Decimal(1200))),
        (QuestionKind.NUMBER, {"value": "1.200"}, answered(number=Decimal(1200))),
        (QuestionKind.NUMBER, {"value": "environ 12"}, answered(number=Decimal(12))),
        (QuestionKind.NUMBER, {"value": "−3"}, answered(number=Decimal(-3))),
        (QuestionKind.PERCENT, {"value": "12,5 %"}, answered(number=Decimal("12.5"))),
        (QuestionKind.AMOUNT, {"value": "1 200 €"}, answered(number=Decimal(1200))),
        (QuestionKind.DATE, {"value": "2026-02-01"}, answered(date=date(2026, 2, 1))),
        (QuestionKind.DATE, {"value": "01/02/2026"}, answered(date=date(2026, 2, 1))),
        (QuestionKind.TEXT, {"value": " a\r\nb "}, answered(text="a\nb")),
    ],
)
def test_it_is_read_as_french_people_write_it(kind, posted, expected):
    given = form(kind, options=OPTIONS, **posted)

    assert given.is_valid(), given.errors
    assert given.given().value == expected


@pytest.mark.parametrize(
    ("kind", "posted", "word"),
    [
        (QuestionKind.YES_NO, {"state": "peut-être"}, "proposées"),
        (QuestionKind.YES_NO, {"state": "non-concerne"}, "proposées"),
        (QuestionKind.NUMBER, {"value": "douze"}, "12,5"),
        (QuestionKind.NUMBER, {"value": "NaN"}, "12,5"),
        (QuestionKind.NUMBER, {"value": "1,234"}, "2"),
        (QuestionKind.NUMBER, {"value": "n.c."}, "Ne sait pas"),
        (QuestionKind.PERCENT, {"value": "120 %"}, "entre 0 et 100\u00a0%"),
        (QuestionKind.DATE, {"value": "1890-05-12"}, "entre 01/01/1980 et 31/12/2060"),
        (QuestionKind.PERCENT, {"value": "101"}, "100"),
        (QuestionKind.PERCENT, {"value": "-1"}, "0"),
        (QuestionKind.AMOUNT, {"value": "-1"}, "0"),
        (QuestionKind.DATE, {"value": "31/02/2026"}, "date"),
        (QuestionKind.SEVERAL_OF, {"value": ["c"]}, "c"),
        (QuestionKind.NUMBER, {"value": "3", "state": "ne-sait-pas"}, "Gardez l’un des deux"),
        (QuestionKind.YES_NO, {"comment": "sans réponse"}, "Choisissez aussi une réponse"),
        (QuestionKind.YES_NO, {"state": "oui", "comment": "x" * (COMMENT_MAX + 1)}, "10000"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(kind, posted, word):
    given = form(kind, options=OPTIONS, **posted)

    assert not given.is_valid()
    assert word in " ".join(given.sentences)
    for name, text in posted.items():
        assert given[name].value() == text


def test_a_bound_below_two_is_singular():
    assert bounds_in_words(Decimal(1), None, "serveurs") == (
        "Donnez un nombre d’au moins 1\u00a0serveur."
    )
    assert bounds_in_words(Decimal(0), Decimal(9), "jours par an") == (
        "Donnez un nombre entre 0 et 9\u00a0jours par an."
    )


@pytest.mark.parametrize(
    ("traits", "typed", "valid"),
    [
        ({"minimum": 2}, "1", False),
        ({"minimum": 2}, "2", True),
        ({"maximum": 9}, "10", False),
    ],
)
def test_a_figure_stays_within_its_bounds(traits, typed, valid):
    assert form(QuestionKind.NUMBER, traits=traits, value=typed).is_valid() is valid


@pytest.mark.parametrize("kind", list(QuestionKind))
def test_nothing_is_no_error_as_long_as_nothing_is_stored(kind):
    given = form(kind, options=OPTIONS, version="0")

    assert given.is_valid()
    assert given.given() is None


def test_an_answer_is_not_taken_away_by_emptying_it():
    stored = Answer(state=AnswerState.ANSWERED, number=Decimal(3), version=2)

    assert not form(QuestionKind.NUMBER, stored, value="", version="2").is_valid()


def test_a_question_that_the_page_showed_blank_may_stay_so_when_somebody_else_answered_it():
    theirs = Answer(state=AnswerState.ANSWERED, number=Decimal(3), version=1)

    given = form(QuestionKind.NUMBER, theirs, value="", version="0")

    assert given.is_valid()
    assert given.given() is None


def test_a_comment_of_ten_thousand_characters_counts_ends_of_lines_once():
    text = ("x" * 99 + "\r\n") * 100

    assert form(state="oui", comment=text[:-2]).is_valid()


def test_not_concerned_is_offered_where_it_is_allowed():
    given = form(traits={"allows_not_applicable": True}, state="non-concerne")

    assert given.is_valid()
    assert given.given().value == Value(state=AnswerState.NOT_APPLICABLE)


@pytest.mark.parametrize(
    ("kind", "columns", "typed", "words"),
    [
        (QuestionKind.YES_NO, {"choice": "oui"}, None, "Oui"),
        (QuestionKind.ONE_OF, {"choice": "b"}, None, "Deux"),
        (QuestionKind.SEVERAL_OF, {"choices": ["a", "b"]}, ["a", "b"], "Une, Deux"),
        (QuestionKind.NUMBER, {"number": Decimal("1200.50")}, "1200,5", "1\u202f200,5"),
        (QuestionKind.NUMBER, {"number": Decimal(-1200)}, "-1200", "−1\u202f200"),
        (QuestionKind.PERCENT, {"number": Decimal("20.00")}, "20", "20\u00a0%"),
        (QuestionKind.AMOUNT, {"number": Decimal(0)}, "0", "0\u00a0€"),
        (QuestionKind.TEXT, {"text": "Une charte"}, "Une charte", "Une charte"),
        (QuestionKind.DATE, {"date": date(2026, 2, 1)}, date(2026, 2, 1), "01/02/2026"),
    ],
)
def test_what_is_stored_is_shown_again_in_the_form_and_in_words(kind, columns, typed, words):
    question = Question(pk=7, kind=kind)
    stored = Answer(state=AnswerState.ANSWERED, version=4, **columns)

    shown = AnswerForm(question, OPTIONS, stored)

    assert shown["version"].value() == 4
    if typed is not None:
        assert shown["value"].value() == typed
    assert in_words(question, OPTIONS, stored) == words


@pytest.mark.parametrize(
    ("state", "words"), [("unknown", "Ne sait pas"), ("not_applicable", "Non concerné")]
)
def test_the_two_other_states_have_their_words(state, words):
    assert in_words(Question(), (), Answer(state=state)) == words
    assert in_words(Question(), (), None) == ""
