import pytest
from django.core.cache import cache

from tests.permissions.building import open_world


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """The two tenants of the matrix, once for the module."""
    with open_world(django_db_blocker) as world:
        yield world


@pytest.fixture(autouse=True)
def _limits_on_attempts_start_afresh():
    cache.clear()
