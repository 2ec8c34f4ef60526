"""The pages of the repository: everything they state has its source, every link leads somewhere."""

import json
import re

import pytest

from cms.cleaning import page_links
from cms.loading import load_pages, read_sources
from cms.models import GuidePage, HomePage

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
