"""An assessment is closed, and never changes again."""

from datetime import timedelta

import pytest

from questions.answering import AssessmentClosed
from questions.closing import Incomplete, NotAdopted, close_assessment
from questions.enums import AssessmentState
from questions.models import Answer, Assessment
from questions.scoring import FORMULA_VERSION
from questions.sheets import answer_sheet
from territories.enums import AuditAction
from territories.models import AuditEntry
from tests.questions.factories import MORNING, AssessmentFactory, QuestionnaireFactory, answer
from tests.territories.factories import CollectiviteFactory, OpsnFactory

NOON = MORNING + timedelta(hours=3)


@pytest.fixture
def complete(assessment, alice):
    answer(assessment, by=alice, ACH1="oui", ACH2="non", PAR1="nsp")
    return assessment


def close(assessment, by):
    return close_assessment(assessment=assessment, by=by, at=NOON)


def test_a_complete_assessment_is_closed_not_knowing_being_an_answer(complete, alice):
    closed = close(complete, alice)

    assert (closed.state, closed.closed_by, closed.closed_at) == ("closed", alice, NOON)
    assert (closed.index, closed.formula_version) == (20, FORMULA_VERSION)
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor, entry.at) == (AuditAction.ASSESSMENT_CLOSED, alice, NOON)


def test_the_cohort_is_frozen(complete, commune, opsn, alice):
    epci = CollectiviteFactory(kind="cc", name="CC du Vexin", code_insee=None)
    commune.epci, commune.population = epci, 3_600
    commune.save()
    closed = close(complete, alice)

    commune.population, commune.epci, commune.opsn = 10, None, OpsnFactory()
    commune.save()

    closed.refresh_from_db()
    assert (closed.cohort_kind, closed.cohort_population, closed.cohort_stratum) == (
        "commune",
        3_600,
        3_500,
    )
    assert (closed.cohort_epci, closed.cohort_opsn) == (epci, opsn)
    assert (closed.cohort_departement.code, closed.cohort_region.code) == ("60", "32")


def test_a_collectivite_without_population_nor_departement_is_closed_too(edition, alice):
    assessment = AssessmentFactory(
        questionnaire=edition,
        collectivite=CollectiviteFactory(
            kind="syndicat", code_insee=None, population=None, departement=None
        ),
    )
    answer(assessment, by=alice, ACH1="oui", ACH2="non", PAR1="nsp")

    closed = close(assessment, alice)

    assert (closed.cohort_population, closed.cohort_stratum, closed.cohort_region) == (None,) * 3


def test_what_was_asked_that_day_stays_asked(commune, alice):
    edition = QuestionnaireFactory(
        content={"achats": ["ACH1"], "parc": [{"code": "PAR1", "max_population": 1_000}]}
    )
    assessment = AssessmentFactory(questionnaire=edition, collectivite=commune)
    answer(assessment, by=alice, ACH1="oui", PAR1="non")
    close(assessment, alice)

    commune.population = 5_000
    commune.save()

    closed = Assessment.objects.get()
    assert [facts.code for facts in answer_sheet(closed).visible] == ["ACH1", "PAR1"]


def test_an_incomplete_one_is_not_closed_and_says_what_is_missing(assessment, alice):
    answer(assessment, by=alice, ACH1="oui", ACH2="non")

    with pytest.raises(Incomplete) as told:
        close(assessment, alice)

    assert told.value.progress.missing == ("PAR1",)
    assessment.refresh_from_db()
    assert assessment.state == AssessmentState.OPEN


def test_an_answer_to_confirm_is_missing(complete, alice):
    Answer.objects.filter(question__code="ACH1").update(to_confirm=True)

    with pytest.raises(Incomplete) as told:
        close(complete, alice)

    assert told.value.progress.left == ("ACH1",)


def test_a_provisional_one_waits_to_be_adopted(complete, paul):
    complete.provisional_for = paul
    complete.save()

    with pytest.raises(NotAdopted):
        close(complete, paul)


def test_it_is_closed_once(complete, alice, bob):
    close(complete, alice)

    with pytest.raises(AssessmentClosed):
        close(complete, bob)

    complete.refresh_from_db()
    assert complete.closed_by == alice


def test_an_empty_edition_closes_nothing(commune, alice):
    with pytest.raises(Incomplete):
        close(AssessmentFactory(collectivite=commune), alice)
