"""What is surprising is kept, told, and settled by a comment."""

from decimal import Decimal

import pytest
from django.urls import reverse

from questions.enums import AnswerState
from questions.models import Answer, Question
from questions.plausibility import SURPRISING, hard_bounds, looked_at_with, warnings
from tests.questions.factories import AssessmentFactory, QuestionnaireFactory


def question(code="PAR8A", **traits) -> Question:
    return Question(code=code, kind="number", **traits)


def given(number, comment="", state=AnswerState.ANSWERED) -> Answer:
    number = None if number is None else Decimal(number)
    return Answer(state=state, number=number, comment=comment)


PLAUSIBLE = {"plausible_minimum": Decimal(1), "plausible_maximum": Decimal(400)}


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (given(1), False),
        (given(400), False),
        (given(0), True),
        (given("400.5"), True),
        (given(401, comment="Deux écoles comprises."), False),
        (given(401, comment="  "), True),
        (given(None, state=AnswerState.UNKNOWN), False),
        (None, False),
    ],
)
def test_a_figure_out_of_what_is_plausible_is_told_until_a_comment_says_why(answer, told):
    answers = {"PAR8A": answer} if answer else {}

    assert warnings([question(**PLAUSIBLE)], answers) == ({"PAR8A": SURPRISING} if told else {})


ENDING = " Vérifiez ces réponses, ou dites en commentaire pourquoi elles sont justes."


def told_of(questions, **numbers) -> dict[str, str]:
    """Return what is told, without the ending that every sentence has."""
    answers = {code: given(number) for code, number in numbers.items() if number is not None}
    found = warnings(questions, answers)
    assert all(sentence.endswith(ENDING) for sentence in found.values())
    return {code: sentence.removesuffix(ENDING) for code, sentence in found.items()}


@pytest.mark.parametrize(
    ("retired", "reused", "told"),
    [(3, 3, False), (3, 4, True), (None, 4, False), (3, None, False)],
)
def test_more_reused_than_retired_is_told(retired, reused, told):
    questions = [
        question("PAR5A", unit="appareils"),
        question("PAR5B", unit="appareils", whole="PAR5A"),
    ]

    found = told_of(questions, PAR5A=retired, PAR5B=reused)

    sentence = "C’est plus que le tout : 3\u00a0appareils à la question PAR5A."
    assert found == ({"PAR5B": sentence} if told else {})


@pytest.mark.parametrize(
    ("shares", "told"),
    [
        ((40, 30, 30), None),
        ((40, 30, 31), ("AGE3", "AGE1, AGE2 et AGE3 font ensemble 101\u00a0%")),
        ((60, "40.5", None), ("AGE2", "AGE1 et AGE2 font ensemble 100,5\u00a0%")),
        ((None, None, 100), None),
    ],
)
def test_shares_of_one_whole_that_go_over_100_percent_are_told_on_the_last_of_them(shares, told):
    codes = ("AGE1", "AGE2", "AGE3")
    questions = [Question(code=code, kind="percent", whole="ages") for code in codes]
    other = Question(code="SEN1A", kind="percent")

    found = told_of([*questions, other], SEN1A=90, **dict(zip(codes, shares, strict=True)))

    assert found == ({told[0]: f"{told[1]} d’un même tout."} if told else {})


def test_several_parts_are_added_before_they_are_held_against_their_whole():
    questions = [
        question("PAR8"),
        question("PAR8A", whole="PAR8"),
        question("PAR8B", whole="PAR8"),
    ]

    assert told_of(questions, PAR8=10, PAR8A=6, PAR8B=4) == {}
    assert told_of(questions, PAR8=10, PAR8A=6, PAR8B=5) == {
        "PAR8B": "PAR8A et PAR8B font ensemble 11, plus que le tout : 10 à la question PAR8."
    }


def test_a_comment_says_why_the_sum_is_right():
    questions = [Question(code=code, kind="percent", whole="ages") for code in ("AGE1", "AGE2")]
    answers = {"AGE1": given(60), "AGE2": given(50, comment="Deux parcs, comptés à part.")}

    assert warnings(questions, answers) == {}


def test_a_question_that_is_not_asked_warns_of_nothing():
    answers = {"PAR5A": given(3), "PAR5B": given(4)}

    assert warnings([question("PAR5B", whole="PAR5A")], answers) == {}


def test_an_answer_is_looked_at_with_the_parts_it_is_held_against():
    questions = [
        question("PAR5A"),
        question("PAR5B", whole="PAR5A"),
        Question(code="AGE1", kind="percent", whole="ages"),
        Question(code="AGE2", kind="percent", whole="ages"),
    ]

    assert looked_at_with(questions, "PAR5A") == {"PAR5A", "PAR5B"}
    assert looked_at_with(questions, "PAR5B") == {"PAR5B"}
    assert looked_at_with(questions, "AGE1") == {"AGE1", "AGE2"}


@pytest.mark.parametrize(
    ("kind", "bounds"), [("percent", (0, 100)), ("amount", (0, None)), ("number", (None, None))]
)
def test_shares_and_sums_have_bounds_by_themselves(kind, bounds):
    assert hard_bounds(Question(kind=kind)) == bounds


# --- On the page


@pytest.fixture
def fleet(db, commune):
    edition = QuestionnaireFactory(
        content={
            "parc": [
                {"code": "PAR5A", "kind": "number", "weight": 0, "plausible_maximum": 400},
                {"code": "PAR5B", "kind": "number", "weight": 0, "whole": "PAR5A"},
                {"code": "AGE1", "kind": "percent", "weight": 0, "whole": "ages"},
                {"code": "AGE2", "kind": "percent", "weight": 0, "whole": "ages"},
            ]
        }
    )
    return AssessmentFactory(questionnaire=edition, collectivite=commune)


def post(client, assessment, code, version=0, **fields):
    asked = Question.objects.get(theme__questionnaire=assessment.questionnaire, code=code)
    data = {f"q{asked.pk}-{name}": text for name, text in fields.items()}
    address = reverse("questions:answer", args=[assessment.pk, asked.pk])
    told = client.post(address, data | {f"q{asked.pk}-version": version}).json()
    return told, asked.pk


def test_what_is_surprising_is_saved_and_told_then_settled_by_a_comment(alices, fleet):
    told, pk = post(alices, fleet, "PAR5A", value="environ 4 000")

    assert fleet.answers.get().number == 4_000
    assert SURPRISING in told["warnings"][str(pk)]
    page = alices.get(reverse("questions:theme", args=[fleet.pk, "parc"]))
    assert SURPRISING in page.content.decode()

    told, pk = post(alices, fleet, "PAR5A", version=1, value="4000", comment="Toute l’agglo.")
    assert told["warnings"][str(pk)].strip() == ""


def test_the_warning_on_a_part_goes_when_its_whole_is_mended(alices, fleet):
    post(alices, fleet, "PAR5A", value="3")
    told, part = post(alices, fleet, "PAR5B", value="4")
    assert "C’est plus que le tout" in told["warnings"][str(part)]

    told, _ = post(alices, fleet, "PAR5A", version=1, value="5")

    assert told["warnings"][str(part)].strip() == ""


def test_a_sum_over_100_percent_is_told_as_it_is_typed_and_goes_when_another_share_is_mended(
    alices, fleet
):
    post(alices, fleet, "AGE1", value="60 %")
    told, last = post(alices, fleet, "AGE2", value="50")
    assert "AGE1 et AGE2 font ensemble 110" in told["warnings"][str(last)]

    told, _ = post(alices, fleet, "AGE1", version=1, value="50")

    assert told["warnings"][str(last)].strip() == ""
    assert [answer.number for answer in fleet.answers.all()] == [50, 50]


@pytest.mark.parametrize("typed", ["n.c.", "douze", "1,234"])
def test_what_is_refused_is_not_saved_and_stays_on_the_page(alices, fleet, typed):
    told, pk = post(alices, fleet, "PAR5A", value=typed)
    assert told["error"]

    address = reverse("questions:theme", args=[fleet.pk, "parc"])
    page = alices.post(address, {f"q{pk}-value": typed, f"q{pk}-version": 0})

    assert page.status_code == 422
    assert f'value="{typed}"' in page.content.decode()
    assert not fleet.answers.exists()


def test_closing_tells_of_the_figures_to_check_and_waits_for_none(alices, fleet):
    post(alices, fleet, "PAR5A", value="4000")
    for code in ("PAR5B", "AGE1", "AGE2"):
        post(alices, fleet, code, value="3")
    page = reverse("questions:close", args=[fleet.pk])

    text = alices.get(page).content.decode()
    assert "1 chiffre à vérifier" in text
    assert f"{reverse('questions:table', args=[fleet.pk])}?etat=a-verifier" in text

    assert alices.post(page).url == reverse("questions:results", args=[fleet.pk])
