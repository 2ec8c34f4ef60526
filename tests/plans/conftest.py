import pytest

from tests.plans.factories import ActionFactory, PlanFactory


@pytest.fixture
def plan(commune):
    return PlanFactory(collectivite=commune)


@pytest.fixture
def action(plan):
    return ActionFactory(plan=plan, title="Acheter d’occasion")


@pytest.fixture
def elsewhere(other_commune):
    """An action of Chloé's commune."""
    return ActionFactory(plan=PlanFactory(collectivite=other_commune), title="Le secret de L’Épine")
