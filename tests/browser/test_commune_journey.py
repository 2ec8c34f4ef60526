"""The secretary of a village signs up, answers the thirty questions, reads, prints and takes her results away."""

import csv
import io
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core import mail
from django.utils import timezone
from openpyxl import load_workbook
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from accounts.models import User
from questions.enums import AnswerState, AssessmentState
from questions.loading import load_edition
from questions.models import Answer, Assessment, Question
from territories.enums import MemberRole, MemberState, Verification
from territories.models import CollectiviteMember
from tests.accounts.factories import PASSWORD
from tests.browser.people import Keyboard, Mouse, expect_to_fit
from tests.territories.factories import CollectiviteFactory

pytestmark = pytest.mark.browser

COMMUNE = "Saint-Remy-en-Bouzemont-Saint-Genest-et-Isson"
ADDRESS = "mairie@saint-remy.example"
SMALL = {"width": 360, "height": 740}
LARGE = {"width": 1366, "height": 768}
# The other questions are answered « Oui ».
ANSWERS = {"GOV1": "Non", "SEN1": "Ne sait pas", "PAR4": "Non concerné"}
COMMENT = "Délibération n° 12 <b>du 3 mars</b> 🌿 ; =1+1"
WAYS = {
    "phone": (SMALL, True, Mouse),
    "phone-without-javascript": (SMALL, False, Mouse),
    "computer": (LARGE, True, Mouse),
    "computer-without-javascript": (LARGE, False, Mouse),
    "computer-by-keyboard": (LARGE, True, Keyboard),
}


class Secretary:
    """One person in her browser; every screen where she stops is examined."""

    def __init__(self, page: Page, hands, *, scripts: bool):
        self.page, self.hands, self.scripts = page, hands(page), scripts
        self.main = page.get_by_role("main")

    def examine(self, title: str) -> None:
        """One title, nothing wider than the screen and, where scripts run, nothing that axe finds."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(title)
        expect_to_fit(self.page)
        if self.scripts and isinstance(self.hands, Mouse):
            found = Axe().run(self.page)
            assert found.violations_count == 0, f"{title}\n{found.generate_report()}"

    def press(self, name: str, role: str = "button") -> None:
        self.hands.press(self.main.get_by_role(role, name=name, exact=True))

    def open_menu(self) -> None:
        menu = self.page.locator(".menu summary")
        if menu.is_visible():
            self.hands.press(menu)

    def sign_up(self) -> None:
        self.page.goto("/")
        self.examine("Un numérique plus sobre dans votre commune, une question à la fois")
        self.open_menu()
        self.hands.press(self.page.get_by_role("link", name="Créer un compte"))
        self.examine("Créer un compte")
        self.hands.write(self.page.get_by_label("Prénom"), "Alice")
        self.hands.write(self.page.get_by_label("Adresse électronique"), ADDRESS)
        self.hands.write(self.page.get_by_label("Mot de passe"), PASSWORD)
        self.hands.tick(self.page.get_by_label("J’ai lu comment"))
        self.press("Créer mon compte")

    def confirm_her_address(self) -> None:
        self.examine("Confirmez votre adresse")
        code = re.search(r"^[A-Z0-9]+(-[A-Z0-9]+)*$", mail.outbox[-1].body, re.MULTILINE).group()
        self.hands.write(self.page.get_by_label("Code"), code)
        self.press("Confirmer")
        self.examine("Mon espace")

    def join_her_commune(self) -> None:
        self.press("Trouver ma collectivité", role="link")
        self.examine("Trouvez votre collectivité")
        self.hands.write(self.main.get_by_role("searchbox"), "st rémy en bouzemont")
        self.press("Chercher")
        self.examine("Trouvez votre collectivité")
        self.press(COMMUNE, role="link")
        self.examine(COMMUNE)
        self.press("C’est ma collectivité")
        self.examine(COMMUNE)
        expect(self.main).to_contain_text("vous en êtes le référent")

    def answer_everything(self) -> None:
        self.press("Commencer l’évaluation")
        themes = {}
        for question in Question.objects.select_related("theme").order_by("theme__order", "order"):
            themes.setdefault(question.theme, []).append(question)
        assert sum(map(len, themes.values())) == 30
        for theme, questions in themes.items():
            self.examine(theme.title)
            for question in questions:
                self.answer(question, ANSWERS.get(question.code, "Oui"))
            self.examine(theme.title)
            self.press("Enregistrer et continuer")
            if not self.scripts and "Non" in [ANSWERS.get(q.code) for q in questions]:
                self.read_what_a_no_means(self.main.locator(f"#q{questions[0].pk}"))
                self.examine(theme.title)
                self.press("Enregistrer et continuer")

    def answer(self, question: Question, label: str) -> None:
        group = self.main.locator(f"#q{question.pk}")
        self.hands.choose(group, label)
        if question.code == "GOV2":
            self.hands.press(group.get_by_text("Commentaire", exact=True))
            self.hands.write(group.get_by_role("textbox"), COMMENT)
            self.page.keyboard.press("Tab")
        if self.scripts:
            expect(group.locator("[data-status]")).to_have_text("Enregistré")
        if self.scripts and label == "Non":
            self.read_what_a_no_means(group)

    def read_what_a_no_means(self, group) -> None:
        explanation = group.get_by_role("group", name="Comprendre et agir")
        expect(explanation).to_contain_text("Le premier pas, en une heure")

    def close(self) -> None:
        self.examine("Clôturer l’évaluation")
        expect(self.main).to_contain_text("1 réponse « Ne sait pas » compte pour zéro")
        self.press("les revoir d’abord", role="link")
        self.examine("À revoir")
        self.page.go_back()
        self.press("Clôturer l’évaluation")

    def read_the_results(self) -> None:
        expect(self.main).to_contain_text("L’évaluation est clôturée")
        self.examine(f"Sobriété numérique : {COMMUNE}")
        expect(self.main.locator(".index-badge").first).to_contain_text("A")
        expect(self.main.get_by_role("img", name="radar")).to_be_visible()
        expect(self.main.get_by_role("heading", name="Par quoi commencer")).to_be_visible()

    def print(self) -> str:
        """Return the text of the sheets of paper."""
        reader = PdfReader(io.BytesIO(self.page.pdf(prefer_css_page_size=True)))
        assert len(reader.pages) <= 3
        assert all(round(page.mediabox.width / 72 * 25.4) == 210 for page in reader.pages)
        text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
        return text.replace("- ", "-")  # a long name is cut at its hyphens

    def take_away(self, button: str) -> bytes:
        with self.page.expect_download() as download:
            self.press(button)
        return download.value.path().read_bytes()

    def log_out(self) -> None:
        self.open_menu()
        self.hands.press(self.page.get_by_role("button", name="Se déconnecter"))
        log_in = self.page.get_by_role("link", name="Se connecter", include_hidden=True)
        expect(log_in).to_have_count(1)


@pytest.fixture
def village():
    """The real questionnaire, one commune with its official address, one homonym."""
    load_edition(level=1, edition="2027", title="Repères", introduction="", at=timezone.now())
    CollectiviteFactory(name="Saint-Remy", official_email="mairie@ailleurs.example")
    return CollectiviteFactory(name=COMMUNE, official_email=ADDRESS)


@pytest.mark.parametrize(("screen", "scripts", "hands"), WAYS.values(), ids=WAYS)
def test_a_secretary_goes_from_the_home_page_to_her_results_and_leaves(
    open_browser, village, screen, scripts, hands
):
    page = open_browser(viewport=screen, java_script_enabled=scripts, accept_downloads=True)
    secretary = Secretary(page, hands, scripts=scripts)

    secretary.sign_up()
    secretary.confirm_her_address()
    secretary.join_her_commune()
    secretary.answer_everything()
    secretary.close()
    secretary.read_the_results()
    paper = secretary.print()
    book = load_workbook(io.BytesIO(secretary.take_away("Télécharger (.xlsx)")), read_only=True)
    lines = secretary.take_away("Télécharger (.csv)").decode("utf-8-sig").splitlines()
    secretary.log_out()
    page.goto("/espace/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Se connecter")

    member = CollectiviteMember.objects.get(user=User.objects.get(email=ADDRESS))
    assert (member.collectivite, member.state, member.role, member.verification) == (
        village,
        MemberState.ACTIVE,
        MemberRole.REFERENT,
        Verification.OFFICIAL_EMAIL,
    )
    assessment = Assessment.objects.get()
    assert (assessment.state, assessment.answered) == (AssessmentState.CLOSED, 30)
    answers = {answer.question.code: answer for answer in Answer.objects.select_related("question")}
    assert answers.pop("GOV1").choice == "non"
    assert answers.pop("SEN1").state == AnswerState.UNKNOWN
    assert answers.pop("PAR4").state == AnswerState.NOT_APPLICABLE
    assert {answer.choice for answer in answers.values()} == {"oui"}
    assert answers["GOV2"].comment == COMMENT
    # On paper: the name, the index, the date; no button.
    assert COMMUNE in paper
    assert f"{assessment.index} sur 100" in paper
    assert "imprimé le" in paper
    assert "Télécharger" not in paper
    sheet = list(book["Réponses"].iter_rows(values_only=True))
    rows = list(csv.reader(lines, delimiter=";"))
    assert [len(sheet), len(rows)] == [31, 31]
    assert [row[4] for row in sheet if row[1] == "GOV2"] == [COMMENT]
    assert [row[3] for row in rows if row[1] == "GOV1"] == ["Non"]
