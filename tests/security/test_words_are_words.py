"""What people type, editors write and imports bring is shown as it was written, and never runs."""

import html
import re
from collections.abc import Iterator
from io import BytesIO

import pytest
from django.apps import apps
from django.core import mail
from django.db.models import CharField, Model, TextField
from django.urls import reverse
from openpyxl import load_workbook
from wagtail.models import Page

from cms.models import SiteSettings
from territories.scoping import everything
from tests.permissions.building import asking
from tests.security.test_forms_and_reading import addresses, reader

HOSTILE = "<script>marque()</script>\"onfocus='marque()'"
# A tag, and a quote that would end an attribute; after a backslash it is a quote in a text of JSON.
TAG, QUOTE = re.compile("<script>marque"), re.compile(r"(?<!\\)\"onfocus='marque")
SHOWN = html.escape(HOSTILE)

OURS = ("accounts", "territories", "questions", "plans", "imports", "supervision", "cms")
# Texts with a form of their own, that a validator, a list or our own code decides.
CODED = {
    "accent_colour",
    "applies_to_facts",
    "applies_to_kinds",
    "audience",
    "brand_colour",
    "choice",
    "code",
    "code_insee",
    "cohort_kind",
    "condition_answers",
    "condition_code",
    "content_type",
    "digest",
    "edition",
    "icon",
    "key",
    "password",
    "path",
    "query",
    "question_code",
    "reen_objectives",
    "search_name",
    "sha256",
    "siren",
    "url_path",
    "version",
}


def free_texts() -> Iterator[tuple[type[Model], list[str]]]:
    """Every free text, by table: a field that is added is looked for without anybody thinking of it."""
    for name in OURS:
        for model in apps.get_app_config(name).get_models():
            fields = [
                field.name
                for field in model._meta.local_concrete_fields
                if type(field) in (CharField, TextField)
                and not field.choices
                and field.name not in CODED
            ]
            if fields:
                yield model, fields
    yield Page, ["title", "draft_title", "seo_title", "search_description"]


def write_everywhere() -> None:
    """Put the hostile text in each field as a row already stored would hold it, whatever the forms refuse."""
    for model, names in free_texts():
        for row in model._base_manager.all():
            values = {
                name: f"{HOSTILE} {row.pk}"[: model._meta.get_field(name).max_length]
                for name in names
            }
            model._base_manager.filter(pk=row.pk).update(**values)


@pytest.fixture(scope="module")
def written(world, django_db_blocker):
    with django_db_blocker.unblock(), everything():
        write_everywhere()
    return world


pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


def body(response) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return content.decode(errors="replace")


def as_markup(page: str, kind: str = "text/html") -> list[str]:
    """Return what of the page would run. A calendar (text) holds what it likes; in XML a quote is a quote."""
    looked_for = {"html": (TAG, QUOTE), "xml": (TAG,)}
    patterns = next((looked_for[name] for name in looked_for if name in kind), ())
    return [found[0] for pattern in patterns if (found := pattern.search(page))]


# Each sees pages that the others do not.
@pytest.mark.parametrize("role", ["anonymous", "A0", "pending", "N", "root"])
def test_no_page_holds_it_as_markup(written, role):
    faults, shown = [], 0
    for name, url in addresses(written, role).items():
        with asking():
            response = reader(written, role).get(url)
            page = body(response)
        faults += [(name, found) for found in as_markup(page, response.get("Content-Type", ""))]
        shown += SHOWN in page

    assert faults == []
    assert shown >= {"anonymous": 5, "pending": 5}.get(role, 15)


def test_the_answer_of_an_autosave_holds_none_either(written):
    question, assessment = written.objects["question"], written.objects["assessment"]
    path = reverse("questions:answer", args=[assessment.pk, question.pk])

    with asking():
        fields = {f"q{question.pk}-state": "non", f"q{question.pk}-version": 0}
        fields[f"q{question.pk}-comment"] = HOSTILE + " !"
        conflict = written.browser("A1").post(path, fields)
        saved = written.browser("A1").post(path, fields | {f"q{question.pk}-version": 1})

    assert (conflict.status_code, saved.status_code) == (409, 200)
    for answer in (conflict, saved):
        assert answer["Content-Type"] == "application/json"
        assert not [text for text in answer.json().values() if as_markup(str(text))]


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/compte/", {"first_name": HOSTILE * 9, "last_name": HOSTILE}),
        ("/compte/adresse/", {"email": HOSTILE, "action_add": "1"}),
        ("/compte/mot-de-passe/oublie/", {"email": HOSTILE}),
        ("/compte/connexion/", {"login": HOSTILE, "password": HOSTILE}),
        ("/espace/collectivite/invitations/", {"email": HOSTILE, "role": HOSTILE}),
        ("/espace/collectivite/rejoindre/?q=" + HOSTILE, None),
        ("/recherche/?q=" + HOSTILE, None),
        ("/mesures/?q=" + HOSTILE + "&theme=" + HOSTILE, None),
        ("/questionnaire/?theme=" + HOSTILE, None),
        ("/compte/connexion/?next=/" + HOSTILE, None),
        ("/" + HOSTILE + "/", None),
    ],
)
def test_what_a_form_refuses_comes_back_as_text(written, path, fields):
    with asking():
        for role in ("anonymous", "A0"):
            browser = written.browser(role)
            answer = (
                browser.post(path, fields, follow=True)
                if fields
                else browser.get(path, follow=True)
            )
            page = body(answer)
            assert not as_markup(page), role


def test_no_mail_holds_it_as_markup(written, django_capture_on_commit_callbacks):
    request, colleague = written.objects["request"], written.objects["colleague"]
    beta = written.objects["elsewhere"]

    with asking(), django_capture_on_commit_callbacks(execute=True):
        hers = written.browser("A0").post
        hers(reverse("territories:invite"), {"email": "zoe@valmont.example", "role": "lecteur"})
        hers(reverse("territories:refuse", args=[request.pk]))
        hers(reverse("territories:remove", args=[colleague.pk]))
        join = reverse("territories:confirm_join", args=[beta.pk])
        written.browser("lone").post(join, {"message": HOSTILE})
        written.browser("N").post(reverse("territories:approve", args=[request.pk]))

    assert len(mail.outbox) >= 4
    for message in mail.outbox:
        page = message.alternatives[0].content
        assert not as_markup(page), message.subject
        assert "\n" not in message.subject
    assert any(SHOWN in message.alternatives[0].content for message in mail.outbox)


def test_files_hold_it_as_text(written):
    closed, role = written.objects["assessment"], "A0"

    with asking():
        sheet = written.browser(role).post(reverse("questions:export_xlsx", args=[closed.pk]))
        table = written.browser(role).post(reverse("questions:export_csv", args=[closed.pk]))

    cells = [cell for page in load_workbook(BytesIO(sheet.content)) for row in page for cell in row]
    assert {cell.data_type for cell in cells if HOSTILE in str(cell.value)} == {"s"}
    assert "filename=" in table["Content-Disposition"]
    for answer in (sheet, table):
        assert not set("<>'\r\n") & set(answer["Content-Disposition"])
        assert answer["Content-Type"] != "text/html"


def test_the_name_of_the_site_is_text_too(written):
    with asking():
        SiteSettings.objects.update(name=HOSTILE)
        page = body(written.browser("anonymous").get("/guides/"))

    assert not as_markup(page)
