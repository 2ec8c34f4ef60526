"""Whatever a link says to go to afterwards, one stays on our site."""

from urllib.parse import quote, urlsplit

import pytest
from django.conf import settings

from tests.accounts.factories import PASSWORD
from tests.permissions.building import asking

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

ELSEWHERE = [
    "//evil.example",
    "///evil.example",
    "https:evil.example",
    "https://evil.example/",
    "http:/evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/%09/evil.example",
    "/%5Cevil.example",
    "//testserver@evil.example",
    "https://testserver@evil.example/",
    "https://testserver.evil.example/",
    "javascript:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "%2F%2Fevil.example",
    "https%3A%2F%2Fevil.example",
    " //evil.example",
    "/compte/\r\nLocation: https://evil.example/",
]
NAMES = ["next", "return_url", "redirect", "url", "redirect_to", "redirect_url"]


def stays_here(response) -> bool:
    """Tell whether a browser that follows this answer is still on our site, at a path of ours."""
    if response.status_code not in (301, 302, 303, 307, 308):
        return "evil.example" not in response.get("Refresh", "")
    target = response["Location"]
    parts = urlsplit(target)
    harmless = not any(c in target for c in "\\\r\n\t") and not target.startswith("//")
    return harmless and parts.scheme in ("", "http") and parts.netloc in ("", "testserver")


@pytest.mark.parametrize("hostile", ELSEWHERE)
def test_login_and_registration_stay_here(world, hostile):
    names = dict.fromkeys(NAMES, hostile)
    query = "?" + "&".join(f"{name}={quote(hostile)}" for name in NAMES)
    alice = world.user("A0")
    attempts = {
        "/compte/connexion/": {"login": alice.email, "password": PASSWORD},
        "/compte/inscription/": {
            "first_name": "Ève",
            "email": "eve@evil.test",
            "password1": "neuf-chemins-de-halage",
            "informed": "on",
        },
    }

    for path, fields in attempts.items():
        with asking():
            assert stays_here(world.browser("anonymous").get(path + query))
            response = world.browser("anonymous").post(path + query, fields | names)
            assert response.status_code == 302
            assert stays_here(response), (path, response["Location"])


@pytest.mark.parametrize("hostile", ELSEWHERE)
def test_whoever_is_logged_in_stays_here(world, hostile):
    names = dict.fromkeys(NAMES, hostile)
    query = "?" + "&".join(f"{name}={quote(hostile)}" for name in NAMES)
    confirm = "/compte/confirmer-identite/"

    with asking():
        for path in (
            "/compte/connexion/",
            "/compte/inscription/",
            "/admin/login/",
            "/_util/login/",
            confirm,
        ):
            assert stays_here(world.browser("A0").get(path + query)), path
        for path, fields in (
            (confirm, {"password": PASSWORD}),
            ("/espace/collectivite/choisir/", {"collectivite": world.objects["alpha"].pk}),
            ("/compte/deconnexion/", {}),
            ("/admin/logout/", {}),
        ):
            response = world.browser("A0").post(path + query, fields | names)
            assert response.status_code == 302, path
            assert stays_here(response), (path, response["Location"])


@pytest.mark.parametrize("hostile", ELSEWHERE[::4])
def test_the_back_office_stays_here(world, hostile):
    """Bulk actions, deletion, workflow and preferences of Wagtail read `next`."""
    from wagtail.models import Page

    page = Page.objects.filter(depth__gt=2).first()
    query = "?next=" + quote(hostile)
    paths = [
        f"/admin/pages/{page.pk}/unpublish/",
        f"/admin/pages/{page.pk}/copy/",
        f"/admin/pages/{page.pk}/lock/",
        f"/admin/pages/{page.pk}/unlock/",
        f"/admin/bulk/wagtailcore/page/unpublish/?id={page.pk}&next={quote(hostile)}",
        "/admin/account/",
        "/admin/login/",
    ]

    for path in paths:
        with asking():
            url = path if "?" in path else path + query
            fields = {
                "next": hostile,
                "new_title": "Copie",
                "new_slug": "copie",
                "new_parent_page": page.get_parent().pk,
            }
            for response in (
                world.browser("root").get(url),
                world.browser("root").post(url, fields),
            ):
                assert stays_here(response), (path, response["Location"])


@pytest.mark.parametrize("hostile", ELSEWHERE)
def test_the_password_of_a_private_page_leads_back_here(world, hostile):
    from wagtail.models import Page, PageViewRestriction

    with asking():
        page = Page.objects.filter(depth__gt=2).first()
        restriction = PageViewRestriction.objects.create(
            page=page, restriction_type="password", password="sept-peupliers"
        )
        response = world.browser("anonymous").post(
            f"/_util/authenticate_with_password/{restriction.pk}/{page.pk}/",
            {"password": "sept-peupliers", "return_url": hostile},
        )

        assert response.status_code in (200, 302)
        assert stays_here(response)


@pytest.mark.parametrize(
    "path", ["//evil.example", "//evil.example/%2e%2e", "/\\evil.example", "//evil.example/compte"]
)
def test_a_slash_added_to_an_address_does_not_lead_elsewhere(world, path):
    assert stays_here(world.browser("anonymous").get(path))


def test_the_page_after_login_is_ours():
    assert settings.LOGIN_REDIRECT_URL.startswith("/espace/")
    assert settings.LOGOUT_REDIRECT_URL == "/"
