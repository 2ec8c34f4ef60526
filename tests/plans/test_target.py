"""The least effort that reaches an index. No database."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plans.proposals import questions_of
from plans.target import Candidate, least_effort
from questions.enums import Priority, ThreeSteps
from questions.scoring import Score
from tests.plans.strategies import measures_for, simulations

LOW, MEDIUM, HIGH = ThreeSteps.LOW, ThreeSteps.MEDIUM, ThreeSteps.HIGH


def adding(**points):
    """A score where each measure brings its points, out of 100."""
    return lambda codes: Score(Fraction(sum(points[code] for code in codes)), Fraction(100))


def test_what_brings_most_for_its_effort_comes_first():
    candidates = [Candidate("GROS", HIGH), Candidate("PETIT", LOW), Candidate("MOYEN", MEDIUM)]

    way = least_effort(candidates, adding(GROS=30, PETIT=10, MOYEN=20), target=60)

    assert way.codes == ["PETIT", "MOYEN", "GROS"]
    assert [(p.before, p.after) for p in way.picks] == [(0, 10), (10, 30), (30, 60)]


def test_it_stops_as_soon_as_the_index_is_reached():
    candidates = [Candidate(code, LOW) for code in "ABC"]

    way = least_effort(candidates, adding(A=20, B=20, C=20), target=40)

    assert way.codes == ["A", "B"]
    assert (way.start, way.end, way.reached) == (0, 40, True)


def test_a_measure_that_a_later_one_made_useless_is_taken_out():
    candidates = [Candidate("A", LOW), Candidate("B", HIGH)]

    way = least_effort(candidates, adding(A=10, B=60), target=60)

    assert way.codes == ["B"]


def test_two_small_efforts_are_preferred_to_a_big_one():
    candidates = [Candidate("A", LOW), Candidate("B", LOW), Candidate("C", HIGH)]

    way = least_effort(candidates, adding(A=20, B=20, C=60), target=40)

    assert sorted(way.codes) == ["A", "B"]


def test_of_two_equal_measures_the_one_with_priority_is_taken():
    candidates = [Candidate("A", LOW, Priority.LOW), Candidate("B", LOW, Priority.HIGH)]

    assert least_effort(candidates, adding(A=20, B=20), target=20).codes == ["B"]


def test_an_index_that_is_reached_already_asks_for_nothing():
    way = least_effort([Candidate("A", LOW)], lambda codes: Score(Fraction(3), Fraction(5)), 60)

    assert (way.codes, way.end, way.reached) == ([], 60, True)


def test_out_of_reach_it_says_how_far_one_can_go_without_useless_measures():
    candidates = [Candidate("A", LOW), Candidate("RIEN", LOW)]

    way = least_effort(candidates, adding(A=20, RIEN=0), target=60)

    assert (way.codes, way.end, way.reached) == (["A"], 20, False)


@pytest.mark.parametrize("target", [0, 50, 100])
def test_without_any_measure_there_is_no_way(target):
    way = least_effort([], lambda codes: Score(), target)

    assert (way.codes, way.reached) == ([], target == 0)


@st.composite
def cases(draw):
    simulation = draw(simulations())
    measures = {measure.code: measure for measure in draw(measures_for(simulation))}

    def score_of(codes):
        return simulation.with_questions(questions_of(measures, codes)).score

    return measures, score_of, draw(st.integers(0, 100))


@settings(deadline=None)
@given(cases())
def test_it_reaches_whatever_all_measures_together_reach(case):
    measures, score_of, target = case
    candidates = [measure.candidate for measure in measures.values()]

    way = least_effort(candidates, score_of, target)

    together = score_of(frozenset(measures)).index or 0
    assert way.reached or together < target
    assert way.end == (score_of(frozenset(way.codes)).index or 0)


@settings(deadline=None)
@given(cases())
def test_it_never_proposes_a_useless_measure(case):
    measures, score_of, target = case
    candidates = [measure.candidate for measure in measures.values()]

    way = least_effort(candidates, score_of, target)

    for code in way.codes:
        without = score_of(frozenset(way.codes) - {code})
        if way.reached:
            assert (without.index or 0) < target
        else:
            share = without.points / without.possible if without.possible else 0
            full = score_of(frozenset(way.codes))
            assert share < full.points / full.possible
