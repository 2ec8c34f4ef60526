"""A real browser on a live server. A test fails on any error of the console, refusal of the CSP, answer 5xx or third party."""

import os
import re
import shutil
import sqlite3
import threading
from contextlib import closing

import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.cache import cache
from django.core.handlers.wsgi import get_path_info
from django.core.management import call_command
from django.core.servers.basehttp import ThreadedWSGIServer
from django.db import connection
from playwright.sync_api import expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
TIMEOUT_MS = 20_000  # of a machine that does other things at the same time
expect.set_options(timeout=TIMEOUT_MS)
# What we answer to somebody who typed something wrong, or whom a colleague overtook; Chromium calls it an error.
EXPECTED = re.compile(r"status of (409|422)")


class OneAtATime(StaticFilesHandler):
    """On SQLite in memory the threads of the server share one connection: their requests come one after the other."""

    turn = threading.Lock()

    def __call__(self, environ, start_response):
        if self._should_handle(get_path_info(environ)):
            return super().__call__(environ, start_response)
        with self.turn:
            return super().__call__(environ, start_response)


class JoinedServer(ThreadedWSGIServer):
    """Waits for its threads before the connection is taken back; the browser has closed by then."""

    daemon_threads = False


@pytest.fixture
def live_server():
    """The one of pytest-django, which gives it its database, with the two above."""
    server = LiveServer("localhost", start=False)
    server.thread.server_class = JoinedServer
    server.thread.static_handler = OneAtATime
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def chromium():
    # Playwright's loop runs in this thread, where Django then takes the ORM for asynchronous.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=ARGUMENTS
        )
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def loaded(django_db_setup, django_db_blocker):
    """A copy of the database when its pages have just been loaded."""
    with closing(sqlite3.connect(":memory:")) as copy:
        with django_db_blocker.unblock():
            call_command("load_pages", verbosity=0)
            connection.connection.backup(copy)
        yield copy


@pytest.fixture(autouse=True)
def site_pages(transactional_db, loaded):
    """What every page needs, before anything else: the flush between two tests takes the site and its pages away."""
    connection.ensure_connection()
    loaded.backup(connection.connection)
    ContentType.objects.clear_cache()
    cache.clear()


@pytest.fixture
def open_browser(chromium, live_server, client_of):
    """Return a function that opens a page of its own session; options are those of a playwright context."""
    contexts, problems = [], []

    def watch(page) -> None:
        page.on(
            "console",
            lambda message: (
                message.type == "error"
                and not EXPECTED.search(message.text)
                and problems.append(message.text)
            ),
        )
        page.on(
            "request",
            lambda request: (
                request.url.startswith((live_server.url, "data:", "blob:"))
                or problems.append(f"third party: {request.url}")
            ),
        )
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on(
            "response",
            lambda answer: (
                answer.status >= 500 and problems.append(f"{answer.status} {answer.url}")
            ),
        )

    def open_page(user=None, **options):
        options = {"viewport": {"width": 1366, "height": 900}, "locale": "fr-FR", **options}
        context = chromium.new_context(base_url=live_server.url, **options)
        context.set_default_timeout(TIMEOUT_MS)
        contexts.append(context)
        context.on("page", watch)
        if user is not None:
            session = client_of(user).cookies[settings.SESSION_COOKIE_NAME].value
            cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session}
            context.add_cookies([cookie | {"url": live_server.url}])
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()
    assert problems == []
