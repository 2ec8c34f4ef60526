"""The report of a territory, printed for its council: two pages, whatever it has to tell."""

import io
from datetime import timedelta

import pytest
from django.utils import timezone
from pypdf import PdfReader

from questions.enums import EditionState
from questions.models import Question, Theme
from tests.browser.test_supervision_journey import close
from tests.plans.factories import ActionFactory, PlanFactory
from tests.questions.factories import QuestionnaireFactory
from tests.territories.factories import CollectiviteFactory

pytestmark = pytest.mark.browser

THEMES = [f"Achat, location et conservation des matériels {n}" for n in range(10)]
TEXT = "Depuis deux ans, vos élus ont-ils été informés des effets du numérique sur l’environnement et des règles ?"


@pytest.fixture
def ten_themes(opsn):
    """Two communes went from « non » to « oui » in ten themes, and did six actions in between."""
    content = {f"theme-{n}": [f"Q{n}A", f"Q{n}B"] for n in range(len(THEMES))}
    older = QuestionnaireFactory(edition="2026", state=EditionState.RETIRED, content=content)
    newer = QuestionnaireFactory(edition="2027", content=content)
    for n, title in enumerate(THEMES):
        Theme.objects.filter(code=f"theme-{n}").update(title=title)
    Question.objects.update(text=TEXT)
    codes = [code for theme in content.values() for code in theme]
    now = timezone.now()
    for _ in range(2):
        commune = CollectiviteFactory(opsn=opsn, population=700)
        close(commune, older, dict.fromkeys(codes, "non"), now - timedelta(days=365))
        close(commune, newer, dict.fromkeys(codes, "oui"), now - timedelta(days=2))
        plan = PlanFactory(collectivite=commune)
        for n in range(6):
            title = f"Acheter du matériel reconditionné plutôt que neuf pour les agents, étape {n}"
            day = timezone.localdate() - timedelta(days=30 + n)
            ActionFactory(plan=plan, done=True, done_on=day, theme_code="theme-0", title=title)


@pytest.mark.parametrize("query", ["", "?strate=500&type=commune&departement=60&au=2060-12-31"])
def test_ten_themes_and_six_actions_are_printed_on_two_pages(query, open_browser, omar, ten_themes):
    page = open_browser(omar)
    page.goto(f"/opsn/chiffres/rapport/{query}")

    reader = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))

    text = " ".join(sheet.extract_text() for sheet in reader.pages)
    assert len(reader.pages) == 2
    assert all(text.count(title) >= 2 for title in THEMES)
    assert text.count("reconditionné") == 6
