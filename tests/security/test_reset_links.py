"""The link of a forgotten password names our own domain, serves once, in its time, for its own account."""

import re
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core import mail

from tests.accounts.factories import PASSWORD

pytestmark = pytest.mark.django_db

FORGOTTEN = "/compte/mot-de-passe/oublie/"
NEW = "neuf-chemins-de-halage"
DEAD = "Ce lien ne marche plus"
FORGED = [
    {"HTTP_HOST": "evil.example"},
    {"HTTP_HOST": "testserver.evil.example"},
    {"HTTP_HOST": "testserver@evil.example"},
    {"HTTP_HOST": "testserver:80@evil.example"},
    {"HTTP_X_FORWARDED_HOST": "evil.example"},
    {"HTTP_X_FORWARDED_HOST": "testserver, evil.example"},
    {"HTTP_FORWARDED": "host=evil.example"},
    {"HTTP_X_HOST": "evil.example"},
    {"HTTP_X_FORWARDED_SERVER": "evil.example"},
    {"SERVER_NAME": "evil.example"},
]


def ask(client, email: str, **headers):
    return client.post(FORGOTTEN, {"email": email}, **headers)


def link_to(client, user) -> str:
    ask(client, user.email)
    return re.search(r"https?://[^/]+(/compte/mot-de-passe/lien/\S+)", mail.outbox[-1].body)[1]


def choose(client, link: str, password: str = NEW):
    """Open the link and choose a password; return the last answer."""
    page = client.get(link, follow=True)
    address = page.redirect_chain[-1][0] if page.redirect_chain else link
    return client.post(address, {"password1": password, "password2": password}, follow=True)


def password_is(user, password: str) -> bool:
    user.refresh_from_db()
    return user.check_password(password)


@pytest.mark.parametrize("headers", FORGED, ids=str)
def test_a_forged_host_is_refused_or_ignored(client, alice, settings, headers):
    response = ask(client, alice.email, **headers)

    assert response.status_code == (400 if {"HTTP_HOST", "SERVER_NAME"} & set(headers) else 302)
    assert len(mail.outbox) == (response.status_code == 302)
    for message in mail.outbox:
        hosts = re.findall(r"https?://([^/\s\"<]+)", message.body + message.alternatives[0].content)
        assert set(hosts) == {settings.WAGTAILADMIN_BASE_URL.split("//")[1]}


def test_the_redirect_after_a_forged_forwarded_host_stays_here(client, alice):
    assert ask(client, alice.email, HTTP_X_FORWARDED_HOST="evil.example").url.startswith("/compte/")


def test_the_link_serves_once(client_of, alice):
    link = link_to(client_of(), alice)
    choose(client_of(), link)

    again = choose(client_of(), link, "un-troisième-mot-long")

    assert DEAD in again.content.decode()
    assert password_is(alice, NEW)


def test_of_two_tabs_with_the_same_link_the_second_changes_nothing(client_of, alice):
    link = link_to(client_of(), alice)
    tabs = [client_of(), client_of()]
    forms = [tab.get(link, follow=True).redirect_chain[-1][0] for tab in tabs]

    for tab, form, password in zip(tabs, forms, (NEW, "un-troisième-mot-long"), strict=True):
        tab.post(form, {"password1": password, "password2": password})

    assert password_is(alice, NEW)


def test_the_link_dies_with_a_change_of_password_made_otherwise(client_of, alice):
    link = link_to(client_of(), alice)
    client_of(alice).post(
        "/compte/mot-de-passe/changer/",
        {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW},
    )

    late = choose(client_of(), link, "un-troisième-mot-long")

    assert DEAD in late.content.decode()
    assert password_is(alice, NEW)


def test_the_link_dies_with_a_change_of_address(client_of, alice):
    link = link_to(client_of(), alice)
    alice.emailaddress_set.update(email="autre@valmont.example")
    type(alice).objects.filter(pk=alice.pk).update(email="autre@valmont.example")

    assert DEAD in choose(client_of(), link).content.decode()
    assert password_is(alice, PASSWORD)


def test_the_link_dies_with_the_next_login(client_of, alice):
    """Django signs the last visit: who remembers her password after all kills the link that lies in her mailbox."""
    link = link_to(client_of(), alice)
    client_of().post("/compte/connexion/", {"login": alice.email, "password": PASSWORD})

    assert DEAD in choose(client_of(), link).content.decode()


@pytest.mark.parametrize(("hours", "alive"), [(4, True), (4.01, False)])
def test_the_link_lives_four_hours(client_of, alice, monkeypatch, hours, alive):
    asked_at = datetime(2027, 2, 1, 10, 0)
    monkeypatch.setattr(PasswordResetTokenGenerator, "_now", lambda self: asked_at)
    link = link_to(client_of(), alice)

    opened_at = asked_at + timedelta(hours=hours)
    monkeypatch.setattr(PasswordResetTokenGenerator, "_now", lambda self: opened_at)
    choose(client_of(), link)

    assert password_is(alice, NEW if alive else PASSWORD)


def test_the_form_opened_in_time_is_refused_when_sent_too_late(client_of, alice, monkeypatch):
    asked_at = datetime(2027, 2, 1, 10, 0)
    monkeypatch.setattr(PasswordResetTokenGenerator, "_now", lambda self: asked_at)
    browser = client_of()
    form = browser.get(link_to(browser, alice), follow=True).redirect_chain[-1][0]

    late_at = asked_at + timedelta(hours=5)
    monkeypatch.setattr(PasswordResetTokenGenerator, "_now", lambda self: late_at)
    browser.post(form, {"password1": NEW, "password2": NEW})

    assert password_is(alice, PASSWORD)


def test_the_token_of_one_opens_no_other_account(client_of, alice, bob):
    browser = client_of()
    uid_of_bob = re.search(r"lien/(\w+)-", link_to(browser, bob))[1]
    of_alice = link_to(browser, alice)

    crossed = re.sub(r"lien/\w+?-", f"lien/{uid_of_bob}-", of_alice, count=1)
    response = choose(client_of(), crossed)

    assert DEAD in response.content.decode()
    assert password_is(bob, PASSWORD)


def test_the_secret_kept_in_the_session_of_one_opens_no_other_account(client_of, alice, bob):
    browser = client_of()
    form = browser.get(link_to(browser, alice), follow=True).redirect_chain[-1][0]
    uid_of_bob = re.search(r"lien/(\w+)-", link_to(client_of(), bob))[1]

    browser.post(
        re.sub(r"lien/\w+?-", f"lien/{uid_of_bob}-", form, count=1),
        {"password1": NEW, "password2": NEW},
    )

    assert password_is(bob, PASSWORD)


def test_choosing_anew_ends_every_session_and_opens_none(client_of, alice):
    open_elsewhere = [client_of(alice), client_of(alice)]
    visitor = client_of()

    choose(visitor, link_to(visitor, alice))

    for browser in [*open_elsewhere, visitor]:
        assert browser.get("/compte/").url.startswith("/compte/connexion/")


def test_a_deactivated_account_gets_no_link(client_of, alice):
    type(alice).objects.filter(pk=alice.pk).update(is_active=False)

    ask(client_of(), alice.email)

    assert not re.search(r"/mot-de-passe/lien/", "".join(m.body for m in mail.outbox))
