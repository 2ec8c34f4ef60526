"""What every visitor reads: the measures, each of them, and the questions before answering."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Page

from questions.catalogue import OTHER, Shelf, shelves
from questions.enums import Cost, EditionState, Level, Priority, ThreeSteps
from questions.loading import load_edition
from questions.models import Measure, Question
from questions.public_views import PAGE
from tests.questions.factories import (
    MORNING,
    MeasureFactory,
    QuestionFactory,
    QuestionnaireFactory,
    ThemeFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

MAX_ELEMENTS, MAX_QUERIES = 290, 6  # budgets of the platform: docs/sobriety.md
LIST, QUESTIONS = "/mesures/", "/questionnaire/"


@pytest.fixture
def edition():
    return QuestionnaireFactory(content={"achats": ["ACH1", "ACH2"], "parc": ["PAR1"]})


def titles(response) -> list[tuple]:
    return [
        (shelf.title, [measure.code for measure in shelf.measures])
        for shelf in response.context["shelves"]
    ]


def text(response) -> str:
    return response.content.decode()


# --- Open to all, for reading


@pytest.mark.parametrize("address", [LIST, "/mesures/M-ACH1/", QUESTIONS])
@pytest.mark.parametrize("who", [None, "alice", "omar", "editor"])
def test_everybody_reads_them_and_nobody_posts(client_of, request, edition, address, who):
    MeasureFactory(code="M-ACH1")
    client = client_of(who and request.getfixturevalue(who))

    assert client.get(address).status_code == 200
    assert client.head(address).status_code == 200
    assert client.post(address).status_code == 405


# --- The list


def test_measures_are_by_theme_in_the_order_of_the_edition_the_urgent_first(client, edition):
    MeasureFactory(code="M-PAR1", theme_code="parc")
    MeasureFactory(code="M-ACH1", theme_code="achats", priority=Priority.LOW)
    MeasureFactory(code="M-ACH2", theme_code="achats", priority=Priority.HIGH)
    MeasureFactory(code="M-XXX", theme_code="ancien")

    assert titles(client.get(LIST)) == [
        ("Achats", ["M-ACH2", "M-ACH1"]),
        ("Parc", ["M-PAR1"]),
        (OTHER, ["M-XXX"]),
    ]


def test_they_come_by_pages_and_the_filters_stay(client, edition):
    for n in range(PAGE + 1):
        MeasureFactory(code=f"M-{n:02}", theme_code="achats" if n < 20 else "parc")

    first = client.get(LIST, {"cost": "none"})
    second = client.get(LIST, {"cost": "none", "page": 2})

    assert [len(codes) for _, codes in titles(first)] == [20, 10]
    assert titles(second) == [("Parc", [f"M-{PAGE}"])]
    assert "?cost=none&amp;page=2" in text(first)
    assert f"{PAGE + 1} mesures" in text(second)


def test_shelves_without_theme_or_measure():
    assert shelves([], {"achats": "Achats"}) == []
    measure = MeasureFactory.build(priority=Priority.LOW)
    assert shelves([measure], {}) == [Shelf(OTHER, (measure,))]


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("", ["M-1", "M-2", "M-3"]),
        ("theme=achats", ["M-1", "M-2"]),
        ("effort=high", ["M-2", "M-3"]),
        ("cost=none", ["M-1", "M-3"]),
        ("gain=low", ["M-3"]),
        ("theme=achats&effort=high", ["M-2"]),
        ("theme=parc&effort=low", []),
        ("effort=&cost=", ["M-1", "M-2", "M-3"]),
    ],
)
def test_filters_are_in_the_address(client, edition, query, codes):
    MeasureFactory(code="M-1", theme_code="achats", effort="low", cost=Cost.NONE, gain="high")
    MeasureFactory(code="M-2", theme_code="achats", effort="high", cost=Cost.LOW, gain="high")
    MeasureFactory(code="M-3", theme_code="parc", effort="high", cost=Cost.NONE, gain="low")

    response = client.get(f"{LIST}?{query}")

    found = [code for _, shelf in titles(response) for code in shelf]
    assert found == codes
    assert response.context["page"].paginator.count == len(codes)


def test_what_was_chosen_stays_chosen(client, edition):
    MeasureFactory(effort=ThreeSteps.HIGH)

    page = text(client.get(f"{LIST}?effort=high"))

    assert '<option value="high" selected>Fort</option>' in page
    assert "Tout afficher" in page


def test_an_unknown_filter_is_told_beside_its_field_and_filters_nothing(client, edition):
    MeasureFactory(code="M-1")

    response = client.get(f"{LIST}?effort=<b>&theme=%00")

    assert titles(response) == [("Achats", ["M-1"])]
    assert "&lt;b&gt; n’en fait pas partie" in text(response).replace("&#x27;", "’")
    assert "<b>" not in text(response)


def test_no_measure_for_these_criteria_says_what_to_do(client, edition):
    MeasureFactory(effort="low")

    page = text(client.get(f"{LIST}?effort=high"))

    assert "Aucune mesure pour ces critères" in page
    assert "Voir toutes les mesures" in page


def test_an_instance_without_measures_says_what_to_read(client):
    assert "Les mesures arrivent" in text(client.get(LIST))


def test_a_measure_in_draft_is_nowhere(client, edition):
    MeasureFactory(code="M-1", title="Mesure cachée", live=False)

    assert "Mesure cachée" not in text(client.get(LIST))
    assert client.get("/mesures/M-1/").status_code == 404


# --- One measure


def test_a_measure_tells_all_it_has(client, edition):
    measure = MeasureFactory(
        code="M-ACH1",
        title="Acheter moins <b>",
        why="Parce que fabriquer pèse.",
        how="Faire une liste.\n\nLa montrer au conseil.",
        effort=ThreeSteps.LOW,
        cost=Cost.MEDIUM,
        gain=ThreeSteps.HIGH,
        legal_reference="Loi AGEC, art. 58",
        reen_objective=1,
    )
    measure.indicators.create(label="Achats évités", unit="nombre")
    measure.resources.create(title="Guide des achats", url="https://www.ademe.fr/achats")
    measure.save()
    guide = Page.objects.get(depth=2)
    question = Question.objects.get(code="ACH1")
    question.guide = guide
    question.measures.set([measure])
    question.save()

    response = client.get(reverse("measures:measure", args=["M-ACH1"]))

    page = text(response)
    for words in (
        "<title>Acheter moins &lt;b&gt; – Éco-clic</title>",
        '<meta name="description" content="Parce que fabriquer pèse.">',
        '<li aria-current="page">Acheter moins &lt;b&gt;</li>',
        "<li>Faire une liste.</li><li>La montrer au conseil.</li>",
        "<dd>Faible</dd>",
        "<dd>500 à 5\u00a0000\u00a0€</dd>",
        "<dd>Fort</dd>",
        "Achats évités",
        '<a href="https://www.ademe.fr/achats">Guide des achats</a>',
        "Loi AGEC, art. 58",
        "Objectif 1 ",
        '<a href="/questionnaire/#ACH1">Question ACH1 ?</a>',
        f'<a href="/">{guide.title}</a>',
        '<a class="badge" href="/mesures/?theme=achats">Achats</a>',
    ):
        assert words in page, words


def test_a_question_that_both_levels_ask_is_shown_once_beside_a_measure(client, edition):
    second = QuestionnaireFactory(level=Level.TWO, content={"achats": ["ACH1", "ACH9"]})
    measure = MeasureFactory(code="M-ACH1")
    for question in Question.objects.filter(code__in=["ACH1", "ACH9"]):
        question.measures.set([measure])
        question.save()

    shown = client.get("/mesures/M-ACH1/").context["questions"]

    assert [question.code for question in shown] == ["ACH1", "ACH9"]
    assert shown[0].theme.questionnaire_id != second.pk


def test_a_measure_of_no_published_question_says_so_by_saying_nothing(client):
    edition = QuestionnaireFactory(state=EditionState.RETIRED, content={"achats": ["ACH1"]})
    measure = MeasureFactory(code="M-ACH1")
    question = Question.objects.get(theme__questionnaire=edition)
    question.measures.set([measure])
    question.save()

    page = text(client.get("/mesures/M-ACH1/"))

    assert "Questions liées" not in page
    assert "Le guide" not in page


@pytest.mark.parametrize("code", ["INCONNU", "m-ach1", "%00", "%3Cb%3E", "a" * 500])
def test_an_unknown_measure_is_a_clean_404(client, edition, code):
    MeasureFactory(code="M-ACH1")

    response = client.get(f"/mesures/{code}/")

    assert response.status_code == 404
    assert "Cette page n’existe pas" in text(response)


# --- The questions


def test_the_questions_of_the_published_edition_are_shown_with_their_help(client, edition):
    Question.objects.filter(code="ACH1").update(help="Regardez <i>les factures</i>.")
    QuestionnaireFactory(edition="2028", state=EditionState.DRAFT, content={"brouillon": ["BRO1"]})
    QuestionnaireFactory(level=2, content={"deux": ["DEU1"]})

    page = text(client.get(QUESTIONS))

    assert page.index("Achats</h2>") < page.index("Question ACH1 ?") < page.index("Parc</h2>")
    assert "Regardez &lt;i&gt;les factures&lt;/i&gt;." in page
    assert "3 questions en 2 thèmes" in page
    assert "BRO1" not in page
    assert "DEU1" not in page
    assert '<a class="button" href="/espace/">Évaluer ma collectivité</a>' in page


def test_without_published_edition_the_page_says_what_to_read(client):
    QuestionnaireFactory(state=EditionState.DRAFT, content={"achats": ["ACH1"]})

    page = text(client.get(QUESTIONS))

    assert "Le questionnaire n’est pas encore publié" in page
    assert "ACH1" not in page


# --- What it costs


def add_row(edition, number: int) -> None:
    """A theme, its question, and a measure for which every question so far calls."""
    theme = ThemeFactory(questionnaire=edition, order=number)
    QuestionFactory(theme=theme, code=f"QUE{number}")
    measure = MeasureFactory(code=f"M-{number}", theme_code=theme.code)
    measure.indicators.create(label="Achats évités", unit="nombre")
    measure.resources.create(title="Guide", url="https://www.ademe.fr")
    measure.save()
    for question in Question.objects.all():
        question.measures.set(Measure.objects.all())
        question.save()


def count_queries(client, address) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@pytest.mark.parametrize("address", [LIST, "/mesures/M-1/", QUESTIONS])
def test_three_rows_cost_no_more_queries_than_one(client, address):
    edition = QuestionnaireFactory()
    add_row(edition, 1)
    client.get(address)  # what is read once per process
    one = count_queries(client, address)

    add_row(edition, 2)
    add_row(edition, 3)

    assert count_queries(client, address) == one
    assert one <= MAX_QUERIES


@pytest.mark.parametrize("address", [LIST, "/mesures/M-GOV1/", QUESTIONS])
def test_with_the_real_content_the_pages_stay_light(client, address):
    for level in (1, 2):
        load_edition(level=level, edition="2027", title="Repères", introduction="", at=MORNING)

    page = text(client.get(address))

    assert page.count("<") - page.count("</") < MAX_ELEMENTS
