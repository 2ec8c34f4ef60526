"""The shipped reference: counts known from INSEE and the DGCL, and the quirks that break naive code."""

import pytest

from imports.reference import DATA, load_opsns, load_reference, read_rows
from territories.enums import CollectiviteKind
from territories.models import Collectivite, FormerCommune, Opsn

EPCI_COUNTS = {"cc": 989, "ca": 230, "cu": 14, "metropole": 22}


@pytest.fixture(scope="module")
def reference(django_db_setup, django_db_blocker):
    """Load the country once, and take it away afterwards."""
    from django.db import transaction

    from territories.scoping import everything

    with django_db_blocker.unblock(), everything():
        atomic = transaction.atomic()
        atomic.__enter__()
        try:
            yield dict(load_reference())
        finally:
            transaction.set_rollback(True)
            atomic.__exit__(None, None, None)


@pytest.fixture
def unblocked(reference, django_db_blocker):
    with django_db_blocker.unblock():
        yield reference


def test_every_commune_and_epci_of_france_is_loaded_without_a_problem(unblocked):
    assert {label: report.created for label, report in unblocked.items()} == {
        "régions": 26,
        "départements": 109,
        "EPCI": 1255,
        "communes": 34969,
        "anciennes communes": 4285,
    }
    assert not any(report.problems for report in unblocked.values())
    for kind, count in EPCI_COUNTS.items():
        assert Collectivite.objects.filter(kind=kind).count() == count


def test_loading_again_changes_nothing(unblocked):
    for label, report in load_reference():
        assert (label, report.created, report.updated) == (label, 0, 0)


@pytest.mark.parametrize(
    ("code", "name", "siren", "departement"),
    [
        ("01001", "L'Abergement-Clémenciat", "210100012", "01"),  # a leading zero
        ("2A004", "Ajaccio", None, "2A"),  # a code that is no number
        ("97411", "Saint-Denis", None, "974"),  # three characters of département
        ("93066", "Saint-Denis", "929939411", "93"),  # a SIREN that does not start with 2
    ],
)
def test_quirks_of_the_codes(unblocked, code, name, siren, departement):
    commune = Collectivite.objects.get(code_insee=code)

    assert (commune.name, commune.departement_id) == (name, departement)
    assert siren is None or commune.siren == siren


def test_a_population_of_zero_is_a_population_and_a_missing_one_is_not(unblocked):
    assert Collectivite.objects.get(code_insee="55039").population == 0
    nowhere = Collectivite.objects.filter(kind=CollectiviteKind.COMMUNE, population=None)
    assert nowhere.count() == 6
    assert not nowhere.exclude(population_year=None).exists()


def test_a_municipal_arrondissement_leads_to_its_city(unblocked):
    assert FormerCommune.objects.get(code="75101").collectivite.name == "Paris"


def test_the_files_hold_text_and_nothing_else():
    first = next(read_rows(DATA / "communes.csv.gz"))

    assert first["code_insee"] == "01001"
    assert all(isinstance(value, str) for value in first.values())


@pytest.mark.django_db
def test_an_opsn_that_somebody_edited_is_left_alone():
    Opsn.objects.create(name="Adico", phone="03 00 00 00 00")
    from tests.territories.factories import DepartementFactory

    for row in read_rows(DATA / "opsn.csv"):
        for code in row["departements"].split():
            DepartementFactory(code=code, name=code)

    assert load_opsns() == 18
    assert load_opsns() == 0
    assert Opsn.objects.get(name="Adico").phone == "03 00 00 00 00"
    assert not Opsn.objects.get(name="Adico").departements.exists()
