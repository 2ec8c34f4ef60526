"""What the filters of the figures refuse, and how the screens and the files say so."""

import pytest
from django.urls import reverse

from tests.supervision.closing import YES, closed
from tests.supervision.strategies import editions

pytestmark = pytest.mark.django_db
SCREENS = ("figures", "heat_map", "compare", "map")


@pytest.fixture
def by_name(db):
    return editions()


@pytest.fixture
def valmont(commune, by_name):
    closed(commune, by_name, ("2027", YES))
    return commune


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "1979-12-31", "2061-01-01"])
@pytest.mark.parametrize(
    ("screen", "names"),
    [*((screen, ("depuis", "jusqu")) for screen in SCREENS), ("progress", ("du", "au")), ("report", ("du", "au"))],
)  # fmt: skip
def test_a_date_that_is_not_of_our_time_is_refused_in_words(
    screen, names, day, valmont, omar, client_of
):
    client = client_of(omar)

    for name in names:
        response = client.get(reverse(f"supervision:{screen}"), {name: day})

        assert response.status_code == 200
        assert list(response.context["filters"].errors) == [name]
        assert "Donnez une date entre 01/01/1980 et 31/12/2060" in response.content.decode()
