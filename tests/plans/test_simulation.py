"""The projected index is the index, on the answers as they would be. No database."""

from decimal import Decimal

import pytest
from hypothesis import given

from plans.simulation import Simulation, best_answer
from questions.conditions import Profile, visible
from questions.enums import AnswerState, QuestionKind
from questions.scoring import AnswerFacts, OptionFacts, QuestionFacts, score, score_by_theme, share
from tests.plans.strategies import VILLAGE, simulations

YES = AnswerFacts(choice="oui")
NO = AnswerFacts(choice="non")
NOT_APPLICABLE = AnswerFacts(state=AnswerState.NOT_APPLICABLE)
ACH1 = QuestionFacts("ACH1", theme="achats")
ACH2 = QuestionFacts("ACH2", theme="achats", weight=3)
PAR1 = QuestionFacts("PAR1", theme="parc")
CHILD = QuestionFacts(
    "PAR2", theme="parc", condition_code="PAR1", condition_answers=frozenset({"oui"})
)


def options(*rows) -> tuple[OptionFacts, ...]:
    return tuple(
        OptionFacts(f"o{n}", Decimal(points), None if low is None else Decimal(low))
        for n, (points, low) in enumerate(rows)
    )


def simulation(*questions, **answers) -> Simulation:
    return Simulation(questions, Profile("commune", 850), answers)


@pytest.mark.parametrize(
    "question",
    [
        QuestionFacts("A"),
        QuestionFacts("A", kind=QuestionKind.ONE_OF, options=options((0, None), (3, None))),
        QuestionFacts("A", kind=QuestionKind.SEVERAL_OF, options=options((1, None), (2, None))),
        QuestionFacts("A", kind=QuestionKind.NUMBER, options=options((0, None), (2, 6), (1, 9))),
        QuestionFacts("A", kind=QuestionKind.NUMBER, options=options((2, None), (1, 3), (0, 5))),
        QuestionFacts(
            "A",
            kind=QuestionKind.PERCENT,
            options=options(
                (1, None),
            ),
        ),
    ],
)
def test_the_best_answer_earns_everything(question):
    assert share(question, best_answer(question)) == 1


@pytest.mark.parametrize("kind", [QuestionKind.TEXT, QuestionKind.DATE, QuestionKind.NUMBER])
def test_a_question_that_is_not_scored_has_no_best_answer(kind):
    assert best_answer(QuestionFacts("A", kind=kind)) is None


def test_an_action_answers_its_question_at_its_best():
    start = simulation(ACH1, ACH2, PAR1, ACH1=NO, ACH2=NO, PAR1=YES)

    result = start.with_questions(["ACH2"])

    assert (start.now.index, result.index) == (20, 80)
    assert {code: theme.index for code, theme in result.themes.items()} == {
        "achats": 75,
        "parc": 100,
    }


def test_what_does_not_concern_the_commune_stays_so():
    start = simulation(ACH1, ACH2, ACH1=NOT_APPLICABLE, ACH2=NO)

    assert start.with_questions(["ACH1"]).score == start.now.score


def test_a_new_answer_opens_the_questions_that_depend_on_it():
    start = simulation(PAR1, CHILD, ACH1, PAR1=NO, ACH1=YES)

    assert start.now.index == 50
    assert start.with_questions(["PAR1"]).index == 67
    assert start.with_questions(["PAR1", "PAR2"]).index == 100


def test_an_unknown_question_changes_nothing():
    start = simulation(ACH1, ACH1=NO)

    assert start.with_questions(["DISPARUE"]).score == start.now.score


@given(simulations())
def test_the_index_of_now_is_that_of_the_assessment(simulation):
    asked = visible(simulation.questions, VILLAGE, simulation.answers)

    assert simulation.now.score == score(asked, simulation.answers)
    assert simulation.now.themes == score_by_theme(asked, simulation.answers)


@given(simulations())
def test_the_projected_index_is_that_of_the_answers_once_changed(simulation):
    for count in range(len(simulation.questions) + 1):
        codes = [question.code for question in simulation.questions[:count]]
        changed = simulation.answers_with(codes)
        asked = visible(simulation.questions, VILLAGE, changed)

        assert simulation.with_questions(codes).score == score(asked, changed)
