"""The work of a team: eight threads that do the same thing at once do it once."""

import pytest

from questions.discussing import add_remark
from questions.evidence import PIECES_MAX, TooManyPieces, add_evidence
from questions.marking import mark
from questions.models import Discussion, Evidence, Mark, Question, Remark, Share, ThemeReview
from questions.reviewing import submit_theme
from questions.sharing import share
from tests.questions.factories import MORNING
from tests.questions.test_at_once import THREADS, at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def question(together) -> Question:
    return Question.objects.select_related("theme").get(code="ACH1")


def all_went_well(outcomes) -> bool:
    return not [outcome for outcome in outcomes if isinstance(outcome, Exception)]


def test_a_theme_given_eight_times_is_given_once_and_told_once(
    together, question, alice, bob, mailoutbox
):
    done = {"assessment": together, "theme": question.theme, "by": alice, "at": MORNING}

    outcomes = at_once(*[lambda: share(person=bob, **done)] * THREADS)

    assert all_went_well(outcomes)
    assert Share.objects.get().person == bob
    assert len(mailoutbox) == 1


def test_a_theme_given_to_two_people_is_in_the_hands_of_one(together, question, alice, bob):
    done = {"assessment": together, "theme": question.theme, "by": alice, "at": MORNING}

    outcomes = at_once(lambda: share(person=bob, **done), lambda: share(person=alice, **done))

    assert all_went_well(outcomes)
    assert Share.objects.get().person in (alice, bob)


def test_the_same_remark_mark_and_submission_are_one_each(
    together, question, alice, bob, mailoutbox
):
    of_it = {"assessment": together, "by": alice, "at": MORNING}

    outcomes = at_once(
        *[lambda: add_remark(question=question, text="Vu ?", mentioned=[bob], **of_it)] * THREADS,
        *[lambda: mark(question=question, marked=True, **of_it)] * THREADS,
        *[lambda: submit_theme(theme=question.theme, **of_it)] * THREADS,
    )

    assert all_went_well(outcomes)
    counts = [model.objects.count() for model in (Discussion, Remark, Mark, ThemeReview)]
    assert counts == [1, 1, 1, 1]
    assert len(mailoutbox) == 2


def test_the_same_file_is_one_piece_and_no_question_takes_more_than_twenty(
    together, question, alice
):
    def adding(name):
        return lambda: add_evidence(
            assessment=together,
            question=question,
            name=name,
            content=b"vu",
            by=alice,
            at=MORNING,
        )

    assert all_went_well(at_once(*[adding("0.txt")] * THREADS))
    assert Evidence.objects.count() == 1

    for number in range(1, PIECES_MAX - 3):
        adding(f"{number}.txt")()
    outcomes = at_once(*[adding(f"de-plus-{number}.txt") for number in range(THREADS)])

    assert Evidence.objects.count() == PIECES_MAX
    assert sum(isinstance(outcome, TooManyPieces) for outcome in outcomes) == THREADS - 3
