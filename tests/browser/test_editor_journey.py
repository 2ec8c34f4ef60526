"""An editor and an administrator in the real back office: a guide, then an edition of the questionnaire."""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect
from wagtail.models import Page as SitePage

from questions.enums import EditionState
from questions.models import Question, Questionnaire
from questions.opening import open_assessment
from tests.questions.factories import QuestionnaireFactory, answer

pytestmark = pytest.mark.browser

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
GUIDE = "faire-durer-le-parc"
CONTENT = {
    "achats": [
        {"code": "ACH1", "text": "Achetez-vous reconditionné ?"},
        {"code": "ACH2", "text": "Mutualisez-vous vos achats ?"},
        {"code": "ACH3", "text": "Lisez-vous l’indice de réparabilité ?"},
    ],
    "parc": [{"code": "PAR1", "text": "Tenez-vous un inventaire ?"}],
}


def more_actions(page: Page, label: str) -> None:
    """Choose an action behind the main button of the foot of a form."""
    page.get_by_role("button", name="Plus d'actions").click()
    page.locator("footer").get_by_role("button", name=label, exact=True).click()


def row_action(page: Page, row: str, label: str) -> None:
    """Choose an action behind « … » of a row of a list."""
    line = page.get_by_role("row", name=re.compile(row))
    line.get_by_role("button", name="Plus d’options").click()
    page.get_by_role("link", name=label).locator("visible=true").click()


def figures(assessment) -> tuple:
    assessment.refresh_from_db()
    scores = assessment.theme_scores.order_by("theme__order")
    return (
        assessment.questionnaire.edition,
        assessment.asked,
        assessment.answered,
        assessment.points,
        assessment.possible,
        assessment.index,
        list(scores.values_list("theme__code", "points", "possible", "index")),
    )


def test_an_editor_submits_a_guide_and_an_administrator_publishes_it(open_browser, editor, nadia):
    guide = SitePage.objects.get(slug=GUIDE)
    title = "Faire durer les ordinateurs de la mairie"

    page = open_browser(editor)
    page.goto(f"/admin/pages/{guide.pk}/edit/")
    page.locator("[name=title]").fill(title)
    more_actions(page, "Soumettre à Relecture")
    expect(page.get_by_text("a été soumis")).to_be_visible()
    expect(page.get_by_role("button", name="Publier", exact=True)).to_have_count(0)
    visitor = open_browser()
    visitor.goto(f"/guides/{GUIDE}/")
    expect(visitor.get_by_role("heading", level=1)).not_to_have_text(title)

    moderator = open_browser(nadia)
    moderator.goto(f"/admin/pages/{guide.pk}/edit/")
    more_actions(moderator, "Approuver")
    expect(moderator.locator(".messages")).to_contain_text(title)

    visitor.reload()
    expect(visitor.get_by_role("heading", level=1)).to_have_text(title)


def test_an_editor_publishes_another_edition_and_the_open_assessment_does_not_move(
    open_browser, editor, alice, commune
):
    edition = QuestionnaireFactory(title="Les premiers repères", content=CONTENT)
    assessment = open_assessment(collectivite=commune, by=alice, at=NOON)
    answer(assessment, by=alice, ACH1="oui", ACH2="non")
    before = figures(assessment)
    page = open_browser(editor)

    # Copy.
    page.goto("/admin/")
    page.get_by_role("button", name="Questionnaires").click()
    page.get_by_role("link", name="Éditions").click()
    row_action(page, "2027", "Copier dans un brouillon")
    page.get_by_label("Nom de la nouvelle édition").fill("2028")
    page.get_by_role("button", name="Créer le brouillon").click()
    expect(page.get_by_text("Le brouillon « 2028 » reprend toutes les questions")).to_be_visible()
    draft = Questionnaire.objects.get(edition="2028")

    # Change a question: its words and its weight.
    page.goto("/admin/snippets/questions/question/")
    page.get_by_role("link", name="ACH1 – Achetez-vous reconditionné ?").first.click()
    page.locator("[name=text]").fill("Achetez-vous d’occasion ?")
    page.get_by_role("tab", name="Structure").click()
    page.get_by_label("Poids").fill("3")
    more_actions(page, "Publier")
    expect(page.locator(".messages")).to_contain_text("ACH1 – Achetez-vous d’occasion ?")

    # Drag the third question to the first place.
    page.goto("/admin/snippets/questions/question/?ordering=order")
    handles = page.locator("tbody tr").locator(".handle, [data-w-orderable-target=handle]")
    handles.nth(2).drag_to(handles.nth(0), target_position={"x": 5, "y": 2})
    expect(page.locator("tbody tr").first).to_contain_text("ACH3")
    page.reload()
    expect(page.locator("tbody tr").first).to_contain_text("ACH3")

    # Read the verdict, publish.
    page.goto("/admin/snippets/questions/questionnaire/")
    row_action(page, "2028", "Vérifier et publier")
    main = page.get_by_role("main")
    expect(main).to_contain_text(
        "Verdict : compatible : les questions communes restent comparables"
    )
    expect(main).to_contain_text("1 évaluation en cours et 0 clôturée")
    expect(main).to_contain_text("poids : 1 → 3")
    page.get_by_role("button", name="Publier l’édition").click()
    expect(page.get_by_text("L’édition « 2028 » est publiée")).to_be_visible()

    # A published question: words still, structure no more.
    question = Question.objects.get(theme__questionnaire=draft, code="ACH1")
    page.goto(f"/admin/snippets/questions/question/edit/{question.pk}/")
    page.get_by_role("tab", name="Structure").click()
    expect(page.get_by_label("Poids")).to_be_disabled()

    # Alice goes on with the questions she began with.
    answering = open_browser(alice)
    answering.goto(f"/espace/evaluations/{assessment.pk}/themes/achats/")
    questions = answering.get_by_role("main")
    expect(questions).to_contain_text("vous reconditionné ?")
    expect(questions).not_to_contain_text("vous d’occasion ?")

    edition.refresh_from_db()
    draft.refresh_from_db()
    assert (edition.state, draft.state) == (EditionState.RETIRED, EditionState.PUBLISHED)
    asked = Question.objects.filter(theme__questionnaire=draft, theme__code="achats")
    assert list(asked.order_by("order").values_list("code", "weight")) == [
        ("ACH3", 1),
        ("ACH1", 3),
        ("ACH2", 1),
    ]
    assert figures(assessment) == before
