"""The doors of the back office: ours, and shut to who has no business there."""

from datetime import timedelta

import pytest
from django.utils import timezone

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

PEOPLE_WITHOUT_ACCESS = ["alice", "bob", "chloe", "paul", "lone", "omar"]


@pytest.mark.parametrize("person", PEOPLE_WITHOUT_ACCESS)
@pytest.mark.parametrize(
    "address", ["/admin/", "/admin/pages/", "/admin/users/", "/admin/account/"]
)
def test_who_may_not_open_it_gets_403_and_no_loop(client_of, request, person, address):
    client = client_of(request.getfixturevalue(person))

    assert client.get(address).status_code == 403


def test_a_visitor_is_sent_to_our_login_page(client):
    response = client.get("/admin/")

    assert response.url == "/compte/connexion/?next=/admin/"


def test_wagtails_login_leads_to_ours_with_the_page_asked_for(client):
    assert client.get("/admin/login/").url == "/compte/connexion/"
    assert client.get("/admin/login/", {"next": "/admin/pages/"}).url == (
        "/compte/connexion/?next=%2Fadmin%2Fpages%2F"
    )
    assert client.post("/admin/login/", {"username": "x", "password": "y"}).status_code == 405
    assert client.get("/_util/login/").url == "/compte/connexion/"


@pytest.mark.parametrize("rest", ["", "done/", "confirm/MQ/abc-def/", "complete/"])
def test_wagtails_password_reset_leads_to_ours(client, rest):
    for ask in (client.get, client.post):
        assert ask(f"/admin/password_reset/{rest}").url == "/compte/mot-de-passe/oublie/"


def test_wagtails_logout_is_ours(client_of, nadia):
    client = client_of(nadia)

    assert client.get("/admin/logout/").status_code == 200
    assert client.get("/admin/").status_code == 200
    assert client.post("/admin/logout/").url == "/"
    assert client.get("/admin/").status_code == 302


def test_the_national_team_changes_neither_address_nor_password_there(client_of, nadia):
    page = client_of(nadia).get("/admin/account/").content.decode()

    assert 'name="name_email-email"' not in page
    assert "old_password" not in page


@pytest.fixture
def at_desk(client_of, nadia, monkeypatch):
    """Nadia's browser, and a clock that a test may move."""
    clock = {"now": timezone.now()}
    monkeypatch.setattr("accounts.middleware.timezone.now", lambda: clock["now"])
    return client_of(nadia), clock


def test_the_national_team_is_logged_out_after_two_hours_away(at_desk, settings):
    client, clock = at_desk
    client.get("/admin/")

    clock["now"] += timedelta(seconds=settings.STAFF_IDLE_SECONDS + 1)
    response = client.get("/admin/pages/")

    assert response.url == "/compte/connexion/?next=/admin/pages/"
    assert client.get("/compte/").status_code == 302


def test_activity_keeps_the_session(at_desk, settings):
    client, clock = at_desk

    for _ in range(4):
        assert client.get("/admin/").status_code == 200
        clock["now"] += timedelta(seconds=settings.STAFF_IDLE_SECONDS - 1)


def test_other_people_are_not_logged_out_for_thinking(client_of, alice, monkeypatch, settings):
    client = client_of(alice)
    client.get("/compte/")
    later = timezone.now() + timedelta(seconds=settings.STAFF_IDLE_SECONDS + 1)
    monkeypatch.setattr("accounts.middleware.timezone.now", lambda: later)

    assert client.get("/compte/").status_code == 200
