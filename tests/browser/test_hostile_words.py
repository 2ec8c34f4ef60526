"""What people type, in a browser: no marker runs, and the CSP has nothing to refuse."""

import pytest
from django.urls import reverse

from tests.permissions.building import build_world
from tests.permissions.world import ARGUMENTS
from tests.security.test_words_are_words import HOSTILE, write_everywhere

pytestmark = pytest.mark.browser

SHOWN_TO = {
    "anonymous": ["measures:list", "measures:measure", "measures:questionnaire", "cms:search"],
    "A0": [
        "questions:dashboard",
        "questions:theme",
        "questions:explain",
        "questions:results",
        "questions:history",
        "questions:unknown",
        "territories:members",
        "territories:request",
        "territories:join",
        "account_profile",
        "plans:table",
        "plans:board",
        "plans:action",
        "plans:print",
    ],
    "N": [
        "supervision:home",
        "supervision:collectivites",
        "supervision:collectivite",
        "supervision:requests",
        "supervision:journal",
        "imports:history",
    ],
    "root": ["wagtailadmin_home", "wagtailusers_users:index", "wagtailadmin_explore_root"],
}
# Before the page's own scripts: whatever calls it, and whatever the CSP refuses, is counted.
WATCH = """
window.ran = 0;
window.marque = () => { window.ran += 1 };
window.refused = [];
document.addEventListener("securitypolicyviolation", e => window.refused.push(e.violatedDirective + " " + e.blockedURI));
"""


@pytest.mark.parametrize("role", SHOWN_TO)
def test_no_marker_runs_and_nothing_is_refused(open_browser, role):
    world = build_world()
    write_everywhere()
    page = open_browser(world.user(role))
    page.add_init_script(WATCH)

    found = {}
    for name in SHOWN_TO[role]:
        path = reverse(name, kwargs=ARGUMENTS.get(name, lambda world: {})(world))
        answer = page.goto(path)
        assert answer.status == 200, name
        for field in page.query_selector_all("input:visible, textarea:visible")[:3]:
            field.focus()
        ran, refused = page.evaluate("[window.ran, window.refused]")
        if ran or refused:
            found[name] = (ran, refused)

    assert found == {}
    assert HOSTILE not in page.content()
