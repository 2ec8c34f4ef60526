"""An adviser opens a campaign, two communes answer it, and each reads the figures: he, a commune, the national team."""

import re
from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import expect

from questions.closing import close_assessment
from questions.models import Assessment, Question, Theme
from tests.browser.test_omar_journey import Adviser, Person, rows_of
from tests.questions.factories import AssessmentFactory, answer
from tests.supervision.strategies import editions
from tests.territories.factories import CollectiviteFactory, MemberFactory

pytestmark = pytest.mark.browser

NO = {"ACH1": "non", "PAR1": "jamais", "PAR2": "non"}
BY_HAND = {
    "achats": {"ACH1": "Oui", "ACH2": "Oui"},
    "parc": {"PAR1": "Toujours"},
    "usages": {"USA1": "Oui"},
}
YES = {"ACH1": "oui", "ACH2": "oui", "PAR1": "toujours", "USA1": "oui"}


def close(commune, edition, answers: dict, at: datetime) -> Assessment:
    assessment = AssessmentFactory(collectivite=commune, questionnaire=edition, opened_at=at)
    answer(assessment, at=at, **answers)
    return close_assessment(assessment=assessment, by=None, at=at)


@pytest.fixture
def eight(opsn, commune, alice):
    """Alice's commune, Bray and six more; all were evaluated a year ago, with an index of 0."""
    bray = CollectiviteFactory(name="Bray", opsn=opsn)
    MemberFactory(collectivite=bray)
    communes = [commune, bray, *(CollectiviteFactory(name=f"V{n}", opsn=opsn) for n in range(6))]
    by_name = editions()
    # As long a word as there is in a title of ours: the narrowest screens have to hold it.
    Theme.objects.filter(code="achats").update(title="Sensibilisation et formation")
    for row in communes:
        close(row, by_name["2026"], NO, timezone.now() - timedelta(days=365))
    return communes, by_name["2027"]


class Clerk(Person):
    def answer_all(self, edition) -> None:
        """Begin with the answers of last year, say « Oui » or the best to each question, and close."""
        self.page.goto("/espace/")
        self.press("Commencer une nouvelle évaluation")
        for theme, answers in BY_HAND.items():
            self.examine(edition.themes.get(code=theme).title)
            for code, label in answers.items():
                question = Question.objects.get(theme__questionnaire=edition, code=code)
                group = self.main.locator(f"#q{question.pk}")
                group.get_by_role("radio", name=label, exact=True).check()
                expect(group.locator("[data-status]")).to_contain_text("Enregistré")
            self.press("et continuer")
        self.examine("Clôturer l’évaluation")
        self.press("Clôturer l’évaluation")
        self.read("L’évaluation est clôturée")


SCREENS = {"desk": {"width": 1366, "height": 768}, "phone": {"width": 360, "height": 740}}


@pytest.mark.parametrize("screen", SCREENS)
def test_a_campaign_is_answered_and_its_figures_are_read(
    screen, open_browser, omar, alice, nadia, eight
):
    communes, edition = eight
    size = {"viewport": SCREENS[screen]}
    page = open_browser(omar, accept_downloads=True, **size)
    adviser = Adviser(page, scripts=True)

    # A campaign for the whole territory; those who are there and silent are written to.
    page.goto("/opsn/campagnes/")
    adviser.examine("Campagnes")
    adviser.press("Ouvrir une campagne", "link")
    adviser.examine("Ouvrir une campagne")
    adviser.main.get_by_label("Titre").fill("Campagne 2027")
    end = timezone.localdate() + timedelta(days=30)
    adviser.main.get_by_label("Fin", exact=True).fill(end.isoformat())
    adviser.press("Ouvrir la campagne")
    adviser.examine("Campagne 2027")
    adviser.read("0 collectivités sur 8")
    adviser.main.get_by_label("Où en sont-elles").select_option("inscrite")
    adviser.press("Filtrer")
    adviser.press("Relancer")
    adviser.examine("Relancer 2 collectivités")
    adviser.press("Voir le courriel")
    adviser.press("Envoyer")
    adviser.read("2 relances envoyées.")
    assert len(mail.outbox) == 2

    # Alice answers what follows from her answers of last year, and closes; Bray does too.
    commune = Clerk(open_browser(alice, **size), scripts=True)
    commune.answer_all(edition)
    close(communes[1], edition, YES, timezone.now())
    page.reload()
    adviser.read("2 collectivités sur 8 ont clos leur évaluation")

    # He reads what became of it.
    adviser.open_tab("Chiffres")
    adviser.examine("Les chiffres de votre territoire")
    adviser.press("Carte de chaleur", "link")
    adviser.examine("Carte de chaleur")
    for name in ("Bray", "V0"):
        adviser.main.get_by_label(f"Choisir {name}").check()
    adviser.press("Comparer")
    adviser.examine("Comparer")
    sides = adviser.main.get_by_role("table", name="Indices").get_by_role("rowheader")
    expect(sides).to_have_text([re.compile("Bray"), re.compile("V0")])
    page.goto("/opsn/chiffres/progres/")
    adviser.examine("Progrès")
    adviser.read("2 collectivités évaluées deux fois")
    book = adviser.take_away("Télécharger (.xlsx)")
    moves = {row["Collectivité"]: row["Écart"] for row in rows_of(book, "Collectivités")}
    assert moves == {"Bray": 100, "Valmont-sur-Claire": 100}
    adviser.press("par thème, Bray", "link")
    adviser.examine("Progrès de Bray")
    adviser.read("Sensibilisation et formation")

    # Alice sees where she is among the others, none of them named.
    commune.page.goto("/espace/comparaison/")
    commune.examine("Vous et les collectivités semblables")
    commune.read("8 communes de 500 à 999 habitants")
    assert "Bray" not in commune.main.inner_text()

    # Nadia sees the country.
    national = Person(open_browser(nadia, **size), scripts=True)
    national.page.goto("/opsn/chiffres/pays/")
    national.examine("Le pays, par région et OPSN")
    national.read("Hauts-de-France")
