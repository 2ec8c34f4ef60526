"""The pages of the repository: everything they state has its source, every link leads somewhere."""

import json
import re

import pytest

from cms.cleaning import page_links
from cms.loading import load_pages, read_sources
from cms.models import GuidePage, HomePage
from questions.enums import AnswerState, QuestionKind, YesNo
from questions.loading import read_themes
from questions.scoring import AnswerFacts, QuestionFacts, Score, letter, score

SOURCES = read_sources()
GUIDES = [source for source in SOURCES if source.model is GuidePage]
LEGAL = ("accessibilite", "ecoconception", "mentions-legales", "donnees-personnelles", "contact")
LINK = re.compile(r"href=\"([^\"]*)\"|'url': '([^']*)'")
WELL_FORMED = re.compile(
    r"^(https://[^\s]+\.[a-z]{2,}(/\S*)?|/[a-z0-9/-]*|mailto:\S+@\S+|(guide|page|news):[a-z0-9-]+)$"
)
A_FIGURE = re.compile(r"\d\s*(%|kg|Mt|€|tonnes)")

by_key = pytest.mark.parametrize("source", SOURCES, ids=[source.key for source in SOURCES])
by_guide = pytest.mark.parametrize("source", GUIDES, ids=[source.slug for source in GUIDES])


def blocks(source, kind: str) -> list:
    return [part["value"] for part in source.fields["body"] if part["type"] == kind]


def test_every_file_becomes_a_page_and_no_link_is_broken(db, client):
    report = load_pages()

    assert len(report.created) == len(SOURCES)
    assert report.broken_links == []
    for source in SOURCES:
        page = source.model.objects.get(slug=source.slug)
        below = {"guide": "/guides/", "news": "/actualites/"}.get(source.link.split(":")[0], "/")
        address = "/" if source.model is HomePage else f"{below}{page.slug}/"
        assert client.get(address).status_code == 200


def test_the_pages_that_the_law_asks_for_are_there():
    assert set(LEGAL) <= {source.slug for source in SOURCES}


def test_there_are_at_least_ten_guides_and_one_for_each_theme():
    home = next(source for source in SOURCES if source.model is HomePage)
    themes = {theme["code"] for theme in home.fields["themes"]}

    assert len(GUIDES) >= 10
    assert themes <= {source.fields["theme"] for source in GUIDES}


@by_key
def test_links_are_filled_and_well_formed(source):
    links = ["".join(found) for found in LINK.findall(str(source.fields))]

    assert [link for link in links if not WELL_FORMED.match(link)] == []


@by_key
def test_links_to_pages_lead_to_files(source):
    assert page_links(source.fields) <= {other.link for other in SOURCES}


@by_guide
def test_a_guide_that_states_a_figure_or_a_duty_ends_with_its_sources(source):
    text = json.dumps(source.fields["body"], default=str, ensure_ascii=False)
    states_something = A_FIGURE.search(text) or re.search(r"\bloi\b|décret|article", text)

    assert not states_something or blocks(source, "sources")
    assert source.fields["body"][-1]["type"] == "sources"


@by_guide
def test_a_guide_invites_to_evaluate_and_says_what_to_do_in_an_hour(source):
    assert blocks(source, "call_to_evaluate")
    assert blocks(source, "steps")


def texts(value) -> str:
    """Return what a reader reads of the contents of a file."""
    if isinstance(value, dict):
        return " ".join(texts(part) for name, part in value.items() if name not in ("type", "url"))
    if isinstance(value, list):
        return " ".join(texts(part) for part in value)
    return re.sub(r"<[^>]+>", " ", str(value))


@by_guide
def test_a_guide_reads_in_five_minutes(source):
    read = [part for part in source.fields["body"] if part["type"] != "sources"]

    assert 400 <= len(re.findall(r"\w{2,}", texts(read))) <= 900


@by_key
def test_no_text_is_left_for_later(source):
    assert not re.search(r"lorem|TODO|à compléter|XXX|\{\{", str(source.fields), re.IGNORECASE)


# --- What the pages say of the questionnaire


# The example of « Comment l’indice est calculé »: what is not here is answered « non ».
YES = """
    GOV1 SEN1 SEN4 ACH2 ACH3 PAR1 PAR2 PAR6 PAR7 RES1 RES2 RES4 USA1 USA2 USA4 ECO1
""".split()  # noqa: SIM905 - read as they are told
SAINT_AUBIN = dict.fromkeys(YES, AnswerFacts(choice=YesNo.YES)) | {
    "PAR4": AnswerFacts(state=AnswerState.NOT_APPLICABLE),
    "USA3": AnswerFacts(state=AnswerState.NOT_APPLICABLE),
    "PAR5": AnswerFacts(state=AnswerState.UNKNOWN),
}
A_THEME = re.compile(r"<li>([^:<]+?)\s:\s(\d+)(?: points)? sur (\d+), indice (\d+)</li>")


def level_one() -> dict[str, list[QuestionFacts]]:
    return {
        theme["title"]: [
            QuestionFacts(q["code"], theme["code"], QuestionKind.YES_NO, q["weight"])
            for q in theme["questions"]
        ]
        for theme in read_themes(1)
    }


def told(found: Score) -> str:
    return f"100 × {found.points} ÷ {found.possible} = <strong>{found.index}, lettre {letter(found.index)}</strong>"


def test_the_worked_example_of_the_index_is_what_level_one_gives():
    body = next(s.fields["body"] for s in SOURCES if s.slug == "methode")
    page = json.dumps(body, default=str, ensure_ascii=False).replace("\xa0", " ")
    themes = level_one()
    everything = [question for questions in themes.values() for question in questions]

    by_theme = {title: score(questions, SAINT_AUBIN) for title, questions in themes.items()}
    found_later = SAINT_AUBIN | {"PAR5": AnswerFacts(choice=YesNo.YES)}

    assert A_THEME.findall(page) == [
        (title, str(s.points), str(s.possible), str(s.index)) for title, s in by_theme.items()
    ]
    assert told(score(everything, SAINT_AUBIN)) in page
    assert told(score(everything, found_later)) in page


def test_the_pages_count_the_questions_and_themes_of_level_two():
    themes = read_themes(2)
    count = sum(len(theme["questions"]) for theme in themes)
    said = [
        found
        for source in SOURCES
        for found in re.findall(r"(\d+) questions en (\w+) thèmes", str(source.fields))
    ]

    assert said
    assert set(said) == {(str(count), {9: "neuf"}[len(themes)])}
