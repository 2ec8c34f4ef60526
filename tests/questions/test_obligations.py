"""Which duties bind whom, and what the answers say of them. The facts and their sources are in questions/content/obligations.yaml."""

from datetime import date
from decimal import Decimal
from urllib.parse import urlsplit

import pytest

from questions.enums import ProfileFact
from questions.obligations import (
    TOTAL_POPULATION,
    Nature,
    Status,
    applicability,
    read_obligations,
    reading,
    readings,
)
from questions.portrait import Given, Portrait

LAW = read_obligations()
DUTIES = {duty.code: duty for duty in LAW.duties}
NOVEMBER = date(2026, 11, 24)

EVERYWHERE = {
    "agec-58-achats",
    "agec-58-declaration",
    "reemploi-reformes",
    "reparabilite",
    "deee",
    "accessibilite-mention",
    "accessibilite-declaration",
    "accessibilite-schema",
    "accessibilite-conformite",
    "rgpd-dpo",
    "rgpd-registre",
    "archives",
    "don",
    "logiciels",
    "antennes",
    "clauses-environnementales",
}
LARGER = EVERYWHERE | {"eco-energie-tertiaire", "donnees-ouvertes"}
ABOVE_50_000 = {"reen-programme", "reen-strategie", "reen-bilan"}
SMALL = {"site_web": True, "batiment_1000": False, "achats_50m": False}
PROFILES = {
    "a village of 300": (Portrait("commune", 300, agents=3, facts=SMALL), EVERYWHERE),
    "a town of 12 000": (
        Portrait("commune", 12_000, agents=120, facts=SMALL | {"batiment_1000": True}),
        LARGER,
    ),
    "an agglomeration of 90 000": (
        Portrait(
            "ca",
            90_000,
            agents=800,
            facts={"site_web": True, "batiment_1000": True, "achats_50m": True},
        ),
        LARGER | ABOVE_50_000 | {"spaser", "plan-climat", "nis-2"},
    ),
}


def portrait(kind="commune", population=850, conditions=None, **answers):
    asked = frozenset(answers)
    return Portrait(
        kind,
        population,
        facts=SMALL,
        conditions=dict.fromkeys(asked, "") | (conditions or {}),
        asked=asked,
        answers=answers,
    )


def read(code: str, known: Portrait, on: date = NOVEMBER):
    return reading(DUTIES[code], known, LAW, on)


def number(value) -> Given:
    return Given(number=Decimal(str(value)))


@pytest.mark.parametrize("profile", PROFILES)
def test_the_duties_that_apply_are_those_of_the_law(profile):
    known, expected = PROFILES[profile]

    found = readings(known, LAW, NOVEMBER)

    assert {row.duty.code for row in found if row.applies} == expected
    assert {row.duty.code for row in found if row.applies is None} == set()


@pytest.mark.parametrize(
    ("code", "kind", "population", "agents", "applies"),
    [
        ("reen-strategie", "commune", 47_619, None, False),
        ("reen-strategie", "commune", 50_001, None, True),
        ("reen-strategie", "departement", 900_000, None, False),
        ("reen-strategie", "commune", None, None, None),
        ("donnees-ouvertes", "commune", 3_500, 50, True),
        ("donnees-ouvertes", "commune", 3_300, 50, False),
        ("donnees-ouvertes", "commune", 3_500, 49, False),
        ("donnees-ouvertes", "commune", 3_500, None, None),
        ("donnees-ouvertes", "commune", 3_300, None, False),
        ("nis-2", "commune", 28_000, None, False),
        ("nis-2", "commune", 30_001, None, True),
        ("nis-2", "cc", 4_000, None, True),
        ("antennes", "syndicat", 4_000, None, False),
    ],
)
def test_thresholds_are_those_of_the_texts(code, kind, population, agents, applies):
    found = read(code, Portrait(kind, population, agents=agents))

    assert found.applies is applies


@pytest.mark.parametrize("municipal", [47_620, 50_000])
def test_just_under_a_threshold_the_total_population_decides_and_we_do_not_hold_it(municipal):
    found = read("reen-strategie", Portrait("commune", municipal))

    assert found.applies is None
    assert found.missing == (TOTAL_POPULATION,)


def test_a_threshold_is_shown_with_ones_own_value():
    found = read("reen-strategie", PROFILES["a town of 12 000"][0])

    assert [str(criterion) for criterion in found.criteria] == [
        "plus de 50\u202f000 habitants\u00a0: 12\u202f000\u00a0habitants",
    ]


def test_one_agent_is_singular():
    criteria = [
        str(criterion)
        for duty in LAW.duties
        for criterion in applicability(duty, Portrait("commune", 300, agents=1))[1]
    ]

    assert "au moins 50 agents\u00a0: 1\u00a0agent" in criteria


def test_a_fact_that_nobody_stated_is_missing():
    found = read("spaser", Portrait("commune", 30_000))

    assert (found.applies, found.status, found.missing) == (None, None, ("achats_50m",))


@pytest.mark.parametrize(
    ("code", "answers", "status"),
    [
        ("rgpd-dpo", {"RES8": Given(choice="oui")}, Status.MET),
        ("rgpd-dpo", {"RES8": Given(choice="non")}, Status.UNMET),
        ("rgpd-dpo", {"RES8": Given(state="unknown")}, Status.MISSING),
        ("rgpd-dpo", {"RES8": Given(state="not_applicable")}, Status.UNTOLD),
        ("rgpd-dpo", {}, Status.LEVEL_TWO),
        ("archives", {}, Status.UNTOLD),
        ("accessibilite-mention", {"ECO3": Given(choice="oui")}, Status.MET),
        ("accessibilite-mention", {"ECO3A": Given(choice="non")}, Status.MET),
        ("accessibilite-mention", {"ECO3A": Given(choice="absente")}, Status.UNMET),
        ("accessibilite-conformite", {"ECO4": number(100)}, Status.MET),
        ("accessibilite-conformite", {"ECO4": number(99)}, Status.UNMET),
        ("reemploi-reformes", {"PAR5A": number(4), "PAR5B": number(2)}, Status.MET),
        ("reemploi-reformes", {"PAR5A": number(4), "PAR5B": number(1)}, Status.UNMET),
        ("reemploi-reformes", {"PAR5A": number(0), "PAR5B": number(0)}, Status.MET),
        ("reemploi-reformes", {"PAR5A": number(1), "PAR5B": number(2)}, Status.UNMET),
        ("agec-58-achats", {"ACH2A": number(100), "ACH2B": number(20)}, Status.MET),
        ("agec-58-achats", {"ACH2A": number(100), "ACH2B": number(19)}, Status.UNTOLD),
        ("agec-58-achats", {"ACH2A": number(100), "ACH2B": number(120)}, Status.UNMET),
    ],
)
def test_the_answers_tell_whether_a_duty_is_met(code, answers, status):
    assert read(code, portrait(**answers)).status == status


def test_what_is_missing_is_the_question_to_answer_first():
    known = portrait(
        population=60_000,
        conditions={"GOV7": "GOV6"},
        GOV6=Given(state="unknown"),
    )

    found = read("reen-bilan", known)

    assert (found.status, found.missing) == (Status.MISSING, ("GOV6",))


def test_a_question_that_an_answer_closes_says_no_and_one_that_the_profile_leaves_out_says_nothing():
    closed = portrait(population=60_000, conditions={"GOV7": "GOV6"}, GOV6=Given(choice="en-cours"))
    left_out = portrait(conditions={"RES8": ""})

    found = read("reen-bilan", closed)
    assert (found.status, found.missing) == (Status.UNMET, ("GOV6",))
    assert read("rgpd-dpo", left_out).status == Status.UNTOLD


def test_a_question_that_a_not_concerned_closes_says_nothing():
    closed = portrait(conditions={"ECO3A": "ECO3"}, ECO3=Given(state="not_applicable"))

    assert read("accessibilite-mention", closed).status == Status.UNTOLD


@pytest.mark.parametrize(
    ("declared", "on", "status"),
    [
        (date(2026, 5, 2), date(2026, 7, 1), Status.MET),
        (date(2025, 12, 31), date(2026, 7, 1), Status.UNMET),
        (date(2025, 5, 2), date(2026, 6, 30), Status.MET),
        (date(2024, 12, 31), date(2026, 6, 30), Status.UNMET),
    ],
)
def test_a_yearly_declaration_holds_until_the_next_deadline(declared, on, status):
    assert read("agec-58-declaration", portrait(ACH12=Given(date=declared)), on).status == status


@pytest.mark.parametrize(
    ("year", "rate"), [(2022, None), (2023, 25), (2024, 35), (2025, 50), (2030, 50)]
)
def test_the_share_of_reuse_is_that_of_its_year(year, rate):
    assert LAW.rate("reuse_of_retired", year) == rate


def test_nothing_that_is_not_in_force_for_certain_is_called_a_duty():
    watched = read("nis-2", PROFILES["an agglomeration of 90 000"][0])

    assert (watched.duty.nature, watched.status) == (Nature.WATCH, None)


@pytest.mark.parametrize("duty", LAW.duties, ids=lambda duty: duty.code)
def test_every_duty_has_its_text_its_link_and_its_date(duty):
    assert all((duty.title, duty.text, duty.reference, duty.site, duty.who))
    for url in filter(None, (duty.url, duty.sanction_url)):
        assert urlsplit(url).scheme == "https"
    assert bool(duty.sanction) == bool(duty.sanction_url)
    assert duty.verified_on <= NOVEMBER
    for rule in duty.applies:
        assert set(rule.facts) <= set(ProfileFact.values)
    for test in duty.met_by:
        assert sum(map(bool, (test.answers, test.at_least, test.since, test.per))) == 1
        assert not test.rate or test.rate in LAW.rates


def test_the_codes_of_the_duties_are_unique():
    assert len(DUTIES) == len(LAW.duties)


@pytest.mark.parametrize(
    ("status", "one", "three"),
    [
        (Status.UNMET, "non remplie", "non remplies"),
        (Status.MISSING, "réponse manquante", "réponses manquantes"),
        (Status.LEVEL_TWO, "question du niveau 2", "questions du niveau 2"),
        (Status.UNTOLD, "à vérifier vous-même", "à vérifier vous-même"),
        (Status.MET, "remplie", "remplies"),
    ],
)
def test_a_number_of_duties_and_its_words_agree(status, one, three):
    assert (status.counted(1), status.counted(3)) == (one, three)
