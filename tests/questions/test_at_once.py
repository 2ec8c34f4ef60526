"""R-01, R-02: several people at the same moment, each in a transaction of her own."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from questions.answering import AnswerConflict, GivenAnswer, record_answer
from questions.closing import close_assessment
from questions.enums import AssessmentState
from questions.models import Answer, AnswerHistory, Assessment, Question, ThemeScore
from questions.opening import open_assessment
from tests.questions.factories import MORNING, answer, value

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

THREADS = 8


def at_once(*acts) -> list:
    """Run the acts in threads that start together; return what each returned or raised."""
    barrier = Barrier(len(acts))

    def run(act):
        try:
            barrier.wait()
            return act()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def saying(assessment, by, text: str, version: int = 0):
    question = Question.objects.get(code="ACH1")
    given = GivenAnswer(question, value(text), version)
    return lambda: record_answer(assessment=assessment, given=given, by=by, at=MORNING)


def test_of_two_first_answers_one_is_saved_and_the_other_told(assessment, alice, bob):
    outcomes = at_once(saying(assessment, alice, "oui"), saying(assessment, bob, "non"))

    conflicts = [outcome for outcome in outcomes if isinstance(outcome, AnswerConflict)]
    saved = Answer.objects.get()
    assert len(conflicts) == 1
    assert {saved.choice, conflicts[0].mine.value.choice} == {"oui", "non"}
    assert conflicts[0].theirs.choice == saved.choice
    assert AnswerHistory.objects.count() == 1


def test_of_two_changes_one_is_saved_and_the_other_told(assessment, alice, bob):
    answer(assessment, by=alice, ACH1="nsp")

    outcomes = at_once(
        saying(assessment, alice, "oui", version=1), saying(assessment, bob, "non", version=1)
    )

    assert sum(isinstance(outcome, AnswerConflict) for outcome in outcomes) == 1
    assert list(AnswerHistory.objects.order_by("version").values_list("version", flat=True)) == [
        1,
        2,
    ]


def test_eight_threads_that_say_the_same_make_one_answer(assessment, alice):
    outcomes = at_once(*[saying(assessment, alice, "oui")] * THREADS)

    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert Answer.objects.get().version == 1
    assert ThemeScore.objects.count() == 2


def test_answers_to_different_questions_are_all_in_the_score(assessment, alice):
    def saying_yes(code):
        given = GivenAnswer(Question.objects.get(code=code), value("oui"))
        return lambda: record_answer(assessment=assessment, given=given, by=alice, at=MORNING)

    at_once(*[saying_yes(code) for code in ("ACH1", "ACH2", "PAR1")])

    assessment.refresh_from_db()
    assert (assessment.answered, assessment.index) == (3, 100)


def test_eight_threads_open_one_assessment(edition, commune, alice, bob):
    def opening(by):
        return lambda: open_assessment(collectivite=commune, by=by, at=MORNING)

    outcomes = at_once(*[opening(alice), opening(bob)] * (THREADS // 2))

    assert {outcome.pk for outcome in outcomes} == {Assessment.objects.get().pk}


def test_nothing_is_written_after_closing(assessment, alice, bob):
    answer(assessment, by=alice, ACH1="oui", ACH2="oui", PAR1="oui")
    later = MORNING + timedelta(hours=1)

    at_once(
        lambda: close_assessment(assessment=assessment, by=alice, at=later),
        saying(assessment, bob, "non", version=1),
    )

    assessment.refresh_from_db()
    saved = Answer.objects.get(question__code="ACH1").choice
    assert assessment.state == AssessmentState.CLOSED
    assert (saved, assessment.index) in {("oui", 100), ("non", 80)}
