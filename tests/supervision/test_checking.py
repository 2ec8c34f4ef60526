"""The nightly command computes every figure anew, and tells what is stored otherwise."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

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

    assert "2 évaluations closes recalculées, aucune dérive" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("index", 3),
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
    [("index", 3), ("counted_until", MORNING), ("cohort_stratum", 0), ("collectivite", None)],
)
def test_a_figure_of_a_theme_that_drifted_is_told(column, value, last):
    scores = ThemeScore.objects.filter(assessment=last, theme__code="parc")
    scores.update(**{column: value})

    (drift,) = drifts()

    assert drift.assessment == last.pk
    assert "Parc" in str(drift)


def test_an_answer_changed_behind_the_back_is_told_and_fails(last, capsys):
    last.answers.filter(question__code="PAR1").update(choice="jamais", number=Decimal(1))

    with pytest.raises(CommandError, match="dérives sur 2 évaluations closes"):
        call_command("check_figures")
    assert f"évaluation {last.pk}, index : 75 au lieu de 0" in capsys.readouterr().err


def test_an_older_formula_is_not_computed_by_the_newer(last):
    Assessment.objects.filter(pk=last.pk).update(formula_version=0, index=3)

    assert list(drifts()) == []


def test_it_reads_a_fixed_number_of_times(last, django_assert_num_queries):
    by_name = {row.edition: row for row in {last.questionnaire}}
    list(drifts())
    with django_assert_num_queries(9):
        list(drifts())
    closed(CollectiviteFactory(), by_name, ("2027", YES))
    with django_assert_num_queries(9):
        list(drifts())
