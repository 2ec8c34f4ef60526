"""On which answers a plan stands."""

import pytest

from plans.basis import base_assessment, basis_of, past_assessments
from plans.figures import index_line, index_table
from questions.closing import close_assessment
from questions.enums import AssessmentState, Level
from questions.models import Assessment, Measure
from questions.opening import reopen_assessment
from tests.plans.factories import JUST_AFTER_MIDNIGHT, NOON, answered_commune
from tests.questions.factories import AssessmentFactory, QuestionnaireFactory


@pytest.fixture
def first(commune, alice):
    return answered_commune(commune, alice, ACH1="non", ACH2="oui")


def level_two(commune, **values) -> Assessment:
    edition = QuestionnaireFactory(level=Level.TWO)
    return AssessmentFactory(
        collectivite=commune, questionnaire=edition, level=Level.TWO, index=10, asked=90, **values
    )


def test_without_answers_there_is_nothing_to_stand_on(commune):
    AssessmentFactory(collectivite=commune)

    assert basis_of(commune) is None


def test_the_open_assessment_is_taken_before_the_closed_one(commune, alice, first):
    closed = close_assessment(assessment=first, by=alice, at=NOON)
    assert base_assessment(commune) == closed

    again = reopen_assessment(assessment=closed, by=alice, at=NOON)

    assert base_assessment(commune) == again
    assert past_assessments(again) == [closed]


def test_a_level_two_that_is_only_begun_does_not_replace_a_complete_level_one(commune, first):
    level_two(commune, answered=3)

    assert base_assessment(commune) == first


def test_a_complete_level_two_does(commune, first):
    second = level_two(commune, answered=90)

    assert base_assessment(commune) == second


def test_archived_provisional_and_foreign_assessments_are_not_taken(
    commune, other_commune, alice, paul, first
):
    Assessment.objects.update(state=AssessmentState.ARCHIVED)
    AssessmentFactory(
        collectivite=commune, questionnaire=first.questionnaire, provisional_for=paul, index=90
    )
    AssessmentFactory(collectivite=other_commune, questionnaire=first.questionnaire, index=90)

    assert base_assessment(commune) is None


def test_a_measure_that_is_no_longer_live_is_not_proposed(commune, first):
    Measure.objects.filter(code="M-ACH1").update(live=False)

    assert basis_of(commune).proposals == []


def test_the_line_goes_from_the_past_to_the_plan(commune, alice, first):
    closed = close_assessment(assessment=first, by=alice, at=NOON)
    reopen_assessment(assessment=closed, by=alice, at=NOON)

    line = index_line(basis_of(commune), 100)

    assert [(point["label"], point["value"]) for point in line] == [
        ("11/2026", 50),
        ("aujourd’hui", 50),
        ("plan mené", 100),
    ]


def test_an_assessment_closed_just_after_midnight_is_of_the_new_month(commune, alice, first):
    close_assessment(assessment=first, by=alice, at=JUST_AFTER_MIDNIGHT)

    line = index_line(basis_of(commune), 100)

    assert line[0]["label"] == "12/2026"


def test_the_table_of_indexes_ends_with_the_whole(commune, first):
    rows = index_table(basis_of(commune), None)

    assert [(row.label, row.now, row.planned) for row in rows] == [
        ("Achats", "50", "50"),
        ("Ensemble", "50", "50"),
    ]
