from urllib.parse import quote

import pytest
from django.core import mail

from accounts.models import User
from tests.accounts.factories import PASSWORD

pytestmark = pytest.mark.django_db

ELSEWHERE = [
    "//evil.example",
    "https:evil.example",
    "https://evil.example/",
    "/\\evil.example",
    "\\\\evil.example",
    "javascript:alert(1)",
    "%2F%2Fevil.example",
    "https%3A%2F%2Fevil.example",
    "//testserver@evil.example",
    " //evil.example",
]


def test_the_right_password_opens_the_space(client, alice, log_in):
    response = log_in(client, "ALICE@valmont.example")

    assert response.url == "/espace/"


def test_a_known_and_an_unknown_address_get_the_same_answer(client, alice, log_in):
    known = log_in(client, "alice@valmont.example", "not-the-password")
    unknown = log_in(client, "nobody@valmont.example", "not-the-password")

    sentence = "L’adresse ou le mot de passe ne correspond pas."
    assert known.status_code == unknown.status_code == 200
    assert sentence in known.content.decode()
    assert sentence in unknown.content.decode()
    assert not mail.outbox


def test_the_session_changes_key_at_login_and_dies_at_logout(client, alice, log_in):
    client.get("/compte/connexion/")
    session = client.session
    session["seen"] = 1
    session.save()
    before = session.session_key

    response = log_in(client, "alice@valmont.example")
    after = response.cookies["sessionid"]
    client.post("/compte/deconnexion/")
    client.cookies["sessionid"] = after.value

    assert after.value != before
    assert (after["httponly"], after["samesite"]) == (True, "Lax")
    assert client.get("/compte/").status_code == 302


def test_a_get_asks_before_it_logs_out(client, alice, log_in):
    log_in(client, "alice@valmont.example")

    response = client.get("/compte/deconnexion/")

    assert response.status_code == 200
    assert client.get("/compte/").status_code == 200


def test_a_deactivated_account_is_out_at_the_next_request_everywhere(client_of, alice):
    browsers = [client_of(alice), client_of(alice)]
    assert [b.get("/compte/").status_code for b in browsers] == [200, 200]

    User.objects.filter(pk=alice.pk).update(is_active=False)

    assert [b.get("/compte/").status_code for b in browsers] == [302, 302]


def test_a_deactivated_account_does_not_log_in(client, alice, log_in):
    User.objects.filter(pk=alice.pk).update(is_active=False)

    response = log_in(client, "alice@valmont.example")

    assert response.url == "/compte/inactif/"
    assert client.get("/compte/").status_code == 302


@pytest.mark.parametrize("address", ELSEWHERE)
def test_login_and_logout_always_end_on_our_site(client, alice, log_in, address):
    page = client.get(f"/compte/connexion/?next={quote(address)}")
    logged_in = client.post(
        f"/compte/connexion/?next={quote(address)}",
        {"login": alice.email, "password": "sept-peupliers-bleus", "next": address},
    )
    logged_out = client.post("/compte/deconnexion/", {"next": address})

    assert page.status_code == 200
    for response in (logged_in, logged_out):
        assert response.status_code == 302
        assert response.url.startswith("/")
        assert not response.url.startswith(("//", "/\\"))


@pytest.mark.parametrize("address", ELSEWHERE)
def test_somebody_logged_in_is_not_sent_elsewhere_by_the_login_page(client_of, alice, address):
    response = client_of(alice).get("/compte/connexion/", {"next": address})

    assert response.status_code == 302
    assert response.url.startswith("/")
    assert not response.url.startswith(("//", "/\\"))


def test_the_page_asked_for_comes_after_login(client, alice):
    asked = client.get("/compte/")
    response = client.post(
        asked.url, {"login": alice.email, "password": "sept-peupliers-bleus", "next": "/compte/"}
    )

    assert asked.url == "/compte/connexion/?next=/compte/"
    assert response.url == "/compte/"


def test_a_form_sent_after_the_session_ended_leads_back_to_its_page_and_says_what_is_lost(
    client, alice, log_in
):
    page = "/espace/plan/12/etats/?quand=retard"

    refused = client.post(
        "/espace/plan/12/actions/plusieurs/", headers={"referer": f"http://testserver{page}"}
    )
    login = client.get(refused.url)
    after = client.post(refused.url, {"login": alice.email, "password": PASSWORD, "next": page})

    assert refused.url == f"/compte/connexion/?next={quote(page)}"
    assert "Session terminée" in login.content.decode()
    assert "pas ce que vous venez d’envoyer" in login.content.decode()
    assert after.url == page


@pytest.mark.parametrize(
    "referer",
    ["", "https://evil.example/espace/", "http://testserver//evil.example/", "javascript:alert(1)"],
)
def test_a_form_that_comes_from_elsewhere_leads_back_to_the_space(client, db, referer):
    refused = client.post("/espace/plan/12/actions/plusieurs/", headers={"referer": referer})

    assert refused.url == "/compte/connexion/?next=/espace/"


def test_a_page_asked_without_a_session_does_not_speak_of_one(client, db):
    login = client.get("/compte/", follow=True)

    assert "Session terminée" not in login.content.decode()


def test_forms_without_a_csrf_token_are_refused(client_of, alice):
    strict = client_of(alice, enforce_csrf_checks=True)

    for address in (
        "/compte/",
        "/compte/connexion/",
        "/compte/deconnexion/",
        "/compte/inscription/",
        "/compte/adresse/",
        "/compte/mot-de-passe/changer/",
        "/compte/mot-de-passe/oublie/",
        "/compte/second-facteur/application/activer/",
    ):
        assert strict.post(address, {"first_name": "Eve"}).status_code == 403, address

    alice.refresh_from_db()
    assert alice.first_name == "Alice"
