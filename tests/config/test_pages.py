"""The head and foot of every page, the pages of errors, and the weight of what they load."""

import gzip
import re

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import resolve

from config.gallery import gallery
from config.views import csrf_failure

MANDATORY = (
    "/accessibilite/",
    "/ecoconception/",
    "/mentions-legales/",
    "/donnees-personnelles/",
    "/contact/",
    "/plan-du-site/",
)
KILOBYTE = 1000


def rendered(client, user=None) -> str:
    request = RequestFactory().get("/guides/achats/")
    if user is not None:
        request.user = user
    return render_to_string("404.html", {"user": user} if user else {}, request)


def weight(path: str) -> float:
    """Return the kilobytes of a static file once compressed."""
    return len(gzip.compress((settings.BASE_DIR / "static" / path).read_bytes())) / KILOBYTE


@pytest.mark.django_db
def test_an_unknown_address_says_what_to_do(client):
    response = client.get("/nulle-part/")

    assert response.status_code == 404
    assert "Cette page n’existe pas" in response.content.decode()


@pytest.mark.parametrize("code", [400, 500])
def test_an_error_is_told_without_knowing_anything_of_the_visitor(code):
    html = render_to_string(f"{code}.html")

    assert "<h1>" in html
    assert "Éco-clic" in html


@pytest.mark.django_db
@pytest.mark.django_db
def test_the_address_of_a_form_that_is_opened_as_a_page_says_what_to_do(client_of, alice):
    response = client_of(alice).get("/espace/evaluations/commencer/")

    assert response.status_code == 405
    assert response["Allow"] == "POST"
    assert response["X-Frame-Options"] == "DENY"
    assert "Aller à mon espace" in response.content.decode()


def test_a_form_opened_too_long_ago_says_what_to_do():
    response = csrf_failure(RequestFactory().post("/compte/"))

    assert response.status_code == 403
    assert "ouvert depuis trop longtemps" in response.content.decode()


@pytest.mark.django_db
def test_a_visitor_is_offered_to_log_in_or_sign_up(client):
    html = rendered(client)

    assert "Se connecter" in html
    assert "Créer un compte" in html
    assert "Se déconnecter" not in html


def test_a_person_logs_out_by_a_form(client, alice):
    html = rendered(client, alice)

    assert re.search(r'<form method="post" action="[^"]+">\s*<input type="hidden" name="csrf', html)
    assert "Se déconnecter" in html
    assert "Créer un compte" not in html


@pytest.mark.django_db
def test_every_page_leads_to_those_that_the_law_asks_for(client):
    html = rendered(client)

    assert all(f'href="{address}"' in html for address in MANDATORY)
    assert "Accessibilité\u00a0: non conforme" in html


@pytest.mark.django_db
def test_every_page_begins_with_a_link_to_its_content(client):
    html = rendered(client)

    first_link = re.search(r"<a [^>]+>", html).group()
    assert 'href="#contenu"' in first_link
    assert html.count('<main id="contenu"') == html.count("<h1>") == 1
    assert '<html lang="fr">' in html


@pytest.mark.django_db
def test_the_menu_says_where_we_are(client):
    html = rendered(client)

    assert '<a href="/guides/" aria-current="true">' in html
    assert html.count("aria-current") == 1


def test_the_gallery_is_closed_outside_development():
    assert resolve("/composants/").func is not gallery


@pytest.mark.parametrize(
    ("path", "limit"),
    [
        ("css/eco-clic.css", 8),
        ("js/eco-clic.js", 1.2),
        ("img/favicon.svg", 0.5),
        ("img/social.png", 30),
    ],
)
def test_what_every_page_loads_stays_light(path, limit):
    assert weight(path) <= limit


def test_the_wordmark_weighs_less_than_a_kilobyte():
    assert len(render_to_string("components/wordmark.html").encode()) < KILOBYTE
