"""Where the shapes stand: values in, coordinates out."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import charts

PERCENT = st.one_of(st.none(), st.integers(0, 100))


@pytest.mark.parametrize(
    ("value", "filled", "x", "y"),
    [
        (0, "0", "20", "120"),
        (50, "50", "120", "20"),
        (100, "100", "220", "120"),
        (None, "0", "20", "120"),
        (140, "100", "220", "120"),
    ],
)
def test_the_gauge_goes_from_left_to_right(value, filled, x, y):
    shape = charts.gauge(value)

    assert (shape.filled, shape.mark.x, shape.mark.y) == (filled, x, y)


def test_the_radar_starts_at_the_top_and_turns_clockwise():
    shape = charts.radar(
        [("Nord", 100, None), ("Est", 50, None), ("Sud", 0, None), ("Ouest", None, None)]
    )

    assert shape.now == "210,75 262.5,180 210,180 210,180"
    assert [spoke.lines[-1].value for spoke in shape.spokes] == ["100", "50", "0", "–"]
    assert [spoke.lines[0].anchor for spoke in shape.spokes] == ["middle", "start", "middle", "end"]
    assert shape.before == ""


def test_the_radar_draws_the_time_before_when_it_is_known():
    shape = charts.radar([("A", 100, 100), ("B", 50, None), ("C", 0, 0)])

    assert shape.before.split()[0] == "210,75"


def test_a_long_label_of_the_radar_goes_on_several_lines():
    (spoke,) = charts.radar([("Achat et location de matériels", 80, None)]).spokes

    assert [line.label for line in spoke.lines] == ["Achat et", "location de", "matériels", ""]


@given(st.lists(st.tuples(st.just("Thème"), PERCENT, PERCENT), min_size=3, max_size=9))
def test_the_radar_never_leaves_its_frame(axes):
    shape = charts.radar(axes)

    numbers = [float(n) for n in re.findall(r"-?[\d.]+", f"{shape.now} {shape.before}")]
    assert all(75 <= number <= 315 for number in numbers)


def test_the_parts_of_a_bar_follow_each_other_and_fill_it():
    yes, no, none = charts.stacked_bar([("Oui", 12, "yes"), ("Non", 3, "no"), ("Autre", 0, "none")])

    assert (yes.x, yes.width, yes.shown) == ("0", "80", True)
    assert (no.x, no.width, no.middle) == ("80", "20", "90")
    assert (none.width, none.shown) == ("0", False)


def test_a_bar_with_nothing_in_it_is_empty():
    (part,) = charts.stacked_bar([("Oui", 0, "yes")])

    assert part.width == "0"


def test_the_distribution_puts_ones_own_mark_among_the_others():
    shape = charts.distribution(8, 31, 42, 56, 83, own=48)

    assert shape.whisker == ("8", "83")
    assert shape.box == ("31", "25")
    assert shape.median == "42"
    assert (shape.own.x, shape.own.value, shape.own.anchor) == ("48", "48", "middle")


@pytest.mark.parametrize(("own", "anchor"), [(2, "start"), (97, "end")])
def test_ones_own_label_stays_inside_the_chart(own, anchor):
    assert charts.distribution(0, 20, 40, 60, 100, own=own).own.anchor == anchor


def test_the_distribution_without_ones_own_value_shows_the_others_alone():
    assert charts.distribution(0, 20, 40, 60, 100).own is None


def test_the_trend_joins_what_is_projected_to_the_last_real_value():
    shape = charts.trend([("2026", 0, None), ("2027", 50, None), ("2028", 100, True)])

    assert shape.line == "44,160 214,100"
    assert shape.projected == "214,100 384,40"
    assert [dot.value for dot in shape.dots] == ["0", "50", "100"]


def test_the_trend_of_one_value_is_a_dot_and_of_none_is_nothing():
    assert [str(dot) for dot in charts.trend([("2026", 50, None)]).dots] == ["44,100"]
    assert charts.trend([]) is None
