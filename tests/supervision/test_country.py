"""The country by région and OPSN, for the national team alone."""

import pytest

from supervision.country import COUNTRY, by_opsn, by_region, total
from supervision.selecting import Selection
from tests.supervision.strategies import close_all, editions
from tests.territories.factories import CollectiviteFactory, DepartementFactory, RegionFactory

pytestmark = pytest.mark.django_db

PAGE = "/opsn/chiffres/pays/"
ALL = Selection(COUNTRY)
YES = {"ACH1": "oui", "ACH2": "oui", "PAR1": "toujours", "USA1": "oui"}


@pytest.fixture
def closed(db):
    by_name = editions()

    def close(*communes):
        for commune in communes:
            close_all([commune], [[{"edition": "2027", "answers": YES}]], by_name)

    return close


def figures(lines) -> list[tuple]:
    return [(x.label, x.collectivites, x.registered, x.closed, x.indices.mean) for x in lines]


def test_each_region_has_its_line_and_they_add_up(commune, alice, other_commune, closed):
    bretagne = DepartementFactory(
        code="35", name="Ille-et-Vilaine", region=RegionFactory(code="53", name="Bretagne")
    )
    CollectiviteFactory(departement=bretagne)
    CollectiviteFactory(departement=None)
    closed(commune)

    lines = by_region(ALL)

    assert figures(lines) == [
        ("Bretagne", 1, 0, 0, None),
        ("Hauts-de-France", 2, 1, 1, 100),
        ("sans région", 1, 0, 0, None),
    ]
    assert figures([total(lines)]) == [("Ensemble", 4, 1, 1, 100)]


def test_accents_do_not_count_in_the_order(commune):
    for code, name in (("11", "Île-de-France"), ("76", "Occitanie")):
        region = RegionFactory(code=code, name=name)
        CollectiviteFactory(departement=DepartementFactory(code=code, region=region))

    labels = [line.label for line in by_region(ALL)]

    assert labels == ["Hauts-de-France", "Île-de-France", "Occitanie"]


def test_an_index_frozen_without_a_region_is_in_the_total(commune, closed):
    home = commune.departement
    commune.departement = None
    commune.save()
    closed(commune)
    commune.departement = home
    commune.save()

    lines = by_region(ALL)

    assert figures(lines) == [
        ("Hauts-de-France", 1, 0, 1, None),
        ("sans région", 0, 0, 0, 100),
    ]
    assert figures([total(lines)]) == [("Ensemble", 1, 0, 1, 100)]


def test_each_opsn_has_its_line_by_who_follows_today(commune, other_commune, other_opsn, closed):
    closed(commune)
    commune.opsn = other_opsn
    commune.save()

    assert figures(by_opsn(ALL)) == [("OPSN du Sud", 2, 0, 1, 100)]
    assert by_opsn(ALL)[0].share == 50


def test_the_national_team_opens_it_for_the_country_only(client_of, nadia, opsn, commune):
    browser = client_of(nadia)
    assert "Hauts-de-France" in browser.get(PAGE).content.decode()
    assert browser.post(PAGE).status_code == 405

    browser.post("/opsn/choisir/", {"opsn": opsn.pk})

    assert browser.get(PAGE).status_code == 404


@pytest.mark.parametrize("name", ["omar", "rosa", "alice", "editor", "lone"])
def test_for_others_it_does_not_exist(request, client_of, commune, name):
    assert client_of(request.getfixturevalue(name)).get(PAGE).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow_with_rows(
    client_of, nadia, closed, count, django_assert_max_num_queries
):
    for n in range(count):
        region = RegionFactory(code=f"9{n}", name=f"Région {n}")
        closed(CollectiviteFactory(departement=DepartementFactory(code=f"9{n}", region=region)))
    browser = client_of(nadia)
    browser.get(PAGE)

    with django_assert_max_num_queries(20):
        browser.get(PAGE)
