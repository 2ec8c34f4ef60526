import pytest

from cms.searching import plain
from tests.cms.factories import make_guide, make_page, text


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("Écoconception", "ecoconception"),
        ("les ordinateurs de l’école", "ordinateur ecole"),
        ("réseaux", "reseau"),
        ("journaux", "journal"),
        ("Cœur", "coeur"),
        ("loi n° 2021-1485", "loi 2021 1485"),
        ("'\"*(){}[]:;\\%_", ""),
        ("\x00\ufffd", ""),
    ],
)
def test_words_lose_accents_plurals_and_empty_words(typed, words):
    assert plain(typed) == words


def titles(client, query: str, **params) -> list[str]:
    response = client.get("/recherche/", {"q": query, **params})
    assert response.status_code == 200
    return [result.title for result in response.context["results"]]


@pytest.mark.parametrize(
    "query",
    [
        "reconditionné",
        "reconditionne",
        "RECONDITIONNÉS",
        "ordinateurs",
        "ordinateur longtemps",
        "comment acheter un ordinateur",
        "durée",
    ],
)
def test_a_guide_is_found_whatever_the_accents_plurals_and_order(client, guides, query):
    make_guide(guides, body=text("<p>Un ordinateur dure longtemps : sa <b>durée</b> compte.</p>"))
    make_page(guides.get_parent(), title="Contact")

    assert titles(client, query) == ["Acheter du reconditionné"]


def test_a_page_that_holds_one_word_of_several_is_better_than_nothing(client, guides):
    make_guide(guides)

    assert titles(client, "ordinateur girafe") == ["Acheter du reconditionné"]


def test_a_title_comes_before_a_text(client, guides):
    make_guide(guides, slug="a", title="Autre", body=text("<p>Il faut une sauvegarde.</p>"))
    make_guide(guides, slug="b", title="La sauvegarde", body=text("<p>Chaque nuit.</p>"))

    assert titles(client, "sauvegarde") == ["La sauvegarde", "Autre"]


def test_what_is_not_published_is_not_found(client, guides):
    make_guide(guides, slug="brouillon", title="Le brouillon", live=False)
    guide = make_guide(guides)

    guide.title = "Girafe"
    guide.body = text("<p>Hippopotame</p>")
    guide.save_revision()

    assert titles(client, "brouillon") == []
    assert titles(client, "girafe") == []
    assert titles(client, "hippopotame") == []


def test_a_page_withdrawn_is_found_no_more(client, guides):
    make_guide(guides).unpublish()

    assert titles(client, "reconditionné") == []


def test_a_restricted_page_is_not_found(client, guides):
    from wagtail.models import PageViewRestriction

    guide = make_guide(guides)
    PageViewRestriction.objects.create(page=guide, restriction_type="login")

    assert titles(client, "reconditionné") == []


@pytest.mark.parametrize(
    "query",
    [
        "a" * 5000,
        "mot " * 500,
        '" OR 1=1 --',
        "AND OR NOT NEAR(",
        "'*'",
        "<script>alert(1)</script>",
        "😀",
        "\x00",
        "%' AND",
        "::tsquery & | !",
    ],
)
def test_a_long_or_strange_query_is_answered_calmly(client, guides, query):
    make_guide(guides)

    response = client.get("/recherche/", {"q": query})

    assert response.status_code == 200
    assert "<script>alert(1)</script>" not in response.content.decode()


@pytest.mark.parametrize("page", ["0", "-1", "99", "x", ""])
def test_a_strange_page_number_shows_the_nearest(client, guides, page):
    make_guide(guides)

    assert titles(client, "reconditionné", page=page) == ["Acheter du reconditionné"]


def test_results_are_shown_ten_at_a_time(client, guides):
    for number in range(11):
        make_guide(guides, slug=f"guide-{number}")

    assert len(titles(client, "reconditionné")) == 10
    assert len(titles(client, "reconditionné", page=2)) == 1


def test_nothing_found_says_what_to_do(client, guides):
    content = client.get("/recherche/", {"q": "zzzz"}).content.decode()

    assert "Aucune page ne correspond" in content
    assert 'href="/guides/"' in content


@pytest.mark.parametrize("count", [1, 3])
def test_results_cost_the_same_however_many(client, guides, count, django_assert_max_num_queries):
    for number in range(count):
        make_guide(guides, slug=f"guide-{number}")
    client.get("/recherche/", {"q": "reconditionné"})

    with django_assert_max_num_queries(9):
        client.get("/recherche/", {"q": "reconditionné"})


def test_the_search_refuses_post(client, home):
    assert client.post("/recherche/", {"q": "a"}).status_code == 405
