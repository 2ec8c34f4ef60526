"""An adviser brings the list of his communes as it is, invites two of them, follows them, and takes the figures out.

`tests/imports/data/oise.xlsx` is such a list: 63 lines for 60 communes of the Oise, made once from the public reference,
with a hidden sheet, titles on two lines, a total, repetitions, a former code and what people write in a cell.
"""

import io
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core import mail
from django.utils import timezone
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from imports.models import ImportRun
from imports.reference import (
    DATA,
    CommuneResource,
    EpciResource,
    FormerCommuneResource,
    RegionResource,
    read_rows,
)
from imports.reference import DepartementResource as Departements
from questions.loading import load_edition
from questions.models import Question
from territories.models import Collectivite, Invitation
from tests.accounts.factories import PASSWORD
from tests.browser.people import expect_to_fit

pytestmark = pytest.mark.browser

LIST = Path(__file__).parents[1] / "imports" / "data" / "oise.xlsx"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
INVITED = ("Abbeville-Saint-Lucien", "Amblainville")
WAYS = {
    "computer": ({"width": 1366, "height": 768}, True),
    "phone-without-javascript": ({"width": 360, "height": 740}, False),
}


class Person:
    """Somebody in her browser; every screen where she stops is examined."""

    def __init__(self, page: Page, *, scripts: bool):
        self.page, self.scripts = page, scripts
        self.main = page.get_by_role("main")

    def examine(self, title: str | re.Pattern) -> None:
        """One title, nothing wider than the screen and, where scripts run, nothing that axe finds."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(title)
        expect_to_fit(self.page)
        if self.scripts:
            found = Axe().run(self.page)
            assert found.violations_count == 0, f"{title}\n{found.generate_report()}"

    def press(self, name: str, role: str = "button") -> None:
        self.main.get_by_role(role, name=name).click()

    def read(self, sentence: str | re.Pattern) -> None:
        expect(self.main).to_contain_text(sentence)

    def take_away(self, name: str, role: str = "button") -> bytes:
        with self.page.expect_download() as download:
            self.press(name, role)
        return Path(download.value.path()).read_bytes()


class Adviser(Person):
    def open_tab(self, name: str) -> None:
        tabs = self.page.get_by_role("navigation", name="Console")
        tabs.get_by_role("link", name=name).click()
        expect(tabs.locator("[aria-current]")).to_have_text([name])

    def send(self, name: str, content: bytes) -> None:
        self.open_tab("Imports")
        self.examine("Imports")
        self.press("Déposer un fichier : Collectivités de l’OPSN", "link")
        self.examine("Collectivités de l’OPSN")
        file = {"name": name, "mimeType": XLSX, "buffer": content}
        self.main.get_by_label("Votre fichier").set_input_files(file)
        self.press("Lire le fichier")
        self.examine(name)

    def figures(self) -> list[str]:
        """Return what the preview counts: « 55 à rattacher »."""
        return self.main.locator("ul.figures li").all_inner_texts()

    def leave_the_column_aside(self, title: str) -> None:
        self.main.get_by_text(
            "Colonnes lues (feuille « Communes Oise », titres en ligne 6)"
        ).click()
        self.main.get_by_label(title, exact=True).select_option("ne pas lire")
        self.press("Relire le fichier ainsi")
        self.read("L’aperçu tient compte de vos colonnes.")

    def invite(self, names: tuple[str, ...]) -> None:
        self.open_tab("Collectivités")
        self.examine("Collectivités")
        for name in names:
            self.main.get_by_label(f"Choisir {name}", exact=True).check()
        self.press("Inviter")
        self.examine(f"Inviter {len(names)} collectivités")
        self.press("Voir le courriel")
        self.examine("Avant d’envoyer")
        self.press("Envoyer")
        self.read(f"{len(names)} invitations envoyées.")


class Secretary(Person):
    def sign_up_from(self, letter) -> None:
        """Follow the link of the letter: her account, then her commune, which the page knows already."""
        link = re.search(r"https?://[^/\s]+(/\S*invitation\S+)", letter.body).group(1)
        self.page.goto(link)
        self.examine(f"Vous êtes invité à rejoindre l’équipe de {INVITED[0]}")
        self.press("Créer mon compte", "link")
        self.examine("Créer un compte")
        self.page.get_by_label("Prénom").fill("Alice")
        expect(self.page.get_by_label("Adresse électronique")).to_have_value(letter.to[0])
        self.page.get_by_label("Mot de passe").fill(PASSWORD)
        self.page.get_by_label("J’ai lu comment").check()
        self.press("Créer mon compte")
        self.examine("Confirmez votre adresse")
        code = re.search(r"^[A-Z0-9]+(-[A-Z0-9]+)*$", mail.outbox[-1].body, re.MULTILINE).group()
        self.page.get_by_label("Code").fill(code)
        self.press("Confirmer")
        self.examine(f"Vous êtes invité à rejoindre l’équipe de {INVITED[0]}")
        self.press("Rejoindre l’équipe")

    def answer_a_theme(self) -> int:
        """Return how many questions she answered."""
        self.press("Commencer l’évaluation")
        theme = Question.objects.order_by("theme__order", "order").first().theme
        questions = theme.questions.order_by("order")
        for question in questions:
            group = self.main.locator(f"#q{question.pk}")
            group.get_by_role("radio", name="Oui", exact=True).check()
            if self.scripts:
                expect(group.locator("[data-status]")).to_have_text("Enregistré")
        self.press("Enregistrer et continuer")
        return len(questions)


@pytest.fixture
def country():
    """The Oise as the State knows it: its communes, what they merged, their EPCI. Nobody follows them."""
    load_edition(level=1, edition="2027", title="Repères", introduction="", at=timezone.now())
    RegionResource().load(read_rows(DATA / "regions.csv"))
    Departements().load(read_rows(DATA / "departements.csv"))
    communes = [r for r in read_rows(DATA / "communes.csv.gz") if r["departement"] == "60"]
    epci = {row["epci"] for row in communes}
    EpciResource().load(row for row in read_rows(DATA / "epci.csv.gz") if row["siren"] in epci)
    CommuneResource().load(communes)
    codes = {row["code_insee"] for row in communes}
    former = read_rows(DATA / "former_communes.csv.gz")
    FormerCommuneResource().load(row for row in former if row["code_insee"] in codes)


@pytest.fixture
def omar(country, omar, opsn):
    opsn.departements.set(["60"])
    return omar


def rows_of(content: bytes, sheet: str) -> list[dict]:
    """Return the lines of a sheet, each as title → value."""
    book = load_workbook(io.BytesIO(content))  # whole: read only, a line stops at its last value
    titles, *lines = book[sheet].iter_rows(values_only=True)
    return [dict(zip(titles, line, strict=True)) for line in lines]


def corrected(refused: bytes) -> bytes:
    """Write the letter O as a zero, and send again what was downloaded."""
    book = load_workbook(io.BytesIO(refused))
    sheet = book["À corriger"]
    for line in sheet.iter_rows(min_row=2):
        if "la lettre O" in line[-1].value:
            line[0].value = line[0].value.replace("O", "0")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(("screen", "scripts"), WAYS.values(), ids=WAYS)
def test_an_adviser_brings_his_list_invites_follows_exports_and_undoes(
    open_browser, omar, opsn, screen, scripts
):
    options = {"viewport": screen, "java_script_enabled": scripts, "accept_downloads": True}
    page = open_browser(omar, **options)
    adviser = Adviser(page, scripts=scripts)
    page.goto("/opsn/")
    adviser.examine("Où en est votre territoire")

    # What the file says is seen before anything is written, and a column that confuses is left aside.
    adviser.send("Liste Oise.xlsx", LIST.read_bytes())
    assert adviser.figures() == ["55\nà rattacher", "8\nrefusées"]
    adviser.read("Lignes laissées de côté : totaux (1), notes (1)")
    adviser.leave_the_column_aside("Pop.")
    assert adviser.figures() == ["57\nà rattacher", "6\nrefusées"]
    assert not Collectivite.objects.filter(opsn=opsn).exists()
    refused = adviser.take_away("lignes à corriger (.xlsx)", "link")
    problems = [row["Problème"] for row in rows_of(refused, "À corriger")]
    assert len(problems) == 6
    assert sum("répète la ligne" in problem for problem in problems) == 3
    adviser.press("Confirmer l’import")
    adviser.read("Appliqué")
    assert Collectivite.objects.filter(opsn=opsn).count() == 57

    # Two are invited; one of them signs up from the letter and answers.
    adviser.invite(INVITED)
    letters = {letter.to[0]: letter for letter in mail.outbox}
    invited = Invitation.objects.get(collectivite__name=INVITED[0])
    secretary = Secretary(open_browser(**options), scripts=scripts)
    secretary.sign_up_from(letters[invited.email])
    answered = secretary.answer_a_theme()

    # He sees how far she is, and takes it out.
    adviser.open_tab("Accueil")
    adviser.examine("Où en est votre territoire")
    adviser.read("1 niveau 1 commencé")
    adviser.open_tab("Collectivités")
    line = adviser.main.get_by_role("row").filter(has_text=INVITED[0])
    expect(line).to_contain_text(f"{answered} sur 30")
    adviser.press(INVITED[0], "link")
    adviser.examine(INVITED[0])
    adviser.read("Alice")
    adviser.open_tab("Exports")
    adviser.examine("Exports")
    book = adviser.take_away("Télécharger le classeur")
    followed = {row["Nom"]: row for row in rows_of(book, "Collectivités")}
    assert len(followed) == 57
    assert followed[INVITED[0]]["Questions traitées"] == answered
    assert followed[INVITED[1]]["Étape"] == "pas encore inscrite"
    assert {row["Réponse"] for row in rows_of(book, "Réponses")} == {"Oui"}
    assert {row["Collectivité"] for row in rows_of(book, "Réponses")} == {INVITED[0]}

    # The refused lines, corrected, come back; that second import is undone.
    adviser.send("Liste corrigée.xlsx", corrected(refused))
    assert adviser.figures()[0] == "1\nà rattacher"
    adviser.press("Confirmer l’import")
    adviser.read("Appliqué")
    assert Collectivite.objects.filter(opsn=opsn).count() == 58
    adviser.press("Annuler cet import", "link")
    adviser.examine("Annuler l’import « Liste corrigée.xlsx »")
    adviser.press("Annuler l’import")
    adviser.read("L’import est annulé : tout est comme avant.")
    assert Collectivite.objects.filter(opsn=opsn).count() == 57
    adviser.open_tab("Imports")
    adviser.examine("Imports")
    assert list(ImportRun.objects.values_list("state", flat=True)) == ["undone", "applied"]
