"""Nothing is posted without a token, and reading changes nothing."""

import hashlib

import pytest
from django.db import connection
from django.http import HttpResponseForbidden
from django.urls import reverse

from tests.permissions.building import asking
from tests.permissions.test_matrix import (
    ADDRESSES,
    ADMIN_NAMES,
    POSITIONAL,
    admin_url,
    nothing,
)
from tests.permissions.world import ARGUMENTS, BODIES

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

# What a visit may leave: its session, the last visit, Wagtail's list of who has a page open, and her preferences there.
LEFT_BY_A_VISIT = {
    "django_session",
    "wagtailadmin_editingsession",
    "wagtailusers_userprofile",
}
LAST_VISIT = {"accounts_user": {"last_login"}}
# Not asked: what ends the session of the visit, and Wagtail's page that fails on purpose.
NOT_ASKED = {"account_logout", "wagtailadmin_logout", "wagtailadmin_error_test"}

# Asked by mail programs, which have no token: the signed address is the right, and it can only end a mail (RFC 8058).
WITHOUT_A_TOKEN = {"plans:unsubscribe"}


def address(name: str, world) -> str:
    return POSITIONAL.get(name) or reverse(name, kwargs=ARGUMENTS.get(name, nothing)(world))


def addresses(world, role: str) -> dict[str, str]:
    """Return every address of the site by its name: those of the matrix, and the back office's for who opens it."""
    found = {name: address(name, world) for name in ADDRESSES}
    if role == "root":
        found |= {name: url for name in ADMIN_NAMES if (url := admin_url(name))}
    return {name: url for name, url in found.items() if name not in NOT_ASKED}


def reader(world, role: str):
    """Return a browser; the back office has pages that fail on the root of the tree, as « move » does: not ours."""
    return world.browser(role, raise_request_exception=role != "root")


def refuse_in_a_word(request, reason="") -> HttpResponseForbidden:
    """For two thousand refusals; their page is seen in tests/config/test_pages.py."""
    return HttpResponseForbidden()


@pytest.mark.parametrize("role", ["anonymous", "A0", "root"])
def test_nothing_is_posted_without_a_token(world, role, settings):
    settings.CSRF_FAILURE_VIEW = refuse_in_a_word
    browser = world.browser(role, enforce_csrf_checks=True)

    accepted = {}
    for name, url in addresses(world, role).items():
        for method in ("post", "put", "patch", "delete"):
            with asking():
                answer = getattr(browser, method)(url, BODIES.get(name, nothing)(world))
            if answer.status_code != 403 and name not in WITHOUT_A_TOKEN:
                accepted[f"{method} {name}"] = answer.status_code
            if role != "anonymous":
                break  # the three other methods once: the middleware asks neither who nor what
    assert accepted == {}


@pytest.mark.parametrize("role", ["A1", "root"])
def test_reading_every_address_changes_no_row(world, role):
    asked = addresses(world, role)
    before = fingerprints()

    with asking():
        for url in asked.values():
            reader(world, role).get(url)
        changed = changed_since(before)

    assert changed == set(), who_changes(world, role, asked)


def who_changes(world, role: str, asked: dict[str, str]) -> dict[str, set[str]]:
    """Return the addresses at fault, to be read in the failure: each asked again alone."""
    before, found = fingerprints(), {}
    for name, url in asked.items():
        with asking():
            reader(world, role).get(url)
            if changed := changed_since(before):
                found[name] = changed
    return found


def changed_since(before: dict[str, str]) -> set[str]:
    after = fingerprints()
    return {table for table in before if before[table] != after[table]}


def fingerprints() -> dict[str, str]:
    """Return a digest of the rows of each table."""
    names = connection.introspection.table_names()
    return {name: _digest(name) for name in names if name not in LEFT_BY_A_VISIT}


def _digest(table: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
        kept = [
            index
            for index, column in enumerate(cursor.description)
            if column[0] not in LAST_VISIT.get(table, ())
        ]
        rows = sorted(repr([row[index] for index in kept]) for row in cursor.fetchall())
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()


def test_the_fingerprints_see_a_changed_row(world):
    before = fingerprints()

    with asking():
        world.objects["alpha"].__class__.objects.update(website="https://autre.example")
        changed = changed_since(before)

    assert changed == {"territories_collectivite"}
