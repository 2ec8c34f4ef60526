"""The whole URLconf is in the matrix, and the answers are those of the matrix."""

import re
import tomllib
from functools import cache
from pathlib import Path

import pytest
from django.contrib import auth
from django.http import HttpResponseForbidden
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from territories import current
from tests.permissions.building import asking
from tests.permissions.world import ARGUMENTS, BODIES, MARKER, ROLES

pytestmark = pytest.mark.django_db

MATRIX = tomllib.loads((Path(__file__).parent / "matrix.toml").read_text(encoding="utf-8"))
GROUPS = MATRIX["groups"]
ADDRESSES = MATRIX["addresses"]
PREFIXES = MATRIX["prefixes"]
# Unnamed doors of Wagtail that lead to our own login, tested in tests/accounts/test_back_office.py.
UNNAMED = ("_util/login/", "admin/login/", "admin/logout/", "admin/password_reset/")
WAGTAIL_DOOR = "wagtailcore_login"
POSITIONAL = {"wagtail_serve": "/guides/", "wagtaildocs_serve": "/documents/1/un-document.pdf"}


def nothing(world) -> dict:
    return {}


def walk(patterns, prefix="", namespace=""):
    """Yield (path, name) of every pattern of the URLconf."""
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield path, ":".join(filter(None, [namespace, pattern.name or ""]))
        elif isinstance(pattern, URLResolver):
            inner = ":".join(filter(None, [namespace, pattern.namespace or ""]))
            yield from walk(pattern.url_patterns, path, inner)


PATTERNS = list(walk(get_resolver().url_patterns))
ADMIN_NAMES = sorted({name for path, name in PATTERNS if path.startswith("admin/") and name})


def roles(allowed) -> set[str]:
    return set(GROUPS[allowed] if isinstance(allowed, str) else allowed)


def outcome(response) -> str:
    """Return « login », « refused » or « allowed »."""
    if response.status_code == 302 and response["Location"].startswith("/compte/connexion/"):
        return "login"
    return "refused" if response.status_code in (401, 403, 404, 429) else "allowed"


def test_every_address_stands_in_the_matrix():
    unknown = [
        f"{name} ({path})"
        for path, name in PATTERNS
        if name not in ADDRESSES
        and not path.startswith((*PREFIXES, *UNNAMED))
        and name != WAGTAIL_DOOR
    ]
    assert unknown == []


def test_the_matrix_names_no_address_that_is_gone():
    assert set(ADDRESSES) - {name for _, name in PATTERNS} == set()


@pytest.mark.parametrize("name", ADDRESSES)
def test_the_answers_are_those_of_the_matrix(name, world):
    answers = {role: ask(name, world, world.browser(role)) for role in ROLES}

    assert {
        role: answer for role, answer in answers.items() if answer != expected(name, role)
    } == {}


def expected(name: str, role: str) -> str:
    if role in roles(ADDRESSES[name]["allowed"]):
        return "allowed"
    has_login = not ADDRESSES[name].get("token")
    return "login" if role == "anonymous" and has_login else "refused"


def ask(name: str, world, client) -> str:
    """Ask an address once and undo whatever came of it; return the outcome, or what is wrong with the answer."""
    rule = ADDRESSES[name]
    url = POSITIONAL.get(name) or reverse(name, kwargs=ARGUMENTS.get(name, nothing)(world))
    with asking():
        if rule.get("method", "GET") == "POST":
            response = client.post(url, BODIES.get(name, nothing)(world))
        else:
            response = client.get(url)
    if response.status_code >= 500 or response.status_code == 405:
        return f"status {response.status_code}"
    if response.status_code == 404 and rule.get("missing"):
        return "allowed"
    answer = outcome(response)
    if answer != "allowed" and MARKER in content(response):
        return f"{answer}, but shows a word of ALPHA"
    return answer


def content(response) -> str:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return body.decode(errors="replace")


@pytest.mark.any_database
@pytest.mark.parametrize("role", sorted(set(ROLES) - roles(PREFIXES["admin/"]["allowed"])))
def test_the_back_office_is_closed_to(role, world, monkeypatch):
    client = world.browser(role)
    ask_once_who_one_is(monkeypatch)

    opened = []
    for name in ADMIN_NAMES:
        url = admin_url(name)
        with asking():
            response = client.get(url) if url else None
        if response and outcome(response) == "allowed" and response.status_code not in (302, 405):
            opened.append(name)
    assert set(opened) <= {"wagtailadmin_logout"}  # asks whether to log out, whoever one is


def ask_once_who_one_is(monkeypatch) -> None:
    """A thousand refusals: who one is is read once, with her rights, and the page of the refusal is seen elsewhere."""
    monkeypatch.setattr("config.urls.handler403", refuse_in_a_word, raising=False)
    monkeypatch.setattr(auth, "get_user", once(auth.get_user, by=lambda request: request.COOKIES))
    monkeypatch.setattr(
        current, "memberships_of", once(current.memberships_of, by=lambda user: user.pk)
    )


def once(function, *, by):
    """Return the function with its answers remembered by what `by` reads of its argument."""
    known = {}

    def remembering(argument):
        key = repr(by(argument))
        if key not in known:
            known[key] = function(argument)
        return known[key]

    return remembering


def refuse_in_a_word(request, exception) -> HttpResponseForbidden:
    return HttpResponseForbidden()


@cache
def admin_url(name: str) -> str | None:
    """Build an address with arguments that fit: first numbers, then words."""
    resolver = get_resolver()
    *namespaces, last = name.split(":")
    for namespace in namespaces:
        _prefix, resolver = resolver.namespace_dict[namespace]
    for _, pattern, _, _ in resolver.reverse_dict.getlist(last):
        arguments = re.findall(r"\(\?P<(\w+)>", pattern)
        for value in (1, "x"):
            try:
                return reverse(name, kwargs=dict.fromkeys(arguments, value))
            except NoReverseMatch:
                continue
    return None


@pytest.mark.parametrize(
    "name",
    [
        "wagtailusers_users:index",
        "wagtailusers_users:add",
        "wagtailusers_groups:index",
        "wagtailsites:index",
        "wagtailadmin_collections:index",
        "wagtailredirects:index",
    ],
)
def test_an_editor_opens_neither_users_nor_groups_nor_sites(name, world):
    response = world.browser("editor").get(reverse(name))

    assert response.status_code in (302, 403)
    assert MARKER not in response.content.decode()


@pytest.mark.parametrize(
    "name", ["wagtailusers_users:index", "wagtailusers_users:add", "wagtailusers_groups:index"]
)
def test_a_national_administrator_cannot_make_a_superuser(name, world):
    assert world.browser("admin").get(reverse(name)).status_code in (302, 403)
