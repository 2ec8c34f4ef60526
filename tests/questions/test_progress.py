"""How far, and what comes next. No database."""

import pytest

from questions.enums import AnswerState
from questions.progress import ThemeProgress, progress
from questions.scoring import AnswerFacts, QuestionFacts

YES = AnswerFacts(choice="oui")
UNKNOWN = AnswerFacts(state=AnswerState.UNKNOWN)
NOT_APPLICABLE = AnswerFacts(state=AnswerState.NOT_APPLICABLE)
CARRIED = AnswerFacts(choice="oui", to_confirm=True)

ASKED = (
    QuestionFacts("A1", "achats"),
    QuestionFacts("A2", "achats"),
    QuestionFacts("P1", "parc"),
    QuestionFacts("U1", "usages"),
)


def test_nothing_is_done_at_first():
    result = progress(ASKED, {})

    assert (result.answered, result.asked) == (0, 4)
    assert result.missing == ("A1", "A2", "P1", "U1")
    assert not result.is_complete


def test_not_knowing_and_not_being_concerned_are_answers():
    result = progress(ASKED, {"A1": UNKNOWN, "A2": NOT_APPLICABLE, "P1": YES, "U1": YES})

    assert result.is_complete
    assert result.unknown == ("A1",)
    assert result.of("achats") == ThemeProgress("achats", 2, 2, not_applicable=1, unknown=1)


def test_an_answer_carried_over_waits_to_be_confirmed():
    result = progress(ASKED, {"A1": CARRIED, "A2": YES, "P1": YES, "U1": YES})

    assert (result.answered, result.asked) == (3, 4)
    assert result.to_confirm == ("A1",)
    assert result.missing == ()
    assert result.left == ("A1",)
    assert not result.is_complete


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({}, "4 sans réponse"),
        ({"A1": CARRIED, "A2": CARRIED}, "2 sans réponse, 2 à confirmer"),
        ({"A1": CARRIED, "A2": YES, "P1": YES, "U1": YES}, "1 à confirmer"),
    ],
)
def test_what_is_left_tells_what_waits_to_be_confirmed_apart(answers, words):
    assert progress(ASKED, answers).left_words == words


def test_an_answer_to_a_hidden_question_is_not_progress():
    assert progress(ASKED, {"HIDDEN": YES}).answered == 0


@pytest.mark.parametrize(
    ("answered", "after", "expected"),
    [
        ([], "achats", "parc"),
        (["P1"], "achats", "usages"),
        (["U1"], "parc", "achats"),  # comes back to what was skipped
        (["P1", "U1"], "achats", None),  # only this theme is left
        (["A1", "A2", "P1", "U1"], "usages", None),
        ([], "", "achats"),
    ],
)
def test_the_next_theme_is_the_next_one_where_something_is_left(answered, after, expected):
    answers = dict.fromkeys(answered, YES)

    assert progress(ASKED, answers).next_theme(after) == expected


def test_nothing_asked_is_not_complete():
    assert not progress((), {}).is_complete
    assert progress((), {}).of("parc") == ThemeProgress("parc")
