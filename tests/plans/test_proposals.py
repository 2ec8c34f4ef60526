"""Which measures an assessment calls for, and in which order. No database."""

from hypothesis import given
from hypothesis import strategies as st

from plans.proposals import MeasureFacts, lost_points, propose
from plans.simulation import Simulation
from questions import priorities
from questions.conditions import Profile
from questions.enums import AnswerState, Cost, Priority, ThreeSteps
from questions.scoring import AnswerFacts, QuestionFacts
from tests.plans.strategies import measures_for, simulations

YES = AnswerFacts(choice="oui")
NO = AnswerFacts(choice="non")
UNKNOWN = AnswerFacts(state=AnswerState.UNKNOWN)
NOT_APPLICABLE = AnswerFacts(state=AnswerState.NOT_APPLICABLE)


def simulation(*questions, **answers) -> Simulation:
    return Simulation(questions, Profile("commune", 850), answers)


def measure(code, *questions, **traits) -> MeasureFacts:
    defaults = {
        "effort": ThreeSteps.MEDIUM,
        "gain": ThreeSteps.MEDIUM,
        "priority": Priority.MEDIUM,
        "cost": Cost.LOW,
    }
    return MeasureFacts(code=code, title=code, questions=questions, **{**defaults, **traits})


def codes(proposals) -> list[str]:
    return [proposal.code for proposal in proposals]


def test_a_no_calls_for_its_measure_and_nothing_else_does():
    asked = [QuestionFacts(f"Q{n}") for n in range(5)]
    start = simulation(*asked, Q0=NO, Q1=UNKNOWN, Q2=YES, Q3=NOT_APPLICABLE)

    found = propose([measure(f"M{n}", f"Q{n}") for n in range(5)], start)

    assert codes(found) == ["M0"]


def test_a_hidden_question_calls_for_nothing():
    child = QuestionFacts("B", condition_code="A", condition_answers=frozenset({"oui"}))

    found = propose([measure("M", "B")], simulation(QuestionFacts("A"), child, A=NO, B=NO))

    assert found == []


def test_a_proposal_says_which_answers_call_for_it_and_what_it_brings():
    start = simulation(QuestionFacts("A"), QuestionFacts("B", weight=3), A=NO, B=NO)

    (proposal,) = propose([measure("M", "A", "B")], start)

    assert proposal.questions == ("A", "B")
    assert proposal.brings == 100


def test_the_order_is_priority_then_gain_for_effort_then_weight_in_the_index():
    asked = [
        QuestionFacts("A"),
        QuestionFacts("B"),
        QuestionFacts("C"),
        QuestionFacts("D", weight=3),
    ]
    start = simulation(*asked, A=NO, B=NO, C=NO, D=NO)
    measures = [
        measure("DERNIERE", "A", priority=Priority.LOW, gain=ThreeSteps.HIGH),
        measure("LEGERE", "C"),
        measure("LOURDE", "D"),
        measure("FACILE", "B", effort=ThreeSteps.LOW),
        measure("PREMIERE", "A", priority=Priority.HIGH, effort=ThreeSteps.HIGH),
    ]

    assert codes(propose(measures, start)) == ["PREMIERE", "FACILE", "LOURDE", "LEGERE", "DERNIERE"]


def test_a_question_without_weight_calls_for_nothing():
    start = simulation(QuestionFacts("A", weight=0), A=NO)

    assert propose([measure("M", "A")], start) == []


@given(st.data())
def test_the_order_is_that_of_the_results_of_the_assessment(data):
    start = data.draw(simulations())
    measures = data.draw(measures_for(start))
    lost = lost_points(start)
    pairs = [(m, lost[code]) for m in measures for code in m.questions if code in lost]

    results = priorities.proposals(pairs)

    assert codes(propose(measures, start)) == [result.measure.code for result in results]


@given(st.data())
def test_every_proposal_has_its_reason_and_every_unfavourable_answer_its_measures(data):
    start = data.draw(simulations())
    measures = data.draw(measures_for(start))

    found = propose(measures, start)

    unfavourable = set(lost_points(start))
    assert all(set(p.questions) <= unfavourable and p.questions for p in found)
    assert set(codes(found)) == {m.code for m in measures if unfavourable.intersection(m.questions)}
