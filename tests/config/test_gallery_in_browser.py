"""The gallery in a real browser: accessible, and nothing leaves the screen at 320 px.

No server is needed: the page is rendered first, and the browser is given it and the static files.
"""

import mimetypes

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import RequestFactory
from playwright.sync_api import sync_playwright

from config.gallery import gallery

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

ADDRESS = "http://testserver/composants/"
CHROMIUM = {
    "executable_path": "/usr/bin/chromium",
    "args": ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
}


@pytest.fixture
def html():
    return gallery(RequestFactory().get("/composants/")).content.decode()


@pytest.fixture
def open_gallery(html):
    """Return a page of the browser on the gallery; options are those of a playwright context."""

    def answer(route):
        path = route.request.url.removeprefix("http://testserver/")
        if not path.startswith("static/"):
            route.fulfill(body=html, content_type="text/html; charset=utf-8")
            return
        file = settings.BASE_DIR / path
        route.fulfill(body=file.read_bytes(), content_type=mimetypes.guess_type(file)[0])

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**CHROMIUM)

        def open_page(**options):
            page = browser.new_context(**options).new_page()
            page.route("**/*", answer)
            page.goto(ADDRESS)
            return page

        yield open_page
        browser.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1366])
def test_axe_finds_nothing_in_the_gallery(open_gallery, scheme, width):
    page = open_gallery(viewport={"width": width, "height": 800}, color_scheme=scheme)

    results = Axe().run(page)

    assert results.violations_count == 0, results.generate_report()


@pytest.mark.parametrize("width", [320, 683])  # 683: 1366 px seen at 200 %
def test_nothing_is_wider_than_the_screen(open_gallery, width):
    page = open_gallery(viewport={"width": width, "height": 800})

    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_menu_opens_without_javascript(open_gallery):
    page = open_gallery(viewport={"width": 360, "height": 800}, java_script_enabled=False)
    menu = page.get_by_role("navigation", name="Navigation principale")
    assert not menu.is_visible()

    page.get_by_text("Menu", exact=True).click()

    assert menu.is_visible()


def test_the_explanation_shows_while_no_is_ticked_without_javascript(open_gallery):
    page = open_gallery(viewport={"width": 1366, "height": 800}, java_script_enabled=False)
    explanation = page.get_by_role("group", name="Comprendre et agir")
    assert explanation.is_visible()

    page.get_by_label("Oui", exact=True).check()

    assert not explanation.is_visible()


def test_the_dialog_opens_is_closed_by_escape_and_gives_the_focus_back(open_gallery):
    page = open_gallery(viewport={"width": 1366, "height": 800})
    page.get_by_role("link", name="Clôturer").click()
    dialog = page.get_by_role("dialog", name="Clôturer l’évaluation ?")
    assert dialog.is_visible()

    page.keyboard.press("Escape")

    assert not dialog.is_visible()
    assert page.evaluate("document.activeElement.dataset.dialog") == "cloturer"


def test_every_target_of_the_head_is_large_enough_for_a_finger(open_gallery):
    page = open_gallery(viewport={"width": 360, "height": 800})
    page.get_by_text("Menu", exact=True).click()

    heights = page.evaluate(
        "[...document.querySelectorAll('.site-header :is(a, button, summary, input[type=search])')]"
        ".map(target => Math.round(target.getBoundingClientRect().height))"
    )

    assert min(heights) >= 44
