"""Attempts are slowed, then refused with a delay; other people go on."""

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.cache.backends.db import DatabaseCache

from config.settings.base import CACHES
from tests.accounts.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_wrong_passwords_on_one_account_from_many_addresses_are_refused(client, alice, bob, log_in):
    answers = [
        log_in(client, alice.email, "wrong", REMOTE_ADDR=f"10.0.0.{n}").status_code
        for n in range(1, 21)
    ]

    assert answers == [200] * 5 + [429] * 15
    assert log_in(client, bob.email).url == "/espace/"


def test_the_refusal_says_in_french_how_long_to_wait(client, alice, log_in):
    for n in range(6):
        response = log_in(client, alice.email, "wrong", REMOTE_ADDR=f"10.0.0.{n}")

    page = response.content.decode()
    assert response.status_code == 429
    assert response["Retry-After"] == "600"
    assert "minutes" in page
    assert 'lang="fr"' in page


def test_the_limit_is_kept_in_the_cache_that_processes_share(client, alice, log_in):
    for n in range(6):
        log_in(client, alice.email, "wrong", REMOTE_ADDR=f"10.0.0.{n}")
    assert log_in(client, alice.email).status_code == 429

    cache.clear()

    assert log_in(client, alice.email).url == "/espace/"


def test_the_shared_cache_keeps_the_attempts_of_a_whole_country():
    """Past its bound a cache forgets attempts that count; the suite has another cache than the site."""
    shared = DatabaseCache("cache", CACHES["default"])

    assert shared._max_entries == 100_000


def test_many_accounts_tried_from_one_address_are_refused(client, log_in):
    people = [UserFactory() for _ in range(12)]

    answers = [log_in(client, person.email, "wrong").status_code for person in people]

    assert answers == [200] * 10 + [429] * 2


def test_a_forged_forwarding_header_changes_nothing(client, log_in):
    answers = [
        log_in(
            client, f"x{n}@valmont.example", "wrong", HTTP_X_FORWARDED_FOR=f"10.0.0.{n}"
        ).status_code
        for n in range(12)
    ]

    assert answers[-2:] == [429, 429]


def test_many_accounts_opened_from_one_address_are_refused(client, sign_up):
    answers = []
    for n in range(22):
        client.cookies.clear()
        answers.append(sign_up(client, f"x{n}@valmont.example").status_code)

    assert answers == [302] * 20 + [429] * 2


@pytest.mark.parametrize("email", ["alice@valmont.example", "nobody@valmont.example"])
def test_few_reset_mails_go_to_one_address_known_or_not(client, alice, email):
    answers = [
        client.post(
            "/compte/mot-de-passe/oublie/", {"email": email}, REMOTE_ADDR=f"10.0.0.{n}"
        ).status_code
        for n in range(1, 6)
    ]

    assert answers == [302, 302, 302, 429, 429]
    assert len(mail.outbox) == 3


def test_codes_are_not_resent_without_end(client, sign_up):
    sign_up(client, "alice@valmont.example")

    for _ in range(5):
        client.post("/compte/verification/", {"action": "resend"})

    assert len(mail.outbox) == 3
