"""What is read from how many collectivités have each index."""

import statistics
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supervision.histograms import Histogram, histogram, percent

INDICES = st.lists(st.integers(min_value=0, max_value=100), min_size=1, max_size=40)


def of(indices) -> Histogram:
    return histogram((index, 1) for index in indices)


def rounded(value) -> Decimal:
    exact = Fraction(value)
    return (Decimal(exact.numerator) / exact.denominator).quantize(Decimal("0.1"), ROUND_HALF_UP)


@given(INDICES)
def test_mean_and_median_are_those_of_the_list(indices):
    assert of(indices).mean == rounded(Fraction(sum(indices), len(indices)))
    assert of(indices).median == rounded(statistics.median(indices))


@given(st.lists(st.integers(min_value=0, max_value=100), min_size=2, max_size=40))
def test_quartiles_are_those_of_the_standard_library(indices):
    first, _, third = statistics.quantiles(
        [Fraction(index) for index in indices], n=4, method="inclusive"
    )

    spread = of(indices).spread

    assert (spread["first"], spread["third"]) == (rounded(first), rounded(third))
    assert (spread["low"], spread["high"]) == (min(indices), max(indices))


@given(INDICES)
def test_steps_of_ten_and_letters_hold_everybody_once(indices):
    assert sum(count for _, count in of(indices).bins) == len(indices)
    assert sum(of(indices).letters.values()) == len(indices)


def test_a_hundred_is_with_the_nineties_and_a_step_begins_at_its_ten():
    assert [count for _, count in of([0, 9, 10, 90, 100]).bins] == [2, 1, 0, 0, 0, 0, 0, 0, 0, 2]


@given(INDICES, INDICES)
def test_two_groups_together_are_one_list(some, others):
    assert (of(some) + of(others)).counts == of([*some, *others]).counts


def test_nobody_has_no_figure():
    nobody = histogram([(None, 3)])

    assert (nobody.count, nobody.mean, nobody.median, nobody.spread) == (0, None, None, None)


@pytest.mark.parametrize(
    ("part", "whole", "expected"), [(1, 2, 50), (1, 3, 33), (2, 3, 67), (1, 200, 1), (0, 0, None)]
)
def test_a_percent_is_rounded_half_up(part, whole, expected):
    assert percent(part, whole) == expected
