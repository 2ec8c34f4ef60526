"""The starter content keeps the promises of the editors: every figure and duty has its source, every link is well-formed."""

import re
from urllib.parse import urlsplit

import pytest

from questions.enums import Cost, Priority, ReenObjective, ThreeSteps
from questions.loading import read_themes

THEMES = [
    "gouvernance",
    "sensibilisation",
    "achats",
    "parc",
    "reseaux-donnees",
    "usages",
    "ecoconception",
]
LEVEL_ONE = {
    "gouvernance": ["GOV1", "GOV2", "GOV3"],
    "sensibilisation": ["SEN1", "SEN2", "SEN3", "SEN4"],
    "achats": ["ACH1", "ACH2", "ACH3", "ACH4", "ACH5"],
    "parc": ["PAR1", "PAR2", "PAR3", "PAR4", "PAR5", "PAR6", "PAR7"],
    "reseaux-donnees": ["RES1", "RES2", "RES3", "RES4"],
    "usages": ["USA1", "USA2", "USA3", "USA4"],
    "ecoconception": ["ECO1", "ECO2", "ECO3"],
}
# A figure that needs a source: a share, a mass, an energy, a sum, a large number.
FIGURE = re.compile(
    r"\d[\d\s\u00a0\u202f,]*(%|kg|Mt|tonnes?|kWh|MWh|TWh|W\b|€|Go\b|To\b)|\d[\u00a0\u202f]\d{3}"
)
YEAR = re.compile(r"\b(19|20)\d{2}\b")

themes = read_themes(1)
questions = [question for theme in themes for question in theme["questions"]]
measures = [measure for theme in themes for measure in theme["measures"]]


def by_code(row) -> str:
    return row["code"]


def assert_well_formed(url: str) -> None:
    parts = urlsplit(url)
    assert parts.scheme == "https", url
    assert "." in parts.netloc, url
    assert " " not in url


def test_the_seven_themes_are_in_order():
    assert [theme["code"] for theme in themes] == THEMES


def test_the_thirty_questions_are_those_of_level_one():
    assert {t["code"]: [q["code"] for q in t["questions"]] for t in themes} == LEVEL_ONE
    assert len(questions) == 30


@pytest.mark.parametrize("question", questions, ids=by_code)
def test_a_question_is_short_asks_and_helps(question):
    assert question["text"].endswith("\u00a0?")
    assert len(question["text"]) <= 160
    assert len(question["help"]) >= 40
    assert question["weight"] in (1, 2, 3)
    assert bool(question["not_applicable_hint"]) == question["allows_not_applicable"]


@pytest.mark.parametrize("question", questions, ids=by_code)
def test_a_non_is_explained(question):
    for name in ("principle", "interest", "first_step"):
        assert len(question[name].split()) >= 15, name


@pytest.mark.parametrize("question", questions, ids=by_code)
def test_every_question_has_a_source_with_its_year_and_link(question):
    assert question["sources"]
    for source in question["sources"]:
        assert source["label"].strip()
        assert 2000 <= source["year"] <= 2026
        assert_well_formed(source["url"])


@pytest.mark.parametrize("question", questions, ids=by_code)
def test_a_figure_in_the_interest_names_its_year(question):
    if FIGURE.search(question["interest"]):
        assert YEAR.search(question["interest"])


@pytest.mark.parametrize("question", questions, ids=by_code)
def test_an_obligation_has_its_reference_link_and_date_and_nothing_else_has(question):
    for name in ("obligation_reference", "obligation_url", "obligation_verified_on"):
        assert bool(question[name]) == bool(question["obligation"]), name
    if question["obligation"]:
        assert_well_formed(question["obligation_url"])
    assert question["obligation_min_population"] in (None, 50_000)


@pytest.mark.parametrize("question", questions, ids=by_code)
def test_a_question_leads_to_measures_that_exist_and_to_a_guide(question):
    codes = {measure["code"] for measure in measures}

    assert question["measures"]
    assert set(question["measures"]) <= codes
    assert question["guide"]


@pytest.mark.parametrize("measure", measures, ids=by_code)
def test_a_measure_is_complete(measure):
    assert len(measure["title"]) <= 90
    assert measure["why"].strip()
    assert 3 <= len(measure["how"]) <= 6
    assert measure["effort"] in ThreeSteps.values
    assert measure["gain"] in ThreeSteps.values
    assert measure["cost"] in Cost.values
    assert measure["priority"] in Priority.values
    assert measure["reen_objective"] in (None, *ReenObjective.values)
    assert measure["theme"] in THEMES


@pytest.mark.parametrize("measure", measures, ids=by_code)
def test_a_measure_has_indicators_with_units_and_resources_with_links(measure):
    assert 1 <= len(measure["indicators"]) <= 3
    assert all(i["label"].strip() and str(i["unit"]).strip() for i in measure["indicators"])
    assert 1 <= len(measure["resources"]) <= 3
    for resource in measure["resources"]:
        assert resource["title"].strip()
        assert_well_formed(resource["url"])


def test_every_measure_is_proposed_by_a_question():
    proposed = {code for question in questions for code in question["measures"]}

    assert {measure["code"] for measure in measures} == proposed
    assert len(measures) == len({measure["code"] for measure in measures})


@pytest.mark.parametrize("row", [*questions, *measures], ids=by_code)
def test_no_text_holds_markup_or_promises_carbon_for_sorting_mails(row):
    text = " ".join(str(value) for value in row.values())

    assert not re.search(r"<[a-z/]|\*\*|\]\(", text)
    assert "avec succès" not in text
    assert not re.search(r"supprim\w+ (vos|ses|les) (courriels|mails)[^.]*CO", text, re.IGNORECASE)
