"""Which measures come first. No database."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from questions.priorities import MeasureFacts, proposals

MEASURE = MeasureFacts("M", "Une mesure", "medium", effort="medium", gain="medium", cost="low")


def order(*pairs) -> list[str]:
    return [proposal.measure.code for proposal in proposals(pairs)]


@pytest.mark.parametrize(
    "better",
    [
        {"priority": "high"},
        {"gain": "high"},
        {"effort": "low"},
        {"cost": "none"},
    ],
)
def test_a_measure_comes_first_by(better):
    first = replace(MEASURE, code="Z", **better)

    assert order((MEASURE, Fraction(1)), (first, Fraction(1))) == ["Z", "M"]


def test_priority_goes_before_gain_and_gain_before_points():
    high = replace(MEASURE, code="HIGH", priority="high", gain="low", effort="high")
    gain = replace(MEASURE, code="GAIN", gain="high")

    assert order((MEASURE, Fraction(9)), (gain, Fraction(1)), (high, Fraction(1))) == [
        "HIGH",
        "GAIN",
        "M",
    ]


def test_points_decide_between_equals():
    other = replace(MEASURE, code="OTHER")

    assert order((MEASURE, Fraction(1)), (other, Fraction(2))) == ["OTHER", "M"]


def test_an_effort_counts_for_the_days_that_it_takes():
    """A project of a fort gain comes after some hours of a faible one: 3 for 8 days, 1 for a day."""
    project = replace(MEASURE, code="PROJECT", gain="high", effort="high")
    hours = replace(MEASURE, code="HOURS", gain="low", effort="low")

    assert order((project, Fraction(1)), (MEASURE, Fraction(1)), (hours, Fraction(1))) == [
        "HOURS",
        "M",
        "PROJECT",
    ]


def test_a_measure_of_two_questions_stands_once_with_the_points_of_both():
    (only,) = proposals([(MEASURE, Fraction(3, 2)), (MEASURE, Fraction(2))])

    assert only.points == Decimal("3.5")


def test_a_proposal_says_what_it_takes():
    (only,) = proposals([(MEASURE, Fraction(1))])

    assert (only.effort_words, only.gain_words, only.cost_words) == (
        "moyen",
        "moyen",
        "moins de 500\u00a0€",
    )
