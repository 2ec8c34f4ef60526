import pytest
from django.core.cache import cache

from tests.cms.factories import make_guides, make_home


@pytest.fixture(autouse=True)
def _nothing_is_remembered():
    """Wagtail keeps the roots of sites in the cache, from one test to the next."""
    cache.clear()


@pytest.fixture
def home(db):
    return make_home()


@pytest.fixture
def guides(home):
    return make_guides(home)
