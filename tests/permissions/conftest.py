import pytest

from tests.permissions.building import open_world


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Both tenants, once for the module: no question of its tests leaves a trace (`asking`)."""
    with open_world(django_db_blocker) as world:
        yield world
