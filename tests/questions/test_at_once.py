"""Several people at the same moment, each in a transaction of her own."""

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection, transaction

from imports import running
from questions.answering import AnswerConflict, AssessmentClosed, GivenAnswer, record_answer
from questions.closing import close_assessment
from questions.editions import copy_edition, publish_edition
from questions.enums import AssessmentState
from questions.models import (
    Answer,
    AnswerHistory,
    Assessment,
    AssessmentProfile,
    Question,
    ThemeScore,
)
from questions.moving import move_to_current_edition
from questions.opening import open_assessment
from questions.profiling import Facts, ProfileConflict, state_profile
from questions.retention import delete_provisional
from territories.affiliation import approve_membership
from territories.enums import MemberRole
from territories.models import CollectiviteMember
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


def test_one_that_becomes_the_communes_while_the_night_passes_is_not_deleted(
    edition, commune, paul, nadia
):
    """Paul is accepted a year later, and the night reads what is stale before that is committed."""
    provisional = open_assessment(collectivite=commune, by=paul, at=MORNING)
    answer(provisional, by=paul, ACH1="oui")
    waiting = CollectiviteMember.objects.get(user=paul)
    late = MORNING + timedelta(days=366)

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        approve_membership(member=waiting, by=nadia, at=late)
        night = pool.submit(at_once, lambda: delete_provisional(at=late, dry=False))
        wait([night], timeout=1)  # it waits for the row

    assert night.result() == [0]
    assert list(Assessment.objects.official()) == [provisional]
    assert Answer.objects.count() == AnswerHistory.objects.count() == 1


def test_of_an_evaluation_begun_while_a_colleague_is_accepted_the_answers_come_together(
    edition, commune, alice, bob, paul
):
    """Bob accepts Paul, who had answered in a provisional one, before what Alice begins is committed."""
    provisional = open_assessment(collectivite=commune, by=paul, at=MORNING)
    answer(provisional, by=paul, ACH1="oui")
    waiting = CollectiviteMember.objects.get(user=paul)
    CollectiviteMember.objects.filter(user=bob).update(role=MemberRole.REFERENT)

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        official = open_assessment(collectivite=commune, by=alice, at=MORNING)
        accepting = pool.submit(
            at_once, lambda: approve_membership(member=waiting, by=bob, at=MORNING)
        )
        wait([accepting], timeout=1)  # it waits for the row

    assert accepting.result() == [waiting]
    assert list(Assessment.objects.open()) == [official]
    assert Answer.objects.get(assessment=official).author == paul


# --- Level 2


def test_eight_openings_of_level_two_make_one_with_each_answer_taken_over_once(
    edition, edition_two, level_two, alice, bob
):
    first = open_assessment(collectivite=level_two, by=alice, at=MORNING)
    answer(first, by=alice, ACH1="oui")
    acts = [
        lambda by=by: open_assessment(collectivite=level_two, level=2, by=by, at=MORNING)
        for by in [alice, bob] * 4
    ]

    outcomes = at_once(*acts)

    assert len({outcome.pk for outcome in outcomes}) == 1
    assert Assessment.objects.filter(level=2).count() == 1
    assert Answer.objects.filter(assessment__level=2).count() == 1


def test_of_two_profiles_stated_at_once_one_is_saved_with_its_scores_and_the_other_told(
    second, alice, bob
):
    facts = [Facts(stated={"serveurs": False}), Facts(stated={"site_web": False})]
    acts = [
        lambda by=by, stated=stated: state_profile(
            assessment=second, facts=stated, by=by, at=MORNING
        )
        for by, stated in zip([alice, bob], facts, strict=True)
    ]

    outcomes = at_once(*acts)

    (told,) = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    second.refresh_from_db()
    assert isinstance(told, ProfileConflict)
    assert AssessmentProfile.objects.get() == told.theirs
    assert second.asked == 4


def test_a_profile_stated_while_somebody_answers_loses_neither(second, alice, bob):
    asked = Question.objects.get(theme__questionnaire=second.questionnaire, code="ECO9")
    given = GivenAnswer(asked, value("oui"))

    outcomes = at_once(
        lambda: state_profile(
            assessment=second, facts=Facts(stated={"serveurs": False}), by=alice, at=MORNING
        ),
        lambda: record_answer(assessment=second, given=given, by=bob, at=MORNING),
    )

    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    second.refresh_from_db()
    assert (second.asked, second.answered) == (4, 1)


def test_of_a_move_and_an_answer_at_once_the_answer_is_in_the_new_one_or_its_author_is_told(
    second, edition_two, alice, bob, nadia
):
    publish_edition(copy_edition(edition_two, edition="2028", by=nadia), by=nadia, at=MORNING)
    asked = Question.objects.get(theme__questionnaire=edition_two, code="ECO9")
    given = GivenAnswer(asked, value("oui"))

    moved, said = at_once(
        lambda: move_to_current_edition(assessment=second, by=alice, at=MORNING),
        lambda: record_answer(assessment=second, given=given, by=bob, at=MORNING),
    )

    if isinstance(said, AssessmentClosed):
        assert not Answer.objects.exists()
    else:
        assert Answer.objects.get(assessment=moved).choice == "oui"


def test_a_grid_and_an_answer_at_once_overwrite_nothing(second, alice, bob):
    run = running.start(
        kind="answers",
        content="Code;Votre réponse\nECO9;non\n".encode(),
        file_name="grille.csv",
        opsn=None,
        assessment=second,
        by=alice,
        at=MORNING,
    )
    asked = Question.objects.get(theme__questionnaire=second.questionnaire, code="ECO9")
    given = GivenAnswer(asked, value("oui"))

    outcomes = at_once(
        lambda: running.apply(run=run, digest=run.digest, by=alice, at=MORNING),
        lambda: record_answer(assessment=second, given=given, by=bob, at=MORNING),
    )

    told = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert len(told) == 1
    assert isinstance(told[0], (running.PreviewOutdated, AnswerConflict))
    assert AnswerHistory.objects.count() == 1
