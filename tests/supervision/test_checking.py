"""The nightly command computes every figure anew, and tells what is stored otherwise."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from questions.enums import AssessmentState
from questions.models import Assessment, ThemeScore
from supervision.checking import drifts
from tests.questions.factories import MORNING, AssessmentFactory, answer
from tests.supervision.closing import NO, YES, closed
from tests.supervision.strategies import editions
from tests.territories.factories import CollectiviteFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def last(commune):
    """Two closed ones, of two editions, with « non concerné » and hidden questions; and one that is open."""
    by_name = editions()
    answers = YES | {"USA1": "nc", "ACH1": "non"}
    *_, last = closed(commune, by_name, ("2026", NO | {"PAR2": "nc"}), ("2027", answers))
    answer(AssessmentFactory(collectivite=commune, questionnaire=by_name["2027"]), ACH1="oui")
    return last


def test_what_closing_wrote_drifts_in_nothing(last, capsys):
    call_command("check_figures")

    out = capsys.readouterr().out
    assert out == "Recalculées, sans dérive : 2 évaluations closes et 1 ouverte.\n"


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("index", 3),
        ("points", 1),
        ("possible", 1),
        ("asked", 1),
        ("answered", 1),
        ("theme_indices", b"\x00\x00\x00"),
        ("concerned", b"\x00"),
        ("practised", b"\xff"),
        ("counted_from", MORNING - timedelta(days=1)),
        ("counted_until", MORNING),
        ("last_of_edition", False),
    ],
)
def test_a_figure_of_an_assessment_that_drifted_is_told(column, value, last):
    Assessment.objects.filter(pk=last.pk).update(**{column: value})

    assert column in {drift.what for drift in drifts() if drift.assessment == last.pk}


@pytest.mark.parametrize(
    ("column", "value"),
    [("index", 3), ("points", 5), ("possible", 5), ("asked", 9), ("answered", 9)],
)
def test_a_figure_of_an_open_assessment_that_drifted_is_told(column, value, last):
    opened = Assessment.objects.get(state=AssessmentState.OPEN)
    Assessment.objects.filter(pk=opened.pk).update(**{column: value})

    (drift,) = drifts()

    assert (drift.assessment, drift.what, drift.stored) == (opened.pk, column, value)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("index", 3),
        ("points", 9),
        ("possible", 9),
        ("asked", 9),
        ("answered", 9),
        ("not_applicable", 9),
        ("unknown", 9),
        ("counted_until", MORNING),
        ("cohort_stratum", 0),
        ("collectivite", None),
    ],
)
def test_a_figure_of_a_theme_that_drifted_is_told(column, value, last):
    scores = ThemeScore.objects.filter(assessment=last, theme__code="parc")
    scores.update(**{column: value})

    (drift,) = drifts()

    assert drift.assessment == last.pk
    assert "Parc" in str(drift)


@pytest.mark.parametrize("state", [AssessmentState.OPEN, AssessmentState.CLOSED])
def test_a_score_that_is_missing_is_told(state, last):
    row = Assessment.objects.filter(state=state).last()
    ThemeScore.objects.filter(assessment=row, theme__code="parc").delete()

    (drift,) = drifts()

    assert drift.assessment == row.pk
    assert "score de « Parc » : absent" in str(drift)


def test_one_drift_is_told_in_the_singular(last):
    ThemeScore.objects.filter(assessment=last, theme__code="parc").update(unknown=9)

    with pytest.raises(CommandError) as told:
        call_command("check_figures")

    assert str(told.value) == "1 dérive sur 2 évaluations closes et 1 ouverte."


def test_an_answer_changed_behind_the_back_is_told_and_fails(last, capsys):
    last.answers.filter(question__code="PAR1").update(choice="jamais", number=Decimal(1))

    with pytest.raises(CommandError, match="dérives sur 2 évaluations closes"):
        call_command("check_figures")
    assert f"évaluation {last.pk}, index : 75 au lieu de 0" in capsys.readouterr().err


def test_an_older_formula_is_not_computed_by_the_newer(last):
    Assessment.objects.filter(pk=last.pk).update(formula_version=0, index=3, points=1)

    assert list(drifts()) == []


def test_it_reads_a_fixed_number_of_times(last, django_assert_num_queries):
    by_name = {row.edition: row for row in {last.questionnaire}}
    list(drifts())
    with django_assert_num_queries(8):
        list(drifts())
    closed(CollectiviteFactory(), by_name, ("2027", YES))
    with django_assert_num_queries(8):
        list(drifts())
