"""Key figures: what they are worth, and what is said when they cannot be."""

from decimal import Decimal

import pytest

from questions.figures import DEFINITIONS, figures
from questions.portrait import Given, Portrait

GOALS = {"reuse_of_retired": Decimal(50), "reuse_spending": Decimal(20)}
CODES = sorted({code for d in DEFINITIONS for code in (*d.of, *d.per)} - {"agents", "elus"})


def read(agents=10, elus=15, asked=CODES, conditions=None, states=None, **numbers):
    answers = {code: Given(number=Decimal(str(number))) for code, number in numbers.items()}
    answers |= {code: Given(state=state) for code, state in (states or {}).items()}
    portrait = Portrait(
        kind="commune",
        agents=agents,
        elus=elus,
        conditions=dict.fromkeys(CODES, "") | (conditions or {}),
        asked=frozenset(asked),
        answers=answers,
    )
    return {figure.definition.code: figure for figure in figures(portrait, GOALS)}


@pytest.mark.parametrize(
    ("code", "numbers", "expected"),
    [
        ("terminals", {"PAR8A": 6, "PAR8B": 5, "PAR8D": 1, "PAR8E": 3}, "1.5"),
        ("screens", {"PAR8A": 6, "PAR8B": 4, "PAR8C": 12}, "1.2"),
        ("laptop-age", {"PAR2A": "5.5"}, "5.5"),
        ("desktop-age", {"PAR2B": 7}, "7"),
        ("retired-reuse", {"PAR5A": 8, "PAR5B": 5}, "62.5"),
        ("reuse-spending", {"ACH2A": 12000, "ACH2B": 1800}, "15"),
        ("clauses", {"ACH6A": 4, "ACH6B": 1}, "25"),
        ("idle", {"PAR13": 3, "PAR8A": 6, "PAR8B": 5, "PAR8D": 1, "PAR8E": 0}, "25"),
        ("phones", {"PAR10": 40}, "40"),
        ("printers", {"PAR8F": 1, "PAR8G": 1}, "5"),
        ("paper", {"USA3A": 35}, "3.5"),
        ("pages", {"USA7": 15000}, "1500"),
        ("storage", {"RES5": "0.25"}, "25"),
        ("budget", {"GOV12": 2000}, "200"),
        ("aware-agents", {"SEN1A": 80}, "80"),
        ("aware-elus", {"SEN2A": 3}, "20"),
        ("security", {"SEN4A": 60}, "60"),
        ("rgaa", {"ECO4": 54}, "54"),
    ],
)
def test_each_figure_is_what_its_definition_says(code, numbers, expected):
    assert read(**numbers)[code].value == Decimal(expected)


def test_every_definition_is_tested_and_written_out():
    assert len(read()) == len(DEFINITIONS) == 18
    for definition in DEFINITIONS:
        assert all((definition.label, definition.meaning, definition.formula, definition.unit))
        assert definition.without or not definition.per or set(definition.per) <= {"agents", "elus"}


@pytest.mark.parametrize(
    ("numbers", "reaches"), [({"PAR5A": 8, "PAR5B": 4}, True), ({"PAR5A": 8, "PAR5B": 3}, False)]
)
def test_reuse_is_read_against_the_share_of_the_decree(numbers, reaches):
    figure = read(**numbers)["retired-reuse"]

    assert (figure.goal, figure.reaches) == (50, reaches)


def test_nothing_retired_is_said_and_divides_nothing():
    figure = read(PAR5A=0, asked=[c for c in CODES if c != "PAR5B"], conditions={"PAR5B": "PAR5A"})

    assert (figure["retired-reuse"].value, figure["retired-reuse"].missing) == (None, ())
    assert figure["retired-reuse"].sentence.startswith("Aucun appareil réformé en stock")


@pytest.mark.parametrize(
    ("code", "numbers"),
    [
        ("retired-reuse", {"PAR5A": 3, "PAR5B": 5}),
        ("retired-reuse", {"PAR5A": 0, "PAR5B": 5}),
        ("reuse-spending", {"ACH2A": 100, "ACH2B": 101}),
        ("aware-elus", {"SEN2A": 16}),
        ("clauses", {"ACH6A": 1, "ACH6B": 2}),
    ],
)
def test_a_part_greater_than_the_whole_is_a_contradiction_and_no_percentage(code, numbers):
    figure = read(**numbers)[code]

    assert figure.value is None
    assert figure.sentence.startswith("Les réponses se contredisent")


def test_a_contradiction_is_written_with_french_numbers():
    figure = read(ACH2A="12.5", ACH2B=1500)["reuse-spending"]

    assert "1\u202f500 ne peut pas être une partie de 12,5." in figure.sentence


@pytest.mark.parametrize(
    ("age", "words"), [("0.5", "0,5\u00a0an"), ("1.9", "1,9\u00a0an"), (2, "2\u00a0ans")]
)
def test_a_figure_below_two_is_singular(age, words):
    assert read(PAR2A=age)["laptop-age"].words == words


@pytest.mark.parametrize(
    ("code", "numbers", "agents"),
    [
        ("screens", {"PAR8A": 0, "PAR8B": 0, "PAR8C": 3}, 10),
        ("terminals", {"PAR8A": 2, "PAR8B": 0, "PAR8D": 0, "PAR8E": 0}, 0),
        ("printers", {"PAR8F": 0, "PAR8G": 0}, 10),
    ],
)
def test_nothing_to_divide_by_is_said(code, numbers, agents):
    figure = read(agents=agents, **numbers)[code]

    assert figure.value is None
    assert figure.sentence


def test_what_is_missing_is_named_not_guessed():
    found = read(agents=None, PAR8A=2, states={"PAR8B": "unknown", "PAR8C": "unknown"})

    assert found["terminals"].missing == ("PAR8B", "PAR8D", "PAR8E", "agents")
    assert found["screens"].missing == ("PAR8C", "PAR8B")


def test_a_question_that_waits_for_another_is_missing_by_that_one():
    asked = [code for code in CODES if code != "ACH2B"] + ["ACH2"]
    found = read(asked=asked, conditions={"ACH2B": "ACH2", "ACH2": ""}, ACH2A=1000)

    assert found["reuse-spending"].missing == ("ACH2",)


def test_a_question_that_another_closes_counts_for_none():
    asked = [code for code in CODES if code != "ACH2B"] + ["ACH2"]
    found = read(
        asked=asked,
        conditions={"ACH2B": "ACH2", "ACH2": ""},
        states={"ACH2": "answered"},
        ACH2A=1000,
    )

    assert found["reuse-spending"].value == 0


def test_a_figure_that_a_first_answer_may_open_is_missing_and_one_that_it_closes_is_not_shown():
    asked = [code for code in CODES if code != "SEN1A"] + ["SEN1"]
    conditions = {"SEN1A": "SEN1", "SEN1": ""}

    waiting = read(asked=asked, conditions=conditions)
    closed = read(asked=asked, conditions=conditions, states={"SEN1": "answered"})

    assert waiting["aware-agents"].missing == ("SEN1",)
    assert "aware-agents" not in closed


def test_a_figure_that_is_not_asked_or_no_concern_is_not_shown():
    found = read(asked=[c for c in CODES if c != "ECO4"], states={"SEN1A": "not_applicable"})

    assert not {"rgaa", "aware-agents"} & found.keys()
