"""What the night deletes: provisional assessments that nobody touched for a year, and nothing else."""

from datetime import timedelta

import pytest

from questions.closing import close_assessment
from questions.enums import AssessmentState
from questions.models import Answer, AnswerHistory, Assessment
from questions.opening import open_assessment
from questions.retention import delete_provisional
from tests.questions.factories import MORNING, AssessmentFactory, answer

A_YEAR_LATER = MORNING + timedelta(days=365)
LATE = MORNING + timedelta(days=366)


@pytest.fixture
def provisional(edition, commune, paul) -> Assessment:
    """Paul waits to be accepted, and answered on the first day."""
    assessment = open_assessment(collectivite=commune, by=paul, at=MORNING)
    answer(assessment, by=paul, ACH1="oui")
    return assessment


def remains(assessment) -> bool:
    return Assessment.objects.filter(pk=assessment.pk).exists()


@pytest.mark.parametrize(("days", "stays"), [(364, True), (366, False)])
def test_a_provisional_assessment_is_deleted_a_year_after_its_last_answer(provisional, days, stays):
    deleted = delete_provisional(at=MORNING + timedelta(days=days), dry=False)

    assert (deleted, remains(provisional)) == (0 if stays else 1, stays)
    assert Answer.objects.exists() is AnswerHistory.objects.exists() is stays


def test_the_year_counts_from_the_last_answer_and_not_from_the_opening(provisional, paul):
    answer(provisional, by=paul, at=MORNING + timedelta(days=30), ACH2="oui")

    assert delete_provisional(at=LATE, dry=False) == 0
    assert delete_provisional(at=LATE + timedelta(days=30), dry=False) == 1


def test_one_without_answer_counts_from_its_opening(edition, commune, paul):
    empty = AssessmentFactory(
        questionnaire=edition, collectivite=commune, provisional_for=paul, opened_at=MORNING
    )

    assert delete_provisional(at=A_YEAR_LATER, dry=False) == 0
    assert delete_provisional(at=LATE, dry=False) == 1
    assert not remains(empty)


def test_one_that_was_put_aside_goes_too(provisional):
    provisional.state = AssessmentState.ARCHIVED
    provisional.save()

    assert delete_provisional(at=LATE, dry=False) == 1


def test_the_assessments_of_a_collectivite_are_kept_for_ever(provisional, commune, alice):
    official = open_assessment(collectivite=commune, by=alice, at=MORNING)
    answer(official, by=alice, ACH1="oui", ACH2="non", PAR1="nsp")
    close_assessment(assessment=official, by=alice, at=MORNING)
    running = open_assessment(collectivite=commune, by=alice, at=MORNING)

    assert delete_provisional(at=MORNING + timedelta(days=3650), dry=False) == 1

    assert set(Assessment.objects.all()) == {official, running}
    assert Answer.objects.filter(assessment=official).count() == 3


def test_one_that_another_takes_over_stays(provisional, edition, commune):
    AssessmentFactory(questionnaire=edition, collectivite=commune, carried_from=provisional)

    assert delete_provisional(at=LATE, dry=False) == 0


def test_a_trial_counts_and_deletes_nothing(provisional):
    assert delete_provisional(at=LATE, dry=True) == 1
    assert remains(provisional)
