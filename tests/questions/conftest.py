import pytest

from questions.enums import Level
from tests.questions.factories import (
    MORNING,
    AssessmentFactory,
    QuestionnaireFactory,
    accompanied,
)
from tests.territories.conftest import mails  # noqa: F401 - a fixture

CONTENT = {"achats": ["ACH1", {"code": "ACH2", "weight": 3}], "parc": ["PAR1"]}


@pytest.fixture
def edition(db):
    """Two themes and three questions: ACH1 weighs 1, ACH2 weighs 3, PAR1 weighs 1."""
    return QuestionnaireFactory(content=CONTENT)


@pytest.fixture
def assessment(edition, commune):
    """Of Alice's commune, with no answer yet."""
    return AssessmentFactory(questionnaire=edition, collectivite=commune, asked=3)


@pytest.fixture
def foreign_assessment(edition, other_commune):
    """Of Chloé's commune."""
    return AssessmentFactory(questionnaire=edition, collectivite=other_commune, asked=3)


@pytest.fixture
def alices(client_of, alice):
    """Alice's browser, on a site whose settings exist: the first page of a new one writes them."""
    client = client_of(alice)
    client.get("/compte/")
    return client


# --- Level 2


@pytest.fixture
def level_two(opsn, commune, omar):
    """Omar has opened level 2 to Alice's commune."""
    opsn.offers_level_two = True
    opsn.save()
    commune.level_two_opened_at, commune.level_two_opened_by = MORNING, omar
    commune.save()
    return commune


@pytest.fixture
def edition_two(db):
    """Six questions: one shared with level 1, one that opens another, two that facts decide, two figures."""
    return QuestionnaireFactory(
        level=Level.TWO,
        title="L’évaluation complète",
        content={
            "achats": [
                "ACH1",
                {"code": "ACH1B", "condition_code": "ACH1", "condition_answers": "oui"},
            ],
            "parc": [
                {
                    "code": "PAR8A",
                    "kind": "number",
                    "unit": "appareils",
                    "weight": 0,
                    "minimum": 0,
                    "plausible_maximum": 400,
                },
                {
                    "code": "PAR2A",
                    "kind": "number",
                    "unit": "ans",
                    "minimum": 0,
                    "maximum": 40,
                    "bands_reason": "ADEME, 2024.",
                    "options": {"moins-de-5": 0, "5-et-plus": (1, 5)},
                },
            ],
            "donnees": [
                {"code": "RES9", "applies_to_facts": "serveurs"},
                {"code": "ECO9", "applies_to_facts": "site_web"},
            ],
        },
    )


@pytest.fixture
def second(edition_two, level_two):
    """The level 2 of Alice's commune, with no answer yet."""
    return AssessmentFactory(
        questionnaire=edition_two, collectivite=level_two, level=Level.TWO, asked=5
    )


# --- A team


@pytest.fixture
def team_edition(db):
    """Of level 2, with the themes and questions of the other `edition`."""
    return QuestionnaireFactory(level=Level.TWO, edition="2027", content=CONTENT)


@pytest.fixture
def together(team_edition, commune):
    """The level 2 of Alice's commune, with no answer yet; Omar's OPSN accompanies it."""
    return accompanied(team_edition, commune)


@pytest.fixture
def together_elsewhere(team_edition, other_commune):
    """That of Chloé's commune; Sonia's OPSN accompanies it."""
    return accompanied(team_edition, other_commune)
