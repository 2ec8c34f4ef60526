import pytest

from questions.models import Assessment
from territories.enums import OpsnRole
from tests.accounts.factories import UserFactory
from tests.questions.factories import MORNING, AssessmentFactory, QuestionnaireFactory
from tests.supervision.strategies import editions
from tests.territories.conftest import at, mails, person  # noqa: F401 - fixtures
from tests.territories.factories import CollectiviteFactory, OpsnMemberFactory


@pytest.fixture
def rosa(opsn):
    """Manages Omar's OPSN."""
    user = UserFactory(first_name="Rosa", email="rosa@opsn-nord.example")
    OpsnMemberFactory(user=user, opsn=opsn, role=OpsnRole.RESPONSABLE)
    return user


@pytest.fixture
def edition(db):
    return QuestionnaireFactory(content={"achats": ["ACH1", "ACH2"], "parc": ["PAR1"]})


@pytest.fixture
def by_name(db):
    """Two editions of level 1, by year, that ask almost the same."""
    return editions()


@pytest.fixture
def assess(edition):
    """Return an assessment of level 1 in a state: `assess(commune, closed=True, index=72)`."""

    def make(collectivite, **kwargs) -> Assessment:
        kwargs.setdefault("asked", 3)
        if kwargs.get("closed"):
            kwargs.setdefault("answered", 3)
            kwargs.setdefault("closed_at", MORNING)
        return AssessmentFactory(collectivite=collectivite, questionnaire=edition, **kwargs)

    return make


@pytest.fixture
def villages(opsn):
    """Return three more communes of Omar's OPSN, or as many as asked."""

    def make(count: int = 3) -> list:
        return [CollectiviteFactory(name=f"Village {n}", opsn=opsn) for n in range(count)]

    return make
