"""What machines read: plan, robots, feed, security contact."""

from datetime import date
from xml.etree import ElementTree

import pytest
from wagtail.models import PageViewRestriction

from cms.views import OTHER_PUBLIC_PAGES
from tests.cms.factories import make_guide, make_news, make_news_index, make_page

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def test_the_sitemap_holds_every_public_page_and_no_other(client, guides):
    make_guide(guides)
    make_guide(guides, slug="brouillon", live=False)
    hidden = make_page(guides.get_parent(), slug="cache")
    PageViewRestriction.objects.create(page=hidden, restriction_type="login")

    tree = ElementTree.fromstring(client.get("/sitemap.xml").content)

    assert [loc.text for loc in tree.iter(f"{SITEMAP}loc")] == [
        "http://testserver/",
        "http://testserver/guides/",
        "http://testserver/guides/acheter/",
        "http://testserver/questionnaire/",
        "http://testserver/mesures/",
        "http://testserver/donnees-ouvertes/",
    ]


def test_the_sitemap_follows_the_host_that_was_asked(client, guides):
    content = client.get("/sitemap.xml", headers={"host": "localhost"}).content.decode()

    assert "http://localhost/guides/" in content


def test_robots_are_kept_out_of_what_is_not_public(client, home):
    content = client.get("/robots.txt").content.decode()

    assert "Disallow: /admin/" in content
    assert "Disallow: /espace/" in content
    assert "Sitemap: http://testserver/sitemap.xml" in content


def test_the_feed_gives_the_news_latest_first(client, home):
    index = make_news_index(home)
    make_news(index, slug="un", title="Un", published_on=date(2026, 11, 1))
    make_news(index, slug="deux", title="Deux & <trois>", published_on=date(2026, 11, 2))

    response = client.get("/flux/actualites.xml")

    items = list(ElementTree.fromstring(response.content).iter("item"))
    assert response["Content-Type"].startswith("application/rss+xml")
    assert [item.findtext("title") for item in items] == ["Deux & <trois>", "Un"]
    assert items[0].findtext("link") == "http://testserver/actualites/deux/"


def test_the_security_contact_is_told_as_rfc_9116_wants_it(client, home, settings):
    settings.NATIONAL_CONTACT_EMAIL = "secours@national.example"

    lines = client.get("/.well-known/security.txt").content.decode().splitlines()

    assert lines[0] == "Contact: mailto:secours@national.example"
    assert lines[1].startswith("Expires: 20")
    assert lines[1].endswith("T00:00:00Z")
    assert "Canonical: http://testserver/.well-known/security.txt" in lines


def test_the_plan_shows_pages_below_their_section(client, guides):
    make_guide(guides)

    content = client.get("/plan-du-site/").content.decode()

    assert content.index('href="/guides/"') < content.index('href="/guides/acheter/"')


def test_the_plan_links_the_public_pages_of_the_other_apps(client, home):
    content = client.get("/plan-du-site/").content.decode()
    main = content[content.index("<main") : content.index("</main>")]

    assert [path for path in OTHER_PUBLIC_PAGES if f'href="{path}"' not in main] == []


@pytest.mark.parametrize(
    "address",
    [
        "/sitemap.xml",
        "/robots.txt",
        "/flux/actualites.xml",
        "/theme.css",
        "/plan-du-site/",
        "/.well-known/security.txt",
    ],
)
def test_nothing_is_posted_there(client, home, address):
    if address != "/flux/actualites.xml":
        assert client.post(address).status_code == 405


@pytest.mark.parametrize("address", ["/sitemap.xml", "/plan-du-site/", "/flux/actualites.xml"])
@pytest.mark.parametrize("count", [1, 3])
def test_lists_cost_the_same_however_long(
    client, home, address, count, django_assert_max_num_queries
):
    index = make_news_index(home)
    for number in range(count):
        make_news(index, slug=f"n{number}")
    client.get(address)

    with django_assert_max_num_queries(6):
        client.get(address)
