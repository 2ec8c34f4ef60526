"""What level 2 adds to the check at publishing time: bands, bounds, and conditions that nobody could meet."""

import pytest

from questions.checking import reasons_not_to_publish
from questions.enums import EditionState, Level
from questions.models import Questionnaire
from tests.questions.factories import QuestionnaireFactory

pytestmark = pytest.mark.django_db

SOURCED = {"kind": "number", "bands_reason": "Durée d’usage moyenne, ADEME, 2024."}
BANDS = {"peu": 0, "assez": (1, 5)}


def draft_with(*questions: dict) -> Questionnaire:
    return QuestionnaireFactory(
        level=Level.TWO, edition="2028", state=EditionState.DRAFT, content={"parc": questions}
    )


@pytest.mark.parametrize(
    ("question", "reasons"),
    [
        ({"options": BANDS}, []),
        (
            {"options": {"peu": (0, 0), "assez": (1, 5)}},
            [
                "une seule tranche, la plus basse, est sans borne : les autres disent à partir de combien."
            ],
        ),
        (
            {"options": {"peu": 0, "assez": 1}},
            [
                "une seule tranche, la plus basse, est sans borne : les autres disent à partir de combien."
            ],
        ),
        (
            {"options": {"peu": 0, "assez": (1, 5), "beaucoup": (2, 5)}},
            ["deux tranches commencent au même nombre."],
        ),
        (
            {"options": BANDS, "maximum": 4},
            ["une tranche commence au-dessus du maximum : personne ne peut y tomber."],
        ),
        ({"options": BANDS, "maximum": 5}, []),
        (
            {"options": BANDS, "minimum": 5},
            [
                "une tranche commence au minimum ou plus bas : personne ne peut tomber dans celle d’en dessous."
            ],
        ),
        (
            {"options": {"peu": 0, "tout": (1, 0)}, "kind": "percent"},
            [
                "une tranche commence au minimum ou plus bas : personne ne peut tomber dans celle d’en dessous."
            ],
        ),
        (
            {"options": {"peu": 0, "tout": (1, 101)}, "kind": "percent"},
            ["une tranche commence au-dessus du maximum : personne ne peut y tomber."],
        ),
        (
            {"options": BANDS, "bands_reason": ""},
            ["dites pourquoi ces tranches, avec leur source."],
        ),
        ({"options": BANDS, "bands_reason": "", "weight": 0}, []),
        (
            {"weight": 0, "minimum": 0, "plausible_minimum": -1},
            ["ce qui est vraisemblable sort de ce qui est possible : revoyez ces bornes."],
        ),
        (
            {"weight": 0, "kind": "percent", "plausible_maximum": 120},
            ["ce qui est vraisemblable sort de ce qui est possible : revoyez ces bornes."],
        ),
        ({"weight": 0, "minimum": 0, "maximum": 9, "plausible_maximum": 9}, []),
        ({"weight": 0, "plausible_minimum": 2, "plausible_maximum": 9}, []),
    ],
)
def test_bands_and_bounds_leave_no_figure_without_an_answer(question, reasons):
    draft = draft_with({"code": "PAR2A", **SOURCED, **question})

    assert reasons_not_to_publish(draft) == [f"PAR2A : {reason}" for reason in reasons]


def part(whole, **traits) -> dict:
    return {
        "code": "PAR5B",
        "kind": "number",
        "unit": "appareils",
        "weight": 0,
        "whole": whole,
        **traits,
    }


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        (part("PAR5A"), None),
        (part("PAR9"), "elle fait partie de PAR9, qui n’est pas dans l’édition."),
        (part("PAR5B"), "elle fait partie d’elle-même."),
        (part("PAR5A", unit="ans"), "elle ne se compte pas comme PAR5A, dont elle fait partie : donnez-leur la même unité."),
        (part("PAR5A", kind="amount"), "elle ne se compte pas comme PAR5A, dont elle fait partie : donnez-leur la même unité."),
        (part("PAR5A", kind="text"), "seul un chiffre fait partie d’un tout."),
        (part("ages", kind="percent"), None),
        (part("sites", kind="percent"), "elle est seule à se partager « sites » : écrivez-le aussi sur les autres parts."),
    ],
)  # fmt: skip
def test_a_part_has_a_whole_of_its_kind_or_other_shares(question, reason):
    draft = draft_with(
        {"code": "PAR5A", "kind": "number", "unit": "appareils", "weight": 0},
        {"code": "AGE1", "kind": "percent", "weight": 0, "whole": "ages"},
        {"code": "AGE2", "kind": "percent", "weight": 0, "whole": "ages"},
        question,
    )

    assert reasons_not_to_publish(draft) == ([f"PAR5B : {reason}"] if reason else [])


def test_a_scored_question_of_a_kind_that_earns_nothing_is_named():
    draft = draft_with({"code": "PAR1", "kind": "text", "options": {"long": 2}})

    assert reasons_not_to_publish(draft) == [
        "PAR1 : aucune réponse ne rapporte de points. Donnez-en, ou mettez son poids à 0."
    ]


def test_a_condition_may_wait_for_a_band_of_a_figure():
    draft = draft_with(
        {"code": "PAR2A", **SOURCED, "options": BANDS},
        {"code": "PAR2B", "condition_code": "PAR2A", "condition_answers": "assez"},
        {"code": "PAR2C", "condition_code": "PAR2A", "condition_answers": "trop"},
    )

    assert reasons_not_to_publish(draft) == [
        "PAR2C : sa condition attend « trop », que PAR2A ne propose pas."
    ]


@pytest.mark.parametrize(
    ("mother", "daughter", "seen"),
    [
        ({}, {}, True),
        ({"applies_to_kinds": "commune"}, {"applies_to_kinds": "commune,cc"}, True),
        ({"applies_to_kinds": "commune"}, {"applies_to_kinds": "cc, ca"}, False),
        ({"applies_to_kinds": "commune"}, {}, True),
        ({"max_population": 3499}, {"min_population": 3500}, False),
        ({"max_population": 3500}, {"min_population": 3500}, True),
        ({"min_population": 50_000}, {"max_population": 2_000}, False),
        ({"applies_to_facts": "serveurs"}, {"applies_to_facts": "site_web"}, True),
    ],
)
def test_a_question_that_no_collectivite_could_be_asked_is_named(mother, daughter, seen):
    draft = draft_with(
        {"code": "PAR1", **mother},
        {"code": "PAR1A", "condition_code": "PAR1", "condition_answers": "oui", **daughter},
    )

    told = (
        "PAR1A : personne ne la voit : PAR1, dont elle dépend, est posée à d’autres collectivités."
    )
    assert reasons_not_to_publish(draft) == ([] if seen else [told])


def test_a_question_is_out_of_reach_when_its_grandmother_is():
    draft = draft_with(
        {"code": "PAR1", "applies_to_kinds": "cc"},
        {"code": "PAR1A", "condition_code": "PAR1", "condition_answers": "oui"},
        {
            "code": "PAR1B",
            "condition_code": "PAR1A",
            "condition_answers": "oui",
            "applies_to_kinds": "commune",
        },
    )

    assert reasons_not_to_publish(draft) == [
        "PAR1B : personne ne la voit : PAR1, dont elle dépend, est posée à d’autres collectivités."
    ]


def test_a_question_that_hangs_on_a_loop_is_named_with_it():
    draft = draft_with(
        {"code": "PAR1", "condition_code": "PAR2", "condition_answers": "oui"},
        {"code": "PAR2", "condition_code": "PAR1", "condition_answers": "oui"},
        {"code": "PAR3", "condition_code": "PAR1", "condition_answers": "oui"},
    )

    assert reasons_not_to_publish(draft) == [
        f"{code} : sa condition revient sur elle-même." for code in ("PAR1", "PAR2", "PAR3")
    ]
