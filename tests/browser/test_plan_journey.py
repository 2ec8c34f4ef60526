"""From the results to the council: a commune builds its plan, steers it, and sees its index rise. By mouse, keyboard, touch."""

import io
import re
from pathlib import Path

import pytest
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from plans.models import Action
from tests.browser.people import expect_to_fit
from tests.plans.factories import answered_commune

pytestmark = pytest.mark.browser

WIDE = {"viewport": {"width": 1366, "height": 900}}
NARROW = {"viewport": {"width": 360, "height": 740}, "has_touch": True}
CODES = [f"ACH{n}" for n in range(8)]


def adopt_six(page: Page) -> None:
    boxes = page.locator("main li.card input[name=measure]")
    expect(boxes).to_have_count(6)
    for box in boxes.all():
        box.check()
    page.get_by_role("button", name="Ajouter au plan les mesures cochées").click()
    expect(page.get_by_text("6 actions ajoutées")).to_be_visible()


def set_owner_and_date(page: Page, reference: str) -> None:
    page.get_by_role("link", name=re.compile(f"^{reference} ")).click()
    page.get_by_role("link", name="Modifier l’action").click()
    page.get_by_label("Responsable, dans l’équipe").select_option(label="Bob Martin")
    page.get_by_label("Échéance").fill("2027-06-30")
    page.get_by_label("Budget prévu, en euros").fill("1 200,50")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("L’action est enregistrée.")).to_be_visible()
    expect(page.get_by_text("30 juin 2027")).to_be_visible()


def download(page: Page, button: str) -> bytes:
    with page.expect_download() as waiting:
        page.get_by_role("button", name=button).click()
    return Path(waiting.value.path()).read_bytes()


@pytest.mark.parametrize("options", [WIDE, NARROW], ids=["1366", "360"])
@pytest.mark.parametrize("javascript", [True, False], ids=["js", "no-js"])
def test_a_commune_goes_from_its_answers_to_a_document_for_the_council(
    options, javascript, open_browser, commune, alice, bob
):
    assessment = answered_commune(commune, alice, **dict.fromkeys(CODES, "non"))
    page = open_browser(alice, **options, java_script_enabled=javascript)

    page.goto(reverse("questions:results", args=[assessment.pk]))
    page.get_by_role("link", name="Construire le plan d’action").click()
    expect_to_fit(page)
    adopt_six(page)
    set_owner_and_date(page, "A1")

    page.goto(reverse("plans:board", args=[commune.pk]))
    page.get_by_label("Cocher A1").check()
    page.get_by_label("Passer les cartes cochées à").select_option("done")
    page.get_by_role("button", name="Déplacer").click()
    expect(page.get_by_text("est maintenant : réalisée")).to_be_visible()
    expect_to_fit(page)

    page.get_by_role("link", name=re.compile("^A1 ")).click()
    page.get_by_role("link", name="Voir la nouvelle réponse et son effet").click()
    expect(page.get_by_text("L’indice passerait de 0 à 13")).to_be_visible()
    page.get_by_role("button", name="Oui, mettre la réponse à jour").click()
    expect(page.get_by_text("l’indice passe à 13")).to_be_visible()
    assessment.refresh_from_db()
    assert assessment.index == 13

    page.goto(reverse("plans:outputs", args=[commune.pk]))
    word = Document(io.BytesIO(download(page, "Word, prêt à joindre à une délibération")))
    book = load_workbook(io.BytesIO(download(page, "Tableur .xlsx")))
    assert any("de 13 sur 100" in paragraph.text for paragraph in word.paragraphs)
    assert book["Actions"].max_row == 7
    assert book["Actions"]["P2"].value == 1200.5
    assert book["Actions"]["H2"].value == "Bob Martin"


def test_a_card_moves_with_the_mouse(open_browser, commune, alice):
    answered_commune(commune, alice, ACH1="non")
    page = open_browser(alice, viewport={"width": 1900, "height": 900})
    page.goto(reverse("plans:proposals", args=[commune.pk]))
    page.get_by_role("button", name="Ajouter la première d’un coup").click()

    page.goto(reverse("plans:board", args=[commune.pk]))
    page.locator("[data-card]").drag_to(page.locator("[data-column=planned]"))

    expect(page.get_by_text("est maintenant : planifiée")).to_be_visible()
    assert Action.objects.get().status == "planned"


def test_a_card_moves_with_the_keyboard(open_browser, commune, alice):
    answered_commune(commune, alice, ACH1="non")
    page = open_browser(alice)
    page.goto(reverse("plans:proposals", args=[commune.pk]))
    page.get_by_role("button", name="Ajouter la première d’un coup").press("Enter")
    page.wait_for_url(re.compile("/espace/plan/"))

    page.goto(reverse("plans:board", args=[commune.pk]))
    page.get_by_label("Cocher A1").press("Space")
    page.get_by_label("Passer les cartes cochées à").press("e")  # « En cours »
    page.get_by_role("button", name="Déplacer").press("Enter")

    expect(page.get_by_text("est maintenant : en cours")).to_be_visible()


def test_the_simulated_index_follows_the_boxes(open_browser, commune, alice):
    answered_commune(commune, alice, ACH1="non", ACH2="non", ACH3="oui")
    page = open_browser(alice)
    page.goto(reverse("plans:target", args=[commune.pk]))
    simulated = page.locator("[data-simulated] strong").first
    expect(simulated).to_have_text("33")

    page.locator("[data-simulate] input[name=m]").first.check()
    expect(simulated).to_have_text("67")
    page.locator("[data-simulate] input[name=m]").nth(1).check()
    expect(simulated).to_have_text("100")

    page.get_by_role("button", name="Ajouter au plan ces 2 mesures").click()
    expect(page.get_by_text("2 actions ajoutées")).to_be_visible()
