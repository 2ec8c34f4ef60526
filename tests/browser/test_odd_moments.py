"""What happens to answers when the session ends, in two tabs, on a double click, with the back button, and with odd texts."""

import re
from datetime import UTC, datetime

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from playwright.sync_api import Page, Route, expect

from questions.enums import AssessmentState, QuestionKind
from questions.models import Answer, AnswerHistory, Question
from questions.opening import open_assessment
from tests.accounts.factories import PASSWORD
from tests.questions.factories import QuestionnaireFactory, answer

pytestmark = pytest.mark.browser

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
CONTENT = {
    "achats": ["ACH1", "ACH2", "ACH3"],
    "parc": ["PAR1", {"code": "PAR2", "kind": QuestionKind.NUMBER, "maximum": 100}],
}
MARKUP = "<script>document.title = 'piège'</script> <b>gras</b> 🌿 « été » & cœur"
with_and_without_javascript = pytest.mark.parametrize(
    "scripts", [True, False], ids=["with-javascript", "without-javascript"]
)


@pytest.fixture
def assessment(commune, alice):
    QuestionnaireFactory(content=CONTENT)
    return open_assessment(collectivite=commune, by=alice, at=NOON)


@pytest.fixture
def questions(assessment):
    rows = Question.objects.filter(theme__questionnaire=assessment.questionnaire)
    return {question.code: question for question in rows}


@pytest.fixture
def theme(assessment):
    return f"/espace/evaluations/{assessment.pk}/themes/achats/"


def choose(page: Page, question: Question, label: str):
    """Choose an answer; return its group."""
    group = page.locator(f"#q{question.pk}")
    group.get_by_role("radio", name=label, exact=True).check()
    return group


def save(page: Page, button: str = "Enregistrer") -> None:
    with page.expect_navigation():
        page.get_by_role("main").get_by_role("button", name=button, exact=True).click()


def log_in(page: Page, address: str) -> None:
    page.get_by_label("Adresse électronique").fill(address)
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    save(page, "Se connecter")


def comment(group, text: str) -> None:
    if not group.get_by_role("textbox").is_visible():
        group.get_by_text("Commentaire", exact=True).click()
    group.get_by_role("textbox").fill(text)


def said(question: Question) -> str:
    return Answer.objects.get(question=question).choice


def test_a_session_that_ends_in_the_middle_of_a_theme_keeps_what_was_saved(
    open_browser, alice, theme, questions
):
    page = open_browser(alice)
    page.goto(theme)
    first = choose(page, questions["ACH1"], "Oui")
    expect(first.locator("[data-status]")).to_have_text("Enregistré")

    Session.objects.all().delete()
    second = choose(page, questions["ACH2"], "Oui")
    second.get_by_role("link", name="Session terminée").click()
    log_in(page, alice.email)

    expect(page).to_have_url(re.compile(f"{theme}$"))
    expect(first.get_by_role("radio", name="Oui")).to_be_checked()
    assert said(questions["ACH1"]) == "oui"
    assert not Answer.objects.filter(question=questions["ACH2"]).exists()


def test_without_javascript_a_session_that_ends_leads_back_to_the_theme(
    open_browser, alice, theme, questions
):
    page = open_browser(alice, java_script_enabled=False)
    page.goto(theme)
    choose(page, questions["ACH1"], "Oui")
    save(page)

    Session.objects.all().delete()
    choose(page, questions["ACH2"], "Oui")
    save(page)
    log_in(page, alice.email)

    expect(page.get_by_role("heading", level=1)).to_have_text("Achats")
    group = page.locator(f"#q{questions['ACH1'].pk}")
    expect(group.get_by_role("radio", name="Oui")).to_be_checked()


@with_and_without_javascript
def test_the_second_of_two_tabs_shows_both_answers_and_lets_choose(
    open_browser, alice, theme, questions, scripts
):
    one = open_browser(alice, java_script_enabled=scripts)
    one.goto(theme)
    two = one.context.new_page()
    two.goto(theme)

    group = choose(one, questions["ACH1"], "Oui")
    if scripts:
        expect(group.locator("[data-status]")).to_have_text("Enregistré")
    else:
        save(one)
    choose(two, questions["ACH1"], "Non")
    if not scripts:
        save(two)
    expect(two.locator("[data-conflict]")).to_contain_text("a enregistré « Oui »")
    assert said(questions["ACH1"]) == "oui"

    save(two, "Garder ma réponse")
    expect(two.locator("[data-conflict]")).to_have_count(0)
    expect(two.get_by_text("Vos réponses sont enregistrées.")).to_be_visible()
    assert said(questions["ACH1"]) == "non"


def hold_next_save(page: Page) -> list[Route]:
    """Hold the next save of the script, as a slow line does, until the route of the list continues."""
    held = []
    page.route("**/repondre/", lambda route: held.append(route), times=1)
    return held


def test_who_sends_the_page_during_a_save_is_not_in_conflict_with_herself(
    open_browser, alice, theme, questions
):
    page = open_browser(alice)
    page.goto(theme)
    held = hold_next_save(page)
    group = choose(page, questions["ACH1"], "Oui")
    comment(group, "Vu au conseil du 3 mars")

    page.get_by_role("main").get_by_role("button", name="Enregistrer", exact=True).click()
    with page.expect_navigation():
        held[0].continue_()

    expect(page.get_by_role("alert")).to_have_count(0)
    assert Answer.objects.get(question=questions["ACH1"]).comment == "Vu au conseil du 3 mars"


def test_who_sends_the_page_during_a_save_still_sees_what_somebody_else_answered(
    open_browser, alice, assessment, theme, questions
):
    page = open_browser(alice)
    page.goto(theme)
    answer(assessment, by=alice, ACH1="non")
    held = hold_next_save(page)
    choose(page, questions["ACH1"], "Oui")

    page.get_by_role("main").get_by_role("button", name="Enregistrer", exact=True).click()
    held[0].continue_()

    expect(page.locator("[data-conflict]")).to_contain_text("a enregistré « Non »")
    assert said(questions["ACH1"]) == "non"


@with_and_without_javascript
def test_a_double_click_closes_once_and_shows_the_results(
    open_browser, alice, assessment, questions, scripts
):
    answer(assessment, by=alice, **dict.fromkeys(questions, "oui"))
    page = open_browser(alice, java_script_enabled=scripts)
    page.goto(f"/espace/evaluations/{assessment.pk}/cloturer/")

    page.get_by_role("button", name="Clôturer l’évaluation").dblclick()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Sobriété numérique")
    expect(page.get_by_role("alert")).to_have_count(0)
    assessment.refresh_from_db()
    assert assessment.state == AssessmentState.CLOSED


@with_and_without_javascript
def test_a_double_click_on_sign_up_makes_one_account_and_its_code_works(
    open_browser, django_user_model, scripts
):
    page = open_browser(java_script_enabled=scripts)
    page.goto("/compte/inscription/")
    page.get_by_label("Prénom").fill(MARKUP[-20:])
    page.get_by_label("Adresse électronique").fill("zoe@valmont.example")
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_label("J’ai lu comment").check()

    page.get_by_role("button", name="Créer mon compte").dblclick()

    expect(page.get_by_role("heading", level=1)).to_have_text("Confirmez votre adresse")
    assert django_user_model.objects.filter(email="zoe@valmont.example").count() == 1
    assert mail.outbox[0].to == ["zoe@valmont.example"]


@with_and_without_javascript
def test_after_the_back_button_an_answer_is_changed_without_a_false_conflict(
    open_browser, alice, theme, questions, scripts
):
    page = open_browser(alice, java_script_enabled=scripts)
    page.goto(theme)
    choose(page, questions["ACH1"], "Oui")
    save(page, "Enregistrer et continuer")
    expect(page.get_by_role("heading", level=1)).to_have_text("Parc")

    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Achats")
    expect(page.locator(f"#q{questions['ACH1'].pk}").get_by_label("Oui")).to_be_checked()
    choose(page, questions["ACH1"], "Ne sait pas")
    save(page)

    expect(page.locator("[data-conflict]")).to_have_count(0)
    assert Answer.objects.get(question=questions["ACH1"]).state == "unknown"


@with_and_without_javascript
def test_a_comment_of_ten_thousand_characters_is_kept_and_a_longer_one_is_refused_but_not_lost(
    open_browser, alice, theme, questions, scripts
):
    page = open_browser(alice, java_script_enabled=scripts)
    page.goto(theme)
    group = choose(page, questions["ACH1"], "Oui")
    whole = "é🌿" * 4999 + "ok"

    comment(group, whole)
    save(page)
    expect(page.get_by_role("alert")).to_have_count(0)
    assert Answer.objects.get(question=questions["ACH1"]).comment == whole

    comment(group, whole + "!")
    save(page)
    expect(page.get_by_role("alert")).to_contain_text("10000 caractères")
    expect(group.get_by_role("textbox")).to_have_value(whole + "!")
    assert Answer.objects.get(question=questions["ACH1"]).comment == whole


@pytest.mark.parametrize("typed", ["abc", "150"])
@with_and_without_javascript
def test_a_figure_that_is_none_is_told_at_its_field_until_it_is_corrected(
    open_browser, alice, theme, questions, typed, scripts
):
    page = open_browser(alice, java_script_enabled=scripts)
    page.goto(theme.replace("achats", "parc"))
    group = page.locator(f"#q{questions['PAR2'].pk}")
    field, error = group.get_by_label("Nombre"), group.locator(".field__error")

    field.fill(typed)
    field.blur() if scripts else save(page)

    expect(error).to_have_count(1)
    expect(error).to_contain_text("nombre")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(re.compile("nombre"))
    assert error.bounding_box()["y"] < field.bounding_box()["y"]

    field.fill("50")
    field.blur() if scripts else save(page)

    expect(error).to_have_count(0)
    expect(field).not_to_have_attribute("aria-invalid", "true")
    assert Answer.objects.get(question=questions["PAR2"]).number == 50


@with_and_without_javascript
def test_html_and_emoji_are_text_everywhere(open_browser, alice, bob, theme, questions, scripts):
    bob.first_name = MARKUP[-36:]
    bob.save()
    page = open_browser(bob, java_script_enabled=scripts)
    page.goto(theme)

    comment(choose(page, questions["ACH1"], "Oui"), MARKUP)
    save(page)

    expect(page).to_have_title("Achats – Éco-clic")
    group = page.locator(f"#q{questions['ACH1'].pk}")
    expect(group.get_by_role("textbox", include_hidden=True)).to_have_value(MARKUP)
    expect(group.locator("[data-status]")).to_contain_text(f"Enregistré par {MARKUP[-36:]}")
    assert AnswerHistory.objects.latest("pk").comment == MARKUP
