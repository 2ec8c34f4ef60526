import pytest
from bs4 import BeautifulSoup
from django.core.files.base import ContentFile
from wagtail.documents.models import Document
from wagtail.models import Page, PageViewRestriction

from cms.models import (
    FaqPage,
    GuideIndexPage,
    GuidePage,
    HomePage,
    NewsIndexPage,
    NewsPage,
    StandardPage,
)
from questions.enums import EditionState
from questions.models import Measure, Question, Questionnaire, Theme
from tests.cms.factories import (
    make_faq,
    make_guide,
    make_news,
    make_news_index,
    make_page,
    stream,
    text,
)


def soup(client, address: str) -> BeautifulSoup:
    response = client.get(address)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


# --- The tree


@pytest.mark.parametrize(
    ("model", "below"),
    [
        (HomePage, {GuideIndexPage, NewsIndexPage, FaqPage, StandardPage}),
        (GuideIndexPage, {GuidePage}),
        (NewsIndexPage, {NewsPage}),
        (GuidePage, set()),
        (NewsPage, set()),
        (FaqPage, set()),
        (StandardPage, set()),
    ],
)
def test_each_page_holds_only_what_belongs_there(model, below):
    assert set(model.allowed_subpage_models()) == below


def test_the_root_holds_nothing_but_the_home_page():
    assert set(Page.allowed_subpage_models()) & {HomePage, GuidePage, StandardPage} == {HomePage}


@pytest.mark.parametrize(
    "address", ["/guides/acheter/nimporte/", "/acheter/", "/guides/nimporte/", "/home/"]
)
def test_an_address_of_no_page_is_not_found(client, guides, address):
    make_guide(guides)

    assert client.get(address).status_code == 404


def test_a_draft_is_not_found(client, guides):
    make_guide(guides, live=False)

    assert client.get("/guides/acheter/").status_code == 404


def test_a_page_of_a_withdrawn_section_stays_at_its_address(client, guides):
    """As with Wagtail's own routing: a section can be withdrawn without its pages."""
    make_guide(guides)
    Page.objects.filter(pk=guides.pk).update(live=False)

    assert client.get("/guides/acheter/").status_code == 200
    assert client.get("/guides/").status_code == 404


def test_a_restricted_page_asks_who_is_there(client, guides):
    guide = make_guide(guides)
    PageViewRestriction.objects.create(page=guide, restriction_type="login")

    assert client.get("/guides/acheter/").status_code == 302


# --- Home


def test_the_home_page_promises_shows_a_sample_and_leads_to_the_evaluation(client, home, guides):
    make_guide(guides)

    page = soup(client, "/")

    assert page.h1.text == "Un numérique plus sobre"
    assert page.find("a", class_="button", string="Évaluer ma collectivité")["href"] == "/espace/"
    assert "Commune imaginaire" in page.main.text
    assert page.find("svg", class_="radar") is not None
    assert page.find("a", href="/guides/?theme=parc").text == "Parc"
    assert page.find("a", href="/guides/acheter/") is not None
    assert page.find("a", href="/accessibilite/").text == "Accessibilité\u00a0: non conforme"


def test_the_home_page_of_an_instance_without_themes_still_stands(client, home):
    home.themes = "[]"
    home.save_revision().publish()

    assert soup(client, "/").find("svg", class_="radar") is None


# --- Guides


def test_guides_are_filtered_by_the_theme_of_the_address(client, guides):
    make_guide(guides, slug="un", title="Un", theme="achats")
    make_guide(guides, slug="deux", title="Deux", theme="parc")

    page = soup(client, "/guides/?theme=parc")

    assert [card.text for card in page.main.find_all("h2")] == ["Deux"]
    assert page.main.find("a", attrs={"aria-current": "page"}, class_="badge").text == "Parc"


@pytest.mark.parametrize("theme", ["usages", "inconnu", "%27%22<script>", "%00inconnu"])
def test_a_theme_without_guide_says_where_to_go(client, guides, theme):
    make_guide(guides)

    page = soup(client, f"/guides/?theme={theme}")

    assert page.find(class_="empty").a["href"] == "/guides/"


def test_no_guide_at_all_leads_to_the_evaluation(client, guides):
    assert soup(client, "/guides/").find(class_="empty").a["href"] == "/espace/"


def test_a_guide_says_its_theme_its_date_and_how_long_it_reads(client, guides):
    make_guide(guides, body=text(f"<p>{'mot ' * 450}</p>"))

    head = soup(client, "/guides/acheter/").find(class_="page-head").text

    assert "Achats" in head
    assert "24 novembre 2026" in head
    assert "3 minutes de lecture" in head


def test_a_guide_is_told_to_machines_and_social_networks(client, guides):
    make_guide(guides)

    head = soup(client, "/guides/acheter/").head

    def content(name):
        return head.find("meta", property=name)["content"]

    assert head.title.text == "Acheter du reconditionné – Éco-clic"
    assert head.find("link", rel="canonical")["href"] == "http://testserver/guides/acheter/"
    assert content("og:title") == "Acheter du reconditionné"
    assert content("og:type") == "article"
    assert content("og:description") == "Un ordinateur d’occasion suffit presque toujours."
    assert head.find("meta", attrs={"name": "description"})["content"] == content("og:description")


def test_the_way_back_is_shown(client, guides):
    make_guide(guides)

    trail = soup(client, "/guides/acheter/").find(class_="breadcrumb")

    assert [link["href"] for link in trail.find_all("a")] == ["/", "/guides/"]
    assert trail.find(attrs={"aria-current": "page"}).text == "Acheter du reconditionné"


def test_every_block_is_printed_with_its_source(client, guides):
    source = {"label": "Ademe", "year": 2025, "url": "https://a.example/etude"}
    document = Document.objects.create(title="Modèle", file=ContentFile(b"x" * 2048, name="m.odt"))
    body = stream(
        {"type": "text", "value": "<h2>D’abord</h2><p>Lisez.</p>"},
        {
            "type": "key_number",
            "value": {
                "value": "4,4 %",
                "label": "de l’empreinte",
                "source": "Ademe",
                "year": 2025,
                "url": source["url"],
            },
        },
        {"type": "steps", "value": {"title": "En une heure", "steps": ["Compter", "Ranger"]}},
        {"type": "example", "value": {"title": "Exemple", "text": "<p>Une <b>commune</b>.</p>"}},
        {"type": "quote", "value": {"text": "Les communes…", "author": "Loi"}},
        {"type": "download", "value": {"document": document.pk, "label": "Le modèle"}},
        {"type": "call_to_evaluate", "value": {"text": "Et chez vous ?"}},
        {"type": "sources", "value": [source]},
    )
    make_guide(guides, body=body)

    article = soup(client, "/guides/acheter/").article

    assert [title.text for title in article.find_all(["h2", "h3"])] == [
        "D’abord",
        "En une heure",
        "Exemple",
        "Sources",
    ]
    assert article.find(class_="key-figure").a["href"] == source["url"]
    assert [item.text for item in article.ol.find_all("li")] == ["Compter", "Ranger"]
    assert article.find(class_="explanation").b.text == "commune"
    assert "Le modèle (ODT" in article.find("a", href=document.url).text
    assert article.find("aside").a["href"] == "/espace/"
    assert article.find(class_="sources").a["href"] == source["url"]


def test_links_of_every_text_are_found_in_one_query(client, guides, django_assert_num_queries):
    contact = make_page(guides.get_parent())
    link = f'<p><a linktype="page" id="{contact.pk}">a</a></p>'
    gone = '<p><a linktype="page" id="99999">b</a><a linktype="page" id="x">c</a></p>'
    body = stream(*[{"type": "text", "value": html} for html in (link, link, gone)])
    make_guide(guides, body=body)
    client.get("/guides/acheter/")

    with django_assert_num_queries(9):
        article = soup(client, "/guides/acheter/").article

    assert [a.get("href") for a in article.find_all("a")] == ["/contact/", "/contact/", None, None]


MARKER = '<script>alert("x")</script>'


def test_whatever_an_editor_types_is_text(client, guides):
    body = stream(
        {"type": "steps", "value": {"title": MARKER, "steps": [MARKER]}},
        {"type": "quote", "value": {"text": MARKER, "author": '<a linktype="page" id="1">x</a>'}},
        {"type": "call_to_evaluate", "value": {"text": MARKER}},
    )
    make_guide(guides, title=MARKER, summary=MARKER, body=body)

    page = soup(client, "/guides/acheter/")

    assert page.h1.text == MARKER
    assert [script.get("src") for script in page.find_all("script") if not script.get("src")] == []


# --- Other pages


def test_news_are_listed_and_tell_their_feed(client, home):
    make_news(make_news_index(home))

    page = soup(client, "/actualites/")

    assert page.main.find("h2").a["href"] == "/actualites/ouverture/"
    assert page.find("link", type="application/rss+xml")["href"] == "/flux/actualites.xml"
    assert soup(client, "/actualites/ouverture/").h1.text == "La plateforme ouvre"


def test_no_news_says_so(client, home):
    make_news_index(home)

    assert soup(client, "/actualites/").find(class_="empty").a["href"] == "/guides/"


def test_questions_open_without_javascript(client, home):
    make_faq(home, ["<p>Vingt minutes.</p>"])

    details = soup(client, "/faq/").find("details", class_=False)
    faq = soup(client, "/faq/").find(class_="faq")

    assert details is not None
    assert faq.summary.text == "Combien de temps ?"
    assert faq.find("p").text == "Vingt minutes."


def test_the_publisher_is_printed_from_the_settings_or_said_to_be_missing(client, home):
    from wagtail.models import Site

    from cms.models import SiteSettings

    make_page(
        home,
        body=stream({"type": "legal_entity", "value": None}, {"type": "contact", "value": None}),
    )
    assert "pas encore renseignés" in soup(client, "/contact/").main.text

    instance = SiteSettings.for_site(Site.objects.get())
    instance.legal_name, instance.siren, instance.host_name = "Déclic", "123456789", "Hébergeur"
    instance.contact_email = "contact@instance.example"
    instance.save()

    page = soup(client, "/contact/")
    assert "SIREN : 123 456 789" in page.main.text.replace("\u00a0", " ")
    assert page.find("a", href="mailto:contact@instance.example") is not None


# --- Cost


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("address", ["/", "/guides/", "/actualites/", "/faq/", "/contact/"])
def test_pages_cost_at_most_twelve_queries_however_much_they_hold(
    client, guides, address, count, django_assert_max_num_queries
):
    home = guides.get_parent()
    contact = make_page(home, body=text("<p>a</p>"))
    link = f'<p><a linktype="page" id="{contact.pk}">a</a></p>'
    news = make_news_index(home)
    for number in range(count):
        make_guide(guides, slug=f"g{number}")
        make_news(news, slug=f"n{number}")
    make_faq(home, [link] * count)
    client.get(address)

    with django_assert_max_num_queries(10):
        client.get(address)


# --- Questions that a guide helps to answer


@pytest.fixture
def asked(guides):
    """Return a function that links a question and its measure to a guide, in an edition of a given state."""

    def ask(guide, state: str, code: str, live: bool = True, level: int = 1):
        questionnaire, _ = Questionnaire.objects.get_or_create(
            level=level,
            edition=state,
            defaults={"title": "Évaluation", "state": EditionState.DRAFT},
        )
        theme, _ = Theme.objects.get_or_create(
            questionnaire=questionnaire, code="achats", defaults={"title": "Achats"}
        )
        question = Question(
            theme=theme, code=code, text=f"Question {code} ?", guide=guide, live=live
        )
        question.save()
        question.measures.set(
            [
                Measure.objects.get_or_create(
                    code=f"M-{code}", defaults={"title": f"Mesure {code}", "theme_code": "achats"}
                )[0]
            ]
        )
        question.save()
        Questionnaire.objects.filter(pk=questionnaire.pk).update(state=state)

    return ask


def test_a_guide_leads_to_the_measures_of_its_published_questions_only(client, guides, asked):
    guide = make_guide(guides)
    other = make_guide(guides, slug="autre")
    asked(guide, "published", "Q1")
    asked(guide, "draft", "Q2")
    asked(guide, "retired", "Q3")
    asked(other, "draft", "Q4")

    related = soup(client, "/guides/acheter/").find(class_="related")

    assert [item.text for item in related.find("ul").find_all("li")] == ["Question Q1 ?"]
    assert [a["href"] for a in related.find_all("a")] == ["/espace/", "/mesures/M-Q1/"]


def test_a_question_that_both_levels_ask_is_shown_once_beside_its_guide(client, guides, asked):
    guide = make_guide(guides)
    asked(guide, "published", "Q1")
    asked(guide, "published", "Q1", level=2)

    related = soup(client, "/guides/acheter/").find(class_="related")

    assert [item.text for item in related.find("ul").find_all("li")] == ["Question Q1 ?"]


def test_a_guide_without_question_leads_to_the_lists(client, guides):
    make_guide(guides)

    related = soup(client, "/guides/acheter/").find(class_="related")

    assert [a["href"] for a in related.find_all("a")] == ["/guides/", "/mesures/"]


@pytest.mark.parametrize("count", [1, 3])
def test_a_guide_costs_at_most_twelve_queries_however_many_questions(
    client, guides, asked, count, django_assert_max_num_queries
):
    contact = make_page(guides.get_parent())
    guide = make_guide(guides, body=text(f'<p><a linktype="page" id="{contact.pk}">a</a></p>'))
    for number in range(count):
        asked(guide, "draft", f"Q{number}")
    Questionnaire.objects.update(state=EditionState.PUBLISHED)
    client.get("/guides/acheter/")

    with django_assert_max_num_queries(10):
        client.get("/guides/acheter/")
