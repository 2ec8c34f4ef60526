"""The headers of one page of each kind."""

import re

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from wagtail.documents import get_document_model

from config.middleware import PERMISSIONS_POLICY
from tests.permissions.test_matrix import ADDRESSES
from tests.security.test_forms_and_reading import address

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

STORED_BY_NOBODY = "private, no-store"
# The same for everybody, and cached: no other address may say so.
PUBLIC_FILES = {
    "cms:theme",
    "cms:robots",
    "cms:sitemap_xml",
    "cms:security",
    "cms:news_feed",
    "api:openapi",
}


@pytest.fixture
def pages(world):
    """Return a function that gives one answer of each kind, by its name."""

    def ask(kind: str):
        asked = {
            "public": lambda: world.browser("anonymous").get("/guides/"),
            "public, logged in": lambda: world.browser("A1").get("/guides/"),
            "login": lambda: world.browser("anonymous").get("/compte/connexion/"),
            "private": lambda: world.browser("A1").get("/espace/"),
            "admin": lambda: world.browser("admin").get("/admin/"),
            "refused": lambda: world.browser("A1").get("/admin/"),
            "export": lambda: world.browser("A1").post(address("questions:export_csv", world)),
            "document": lambda: world.browser("A1").get(document().url),
            "missing": lambda: world.browser("anonymous").get("/nulle-part/"),
            "without a token": lambda: world.browser("A1", enforce_csrf_checks=True).post(
                "/compte/"
            ),
            "unknown host": lambda: world.browser("A1").get("/", HTTP_HOST="evil.example"),
            "static": lambda: world.browser("anonymous").get("/static/css/eco-clic.css"),
        }
        return asked[kind]()

    return ask


@pytest.fixture(autouse=True)
def _files_on_disk(settings, tmp_path):
    """As deployed: Wagtail serves the documents itself."""
    settings.MEDIA_ROOT = tmp_path
    storage = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    settings.STORAGES = settings.STORAGES | {"default": storage}


def document():
    model = get_document_model()
    row = model(title="Un document")
    row.file.save("essai.pdf", ContentFile(b"%PDF-1.4\n"))
    return row


STATUSES = {
    "public": 200,
    "public, logged in": 200,
    "login": 200,
    "private": 200,
    "admin": 200,
    "refused": 403,
    "export": 200,
    "document": 200,
    "missing": 404,
    "without a token": 403,
    "unknown host": 400,
}


@pytest.mark.parametrize(("kind", "status"), STATUSES.items())
def test_every_page_has_them_all(pages, kind, status):
    response = pages(kind)

    assert response.status_code == status
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Permissions-Policy"] == PERMISSIONS_POLICY
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert_tells_no_version(response)


@pytest.mark.parametrize(
    "kind", [kind for kind in STATUSES if kind not in ("admin", "refused", "document")]
)
def test_no_script_runs_that_is_not_ours(pages, kind):
    policy = directives(pages(kind))

    assert "'unsafe-inline'" not in " ".join(policy.values())
    assert "'unsafe-eval'" not in " ".join(policy.values())
    assert policy["default-src"] == policy["object-src"] == policy["base-uri"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["form-action"] == "'self'"


def test_the_back_office_runs_its_own_scripts_inline_and_nobody_elses(pages):
    policy = directives(pages("admin"))

    assert policy["default-src"] == policy["object-src"] == "'none'"
    assert policy["script-src"] == "'self' 'unsafe-inline'"
    assert policy["frame-ancestors"] == "'self'"
    assert "http" not in " ".join(policy.values())


def test_a_document_runs_nothing_and_is_always_an_attachment(pages):
    response = pages("document")

    assert response["Content-Security-Policy"] == "default-src 'none'"
    assert response["Content-Disposition"].startswith("attachment")


def test_an_export_is_an_attachment(pages):
    assert pages("export")["Content-Disposition"].startswith("attachment; filename=")


@pytest.mark.parametrize(
    "kind",
    ["public, logged in", "private", "admin", "refused", "export", "document", "without a token"],
)
def test_what_a_person_sees_is_kept_by_no_cache(pages, kind):
    assert pages(kind)["Cache-Control"] == STORED_BY_NOBODY


@pytest.mark.parametrize(
    "path", ["/compte/connexion/", "/compte/inscription/", "/compte/mot-de-passe/oublie/"]
)
def test_a_form_with_a_token_is_kept_by_no_cache(world, path):
    assert "no-store" in world.browser("anonymous").get(path)["Cache-Control"]


@pytest.mark.parametrize("name", ["territories:invitation", "supervision:invitation"])
def test_an_invitation_is_kept_by_no_cache(world, name):
    assert "no-store" in world.browser("anonymous").get(address(name, world))["Cache-Control"]


@pytest.mark.parametrize("role", ["anonymous", "A1"])
def test_what_is_the_same_for_everybody_stays_in_the_browser_and_nothing_else(world, role):
    readable = [name for name, rule in ADDRESSES.items() if rule.get("method", "GET") == "GET"]

    public = {
        name
        for name in readable
        if "public" in world.browser(role).get(address(name, world)).get("Cache-Control", "")
    }

    assert public == PUBLIC_FILES


def test_a_fault_of_ours_has_them_too_and_tells_nothing(world, monkeypatch):
    def fail(*args):
        raise RuntimeError("mot-de-passe-de-la-base")

    monkeypatch.setattr("territories.current.memberships_of", fail)
    browser = world.browser("A1", raise_request_exception=False)

    response = browser.get("/espace/")

    page = response.content.decode()
    assert response.status_code == 500
    assert directives(response)["default-src"] == "'none'"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]
    assert "mot-de-passe" not in page
    assert "Traceback" not in page
    assert_tells_no_version(response)


def test_a_static_file_is_never_guessed_at(pages):
    response = pages("static")

    assert response.status_code == 200
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "private" not in response.get("Cache-Control", "")


def test_the_token_of_a_compressed_form_changes_at_each_page(world):
    """Against BREACH: the secret is masked anew each time, and GZip pads by chance."""
    browser = world.browser("A1")
    pages = [browser.get("/compte/", HTTP_ACCEPT_ENCODING="gzip") for _ in range(2)]
    plain = [browser.get("/compte/").content.decode() for _ in range(2)]

    tokens = {re.search(r'csrfmiddlewaretoken" value="(\w+)"', page)[1] for page in plain}
    assert len(tokens) == 2
    assert {page["Content-Encoding"] for page in pages} == {"gzip"}
    order = settings.MIDDLEWARE
    assert order.index("django.middleware.gzip.GZipMiddleware") < order.index(
        "django.middleware.csrf.CsrfViewMiddleware"
    )


def directives(response) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in response["Content-Security-Policy"].split(";"))
    return {name: value for name, _, value in parts}


def assert_tells_no_version(response) -> None:
    assert not {"Server", "X-Powered-By"} & set(response.headers)
    told = " ".join(response.headers.values())
    assert not re.search(r"(?i)django|wagtail|gunicorn|python", told)
