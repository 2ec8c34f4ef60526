import pytest

from tests.questions.factories import AssessmentFactory, QuestionnaireFactory

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
