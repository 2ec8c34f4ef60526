"""The results say where the collectivité stands among its peers: to its members, of what counts today, from five others on."""

import pytest
from django.urls import reverse

from tests.supervision.closing import NO, YES, closed, neighbours

pytestmark = pytest.mark.django_db
TITLE = "Parmi les collectivités semblables"
LINK = "Me comparer aux collectivités semblables"


@pytest.fixture
def own(commune, by_name):
    """Alice's commune has closed twice: 0, then 100 of 100."""
    return closed(commune, by_name, ("2026", NO), ("2027", YES))


@pytest.fixture
def results(client_of):
    def read(reader, assessment) -> str:
        return (
            client_of(reader)
            .get(reverse("questions:results", args=[assessment.pk]))
            .content.decode()
        )

    return read


@pytest.mark.parametrize("others", [0, 4, 5, 6])
def test_the_mark_is_shown_with_its_table_from_five_others_on(
    others, own, alice, opsn, by_name, results
):
    neighbours(others, by_name, opsn=opsn)

    html = results(alice, own[-1])

    assert (TITLE in html) == (others >= 5)
    assert (LINK in html) == (others < 5)
    assert "Voisine" not in html
    if others >= 5:
        assert f"{others + 1} communes de 500 à 999 habitants" in html
        assert "Les chiffres sont dans le tableau qui suit" in html
        assert "La moitié du groupe" in html


def test_an_evaluation_that_another_replaced_is_compared_with_nobody(
    own, alice, opsn, by_name, results
):
    neighbours(6, by_name, opsn=opsn)

    assert TITLE not in results(alice, own[0])


def test_her_adviser_reads_the_results_without_the_group(own, omar, opsn, by_name, results):
    neighbours(6, by_name, opsn=opsn)

    assert TITLE not in results(omar, own[-1])


def test_who_waits_to_be_accepted_reads_none_of_it(own, paul, opsn, by_name, client_of):
    neighbours(6, by_name, opsn=opsn)
    address = reverse("questions:results", args=[own[-1].pk])

    assert client_of(paul).get(address).status_code == 404


@pytest.mark.parametrize("others", [6, 9])
def test_the_page_stays_within_its_twenty_queries(
    others, own, alice, opsn, by_name, client_of, django_assert_max_num_queries
):
    neighbours(others, by_name, opsn=opsn)
    alices = client_of(alice)
    results = reverse("questions:results", args=[own[-1].pk])
    alices.get(results)  # the first visit of all makes the settings of the site

    with django_assert_max_num_queries(20):
        page = alices.get(results).content.decode()

    assert TITLE in page
