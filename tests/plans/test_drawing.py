"""Where bars and lines stand, and how points are said. No database."""

from datetime import date
from fractions import Fraction

import pytest

from plans.models import Action, Indicator, IndicatorValue
from plans.quarters import bars, quarter_name, quarters
from plans.sparklines import sparkline
from plans.wording import count_of, points


def place(starts_on=None, due_on=None) -> tuple[str, str]:
    (bar,) = bars([Action(starts_on=starts_on, due_on=due_on)], 2026)
    return bar.x, bar.width


@pytest.mark.parametrize(
    ("start", "due", "expected"),
    [
        (date(2026, 1, 1), date(2027, 12, 31), ("0", "100")),
        (date(2026, 1, 1), date(2026, 12, 31), ("0", "50")),
        (date(2027, 1, 1), date(2027, 12, 31), ("50", "50")),
        (date(2025, 1, 1), date(2026, 12, 31), ("0", "50")),
        (date(2027, 1, 1), date(2030, 1, 1), ("50", "50")),
        (date(2026, 1, 1), None, ("0", "1.5")),
        (None, date(2027, 12, 31), ("98.5", "1.5")),
    ],
)
def test_a_bar_goes_from_its_start_to_its_end_within_the_two_years(start, due, expected):
    assert place(start, due) == expected


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2027, 1, 1), "T1 2027"),
        (date(2027, 3, 31), "T1 2027"),
        (date(2027, 4, 1), "T2 2027"),
        (date(2027, 12, 31), "T4 2027"),
        (None, "–"),
    ],
)
def test_a_day_has_its_quarter(day, name):
    assert quarter_name(day) == name


def test_two_years_have_eight_quarters():
    shown = quarters(2026)

    assert [quarter.label for quarter in shown] == ["T1", "T2", "T3", "T4"] * 2
    assert [quarter.x for quarter in shown if quarter.opens_year] == ["0", "50"]


def values(*rows) -> list[IndicatorValue]:
    return [IndicatorValue(on=date(2027, 1, day), value=value) for day, value in rows]


def test_a_line_needs_two_points():
    assert sparkline(Indicator(), values()) is None
    assert sparkline(Indicator(), values((1, 5))) is None
    assert sparkline(Indicator(baseline=3), values()) is None


def test_a_line_goes_from_the_baseline_to_the_last_value_under_its_target():
    line = sparkline(Indicator(baseline=0, target=100), values((1, 50)))

    assert line.points == "4.0,36.0 116.0,20.0"
    assert (line.last, line.target) == (("116.0", "20.0"), "4.0")


def test_a_line_that_does_not_move_stays_in_the_middle():
    assert sparkline(Indicator(), values((1, 7), (3, 7))).points == "4.0,20.0 116.0,20.0"


@pytest.mark.parametrize(
    ("brings", "words"),
    [
        (Fraction(0), "aucun point d’emblée"),
        (Fraction(-1), "aucun point d’emblée"),
        (Fraction(1, 3), "moins d’un point"),
        (Fraction(1, 2), "+ 1 point"),
        (Fraction(5, 2), "+ 3 points"),
    ],
)
def test_points_are_said_rounded_half_up(brings, words):
    assert points(brings) == words


@pytest.mark.parametrize(("count", "words"), [(0, "0 action"), (1, "1 action"), (2, "2 actions")])
def test_nothing_and_one_are_singular(count, words):
    assert count_of(count, "action", "actions") == words
