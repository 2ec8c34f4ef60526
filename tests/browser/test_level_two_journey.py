"""Level 2 by three people: an adviser opens and reviews it, a référente leads it, a colleague answers his part.

The edition is a small one, of nine questions, so that the whole way from opening to closing is gone in one test.
"""

from datetime import date
from pathlib import Path

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Locator, expect

from questions.closing import close_assessment
from questions.enums import AssessmentState, Channel, Level, QuestionKind, ReviewState
from questions.models import Answer, Assessment, Discussion, Evidence, Question, ThemeReview
from tests.browser.test_omar_journey import Person
from tests.questions.factories import (
    AssessmentFactory,
    FactorSetFactory,
    QuestionnaireFactory,
    answer,
)
from tests.questions.test_accepting import PDF

pytestmark = pytest.mark.browser

COUNT = {"kind": QuestionKind.NUMBER, "unit": "appareils", "minimum": 0, "weight": 0}
EDITION_TWO = {
    "achats": [
        "ACH1",
        {"code": "ACH1B", "condition_code": "ACH1", "condition_answers": "oui"},
        {"code": "ACH2A", "kind": QuestionKind.AMOUNT, "weight": 0},
    ],
    "parc": [
        {"code": "PAR8A", **COUNT, "plausible_maximum": 400},
        {
            "code": "PAR2A",
            "kind": QuestionKind.NUMBER,
            "unit": "ans",
            "minimum": 0,
            "maximum": 40,
            "bands_reason": "ADEME, 2024.",
            "options": {"moins-de-5": 0, "5-et-plus": (1, 5)},
        },
        {"code": "PAR5A", **COUNT},
        {"code": "PAR5B", **COUNT, "whole": "PAR5A"},
    ],
    "donnees": [{"code": "RES9", "applies_to_facts": "serveurs"}, "DON1"],
}
NOTE = "L’âge des portables est-il bien celui de leur départ ?"


class Member(Person):
    """Somebody of the team in her browser, on the one evaluation of level 2."""

    def open(self, name: str, *args) -> None:
        assessment = Assessment.objects.get(level=Level.TWO)
        self.page.goto(reverse(f"questions:{name}", args=[assessment.pk, *args]))

    def open_tab(self, name: str) -> None:
        tabs = self.main.get_by_role("navigation", name="Ce que disent les réponses")
        tabs.get_by_role("link", name=name).click()
        expect(tabs.locator("[aria-current]")).to_have_text([name])

    def question(self, code: str) -> Locator:
        pk = Question.objects.get(code=code, theme__questionnaire__level=Level.TWO).pk
        return self.main.locator(f"#q{pk}")

    def choose(self, code: str, label: str) -> None:
        self.question(code).get_by_role("radio", name=label, exact=True).check()
        self.sees_saved(code)

    def write(self, code: str, figure: str) -> None:
        """Type a figure and leave it, as the key Tab does: the script saves it then."""
        field = self.question(code).locator("[name$='-value']")
        field.fill(figure)
        field.press("Tab")
        self.sees_saved(code)

    def sees_saved(self, code: str) -> None:
        """Wait for the word, then take it away: the next save of this question has to say it again."""
        status = self.question(code).locator("[data-status]")
        expect(status).to_have_text("Enregistré")
        status.evaluate("element => { element.textContent = '' }")


@pytest.fixture
def evaluated(opsn, commune, alice):
    """Alice's commune closed level 1; its OPSN has the competence of level 2, and the factors are in force."""
    opsn.offers_level_two = True
    opsn.save()
    QuestionnaireFactory(level=Level.TWO, title="L’évaluation complète", content=EDITION_TWO)
    one = QuestionnaireFactory(content={"achats": ["ACH1"], "donnees": ["DON1"]})
    first = AssessmentFactory(questionnaire=one, collectivite=commune, asked=2)
    now = timezone.now()
    answer(first, by=alice, at=now, ACH1="oui", DON1="nsp")
    close_assessment(assessment=first, by=alice, at=now)
    FactorSetFactory(in_force_from=date(2026, 1, 1))
    return commune


def test_a_team_answers_level_two_and_its_adviser_reviews_it(
    open_browser, evaluated, omar, alice, bob, chloe
):
    # Omar opens it.
    adviser = Member(open_browser(omar), scripts=True)
    adviser.page.goto(reverse("supervision:collectivite", args=[evaluated.pk]))
    adviser.press("Ouvrir le niveau 2", "link")
    adviser.press("Ouvrir le niveau 2")
    adviser.read("ouvert le")

    # Alice begins with what level 1 already knows, and says that there is no server.
    lead = Member(open_browser(alice), scripts=True)
    lead.page.goto("/espace/")
    lead.press("Commencer le niveau 2", "link")
    carried, to_confirm, new = "1", "1", "7"
    expect(lead.main.locator("dl.profile dd")).to_have_text([carried, to_confirm, new])
    lead.press("Commencer le niveau 2")
    lead.main.get_by_label("Agents").fill("9")
    servers = lead.main.get_by_role("group", name="Vous avez au moins un serveur dans vos murs")
    servers.get_by_role("radio", name="Non", exact=True).check()
    lead.press("Enregistrer le profil")
    lead.read("1 question n’apparaîtra plus.")
    lead.press("Confirmer ce profil")
    expect(lead.page.get_by_role("heading", level=1)).to_have_text("Achats")
    lead.choose("ACH1B", "Oui")

    # She gives a theme to Bob, who learns it by mail.
    lead.press("Qui fait quoi", "link")
    lead.main.get_by_label("Confier Parc à").select_option(str(bob.pk))
    lead.press("Confier Parc")
    expect(lead.page.get_by_text("C’est confié à Bob Martin.")).to_be_visible()
    assert [bob.email] in [letter.to for letter in mail.outbox]

    # Bob answers step by step: what is out of the ordinary is asked again.
    colleague = Member(open_browser(bob, accept_downloads=True), scripts=True)
    colleague.page.goto(reverse("questions:my_questions"))
    colleague.read("4 sans réponse")
    colleague.press("Question PAR8A ?", "link")
    colleague.write("PAR8A", "1 200")
    warning = colleague.question("PAR8A").locator("[data-warning]")
    expect(warning).to_contain_text("Ce chiffre sort de l’ordinaire.")
    colleague.write("PAR8A", "12")
    expect(warning).to_have_count(0)

    # Then in the table, where his theme unfolds, and a part is never more than its whole.
    colleague.press("Tableau", "link")
    colleague.press("Parc", "link")
    colleague.write("PAR2A", "6")
    colleague.write("PAR5A", "4")
    colleague.write("PAR5B", "5")
    warning = colleague.question("PAR5B").locator("[data-warning]")
    expect(warning).to_contain_text("C’est plus que le tout")
    colleague.examine("Toutes les questions")
    colleague.write("PAR5B", "3")
    expect(warning).to_have_count(0)
    colleague.read("6 sur 8 questions")
    expect(colleague.page.locator("#theme-parc [data-count]")).to_have_text("4 sur 4")

    # He brings a piece, which he takes back as an attachment; Chloé's commune never reaches it.
    colleague.question("PAR5B").get_by_role("link", name="PAR5B").click()
    colleague.press("Joindre une pièce : Question PAR5B ?", "link")
    file = {"name": "bordereau.pdf", "mimeType": "application/pdf", "buffer": PDF}
    colleague.main.get_by_label("Fichier", exact=True).set_input_files(file)
    colleague.press("Joindre")
    expect(colleague.page.get_by_text("La pièce est jointe.")).to_be_visible()
    with colleague.page.expect_download() as download:
        colleague.main.get_by_role("link", name="bordereau.pdf", exact=True).click()
    assert Path(download.value.path()).read_bytes() == PDF
    piece = Evidence.objects.get()
    door = reverse("questions:download", args=[piece.assessment_id, piece.pk])
    served = colleague.page.request.get(door)
    assert served.status == 200
    assert served.headers["content-disposition"] == 'attachment; filename="bordereau.pdf"'
    stranger = open_browser(chloe)
    assert stranger.request.get("/espace/").status == 200
    assert stranger.request.get(door).status == 404

    # A doubt is discussed, and settled by Alice.
    colleague.press("Revenir à la question", "link")
    colleague.press("Discuter, confier : Question PAR5B ?", "link")
    colleague.main.get_by_label("Votre remarque").fill("L’école est-elle comprise ?")
    colleague.main.get_by_role("checkbox", name="Alice Martin, référent").check()
    colleague.press("Publier la remarque")
    colleague.read("Prévenu par courriel : Alice Martin")
    lead.open("theme", "parc")
    lead.press("1 remarque : Question PAR5B ?", "link")
    lead.read("L’école est-elle comprise ?")
    lead.main.get_by_label("Votre remarque").fill("Oui, elle l’est.")
    lead.press("Publier la remarque")
    lead.read("Oui, elle l’est.")
    lead.press("La discussion est réglée")
    lead.read("Réglée par Alice Martin")

    # She asks for a review. Omar gives an amount that he knows, and sends the theme back with a word.
    lead.open("theme", "parc")
    lead.press("Demander la relecture")
    lead.read("Demandée par Alice Martin")
    assert mail.outbox[-1].to == [omar.email]
    adviser.open("theme", "achats")
    adviser.write("ACH2A", "2 400,50")
    adviser.open("theme", "parc")
    adviser.press("Renvoyer avec un mot", "link")
    adviser.main.get_by_label("Ce qui est à reprendre").fill(NOTE)
    adviser.press("Renvoyer le thème")
    adviser.read("Renvoyé par Omar Martin")
    assert mail.outbox[-1].to == [alice.email]

    # Bob reads it and corrects; Alice asks again; Omar validates.
    colleague.open("theme", "parc")
    colleague.read(NOTE)
    colleague.write("PAR2A", "7")
    lead.open("theme", "parc")
    lead.press("Demander la relecture")
    lead.read("Demandée par Alice Martin")
    adviser.open("theme", "parc")
    adviser.press("Valider le thème")
    adviser.read("Validé par Omar Martin")

    # What level 1 did not know is the last to be told; then Alice closes.
    lead.page.goto("/espace/")
    lead.press("Continuer le niveau 2", "link")
    lead.choose("DON1", "Oui")
    lead.press("Confirmer et continuer")
    lead.read("Votre OPSN a validé 1 thème sur 3.")
    lead.press("Clôturer l’évaluation")
    expect(lead.page.get_by_text("L’évaluation est clôturée. Voici son résultat.")).to_be_visible()
    lead.examine("Sobriété numérique : Valmont-sur-Claire")
    lead.read("75 % Réemploi des appareils réformés")

    # 12 laptops of seven years: 12 × (185,1 ÷ 7 + 29 × 0,0519) = 335,4; from 181 and 236 outside use, 328 to 423.
    lead.open_tab("Empreinte")
    lead.read("328 à 423 kg CO₂e par an ; valeur centrale : 335 kg")
    lead.read("cette estimation ne change plus")
    lead.open_tab("Obligations")
    reuse = lead.main.get_by_role("listitem").filter(has_text="Donner une deuxième vie")
    expect(reuse).to_contain_text("Remplie 75 %, pour")

    # Who answered, and as whom.
    closed = Assessment.objects.get(level=Level.TWO)
    assert (closed.state, closed.closed_by, closed.index) == (AssessmentState.CLOSED, alice, 100)
    rows = Answer.objects.filter(assessment=closed).select_related("question", "author")
    assert {row.question.code: (row.author, row.channel) for row in rows} == {
        "ACH1": (alice, Channel.CARRIED_OVER),
        "ACH1B": (alice, Channel.AGENT),
        "ACH2A": (omar, Channel.OPSN),
        "PAR8A": (bob, Channel.AGENT),
        "PAR2A": (bob, Channel.AGENT),
        "PAR5A": (bob, Channel.AGENT),
        "PAR5B": (bob, Channel.AGENT),
        "DON1": (alice, Channel.AGENT),
    }
    review = ThemeReview.objects.get()
    assert (review.state, review.reviewed_by) == (ReviewState.VALIDATED, omar)
    assert Discussion.objects.get().resolved_by == alice
