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


@pytest.mark.parametrize(("part", "whole"), [("PAR5B", "PAR5A"), ("ACH2B", "ACH2A"), ("ACH6B", "ACH6A")])  # fmt: skip
@pytest.mark.parametrize(
    ("numbers", "told"), [((3, 3), False), ((4, 3), True), ((4, None), False), ((None, 3), False)]
)
def test_a_part_that_exceeds_its_whole_is_told(part, whole, numbers, told):
    answers = {c: given(n) for c, n in zip((part, whole), numbers, strict=True) if n is not None}

    found = warnings([question(part), question(whole)], answers)

    assert list(found) == ([part] if told else [])


def test_a_question_that_is_not_asked_warns_of_nothing():
    answers = {"PAR5A": given(3), "PAR5B": given(4)}

    assert warnings([question("PAR5B")], answers) == {}


def test_an_answer_is_looked_at_with_the_part_of_which_it_is_the_whole():
    assert looked_at_with("PAR5A") == {"PAR5A", "PAR5B"}
    assert looked_at_with("PAR5B") == {"PAR5B"}


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
                {"code": "PAR5B", "kind": "number", "weight": 0},
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
    assert "Plus de matériels orientés" in told["warnings"][str(part)]

    told, _ = post(alices, fleet, "PAR5A", version=1, value="5")

    assert told["warnings"][str(part)].strip() == ""


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
    post(alices, fleet, "PAR5B", value="3")
    page = reverse("questions:close", args=[fleet.pk])

    text = alices.get(page).content.decode()
    assert "1 chiffre à vérifier" in text
    assert f"{reverse('questions:table', args=[fleet.pk])}?etat=a-verifier" in text

    assert alices.post(page).url == reverse("questions:results", args=[fleet.pk])
