"""Which questions are asked of whom. No database."""

from decimal import Decimal

import pytest

from questions.conditions import Profile, answered_codes, applies, visible
from questions.enums import AnswerState, QuestionKind
from questions.scoring import AnswerFacts, OptionFacts, QuestionFacts

VILLAGE = Profile("commune", 300)
YES = AnswerFacts(choice="oui")
NO = AnswerFacts(choice="non")


def asked(questions, answers, profile=VILLAGE) -> list[str]:
    return [question.code for question in visible(questions, profile, answers)]


def after(code: str, asker: str, *answers: str) -> QuestionFacts:
    return QuestionFacts(code, condition_code=asker, condition_answers=frozenset(answers))


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({}, ["A"]),
        ({"A": NO}, ["A"]),
        ({"A": AnswerFacts(state=AnswerState.UNKNOWN)}, ["A"]),
        ({"A": AnswerFacts(state=AnswerState.NOT_APPLICABLE)}, ["A"]),
        ({"A": YES}, ["A", "B"]),
        ({"A": YES, "B": YES}, ["A", "B", "C"]),
        ({"A": NO, "B": YES}, ["A"]),  # B is hidden again, so C is too
    ],
)
def test_a_chain_of_conditions_is_followed_from_its_head(answers, expected):
    chain = [QuestionFacts("A"), after("B", "A", "oui"), after("C", "B", "oui")]

    assert asked(chain, answers) == expected


def test_the_question_that_decides_may_come_later():
    assert asked([after("B", "A", "non"), QuestionFacts("A")], {"A": NO}) == ["B", "A"]


def test_a_condition_on_nothing_known_or_on_itself_hides_the_question():
    questions = [after("A", "ABSENT", "oui"), after("B", "C", "oui"), after("C", "B", "oui")]

    assert asked(questions, {"A": YES, "B": YES, "C": YES}) == []


@pytest.mark.parametrize(
    ("question", "answer", "expected"),
    [
        (QuestionFacts("A"), YES, {"oui"}),
        (
            QuestionFacts("A", kind=QuestionKind.SEVERAL_OF),
            AnswerFacts(choices=("a", "b")),
            {"a", "b"},
        ),
        (QuestionFacts("A", kind=QuestionKind.NUMBER), AnswerFacts(number=Decimal(3)), set()),
        (QuestionFacts("A"), None, set()),
    ],
)
def test_an_answer_stands_for_codes(question, answer, expected):
    assert answered_codes(question, answer) == expected


def test_a_number_stands_for_its_band():
    bands = (
        OptionFacts("peu", Decimal(0), Decimal(0)),
        OptionFacts("beaucoup", Decimal(1), Decimal(10)),
    )
    number = QuestionFacts("A", kind=QuestionKind.NUMBER, options=bands)

    assert asked([number, after("B", "A", "beaucoup")], {"A": AnswerFacts(number=Decimal(10))}) == [
        "A",
        "B",
    ]
    assert asked([number, after("B", "A", "beaucoup")], {"A": AnswerFacts(number=Decimal(9))}) == [
        "A"
    ]


@pytest.mark.parametrize(
    ("question", "profile", "expected"),
    [
        (QuestionFacts("A"), Profile("syndicat"), True),
        (QuestionFacts("A", applies_to_kinds=frozenset({"commune"})), VILLAGE, True),
        (QuestionFacts("A", applies_to_kinds=frozenset({"cc", "ca"})), VILLAGE, False),
        (QuestionFacts("A", min_population=300), VILLAGE, True),
        (QuestionFacts("A", min_population=301), VILLAGE, False),
        (QuestionFacts("A", max_population=300), VILLAGE, True),
        (QuestionFacts("A", max_population=299), VILLAGE, False),
        (QuestionFacts("A", min_population=0), Profile("syndicat"), False),
        (QuestionFacts("A", min_population=0), Profile("commune", 0), True),
    ],
)
def test_a_question_is_for_kinds_and_populations(question, profile, expected):
    assert applies(question, profile) is expected
