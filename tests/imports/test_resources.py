"""The fast resource: what it creates, leaves, changes and refuses. Régions and communes serve as examples."""

import pytest

from imports.reference import CommuneResource, RegionResource
from imports.report import Report
from imports.resources import Record, batches
from territories.models import Collectivite, Region
from tests.territories.factories import CollectiviteFactory, DepartementFactory

pytestmark = pytest.mark.django_db


def row(**values) -> dict[str, str]:
    return {
        "code_insee": "60001",
        "siren": "",
        "name": "Abancourt",
        "population": "650",
        "population_year": "2023",
        "departement": "60",
        "epci": "",
        "postal_codes": "60220",
    } | values


def test_a_new_row_is_created_with_its_derived_columns():
    DepartementFactory()

    report = CommuneResource().load([row(name="St-Œuf l’Île")])

    commune = Collectivite.objects.get()
    assert (report.created, report.updated, report.unchanged, report.rejected) == (1, 0, 0, 0)
    assert commune.search_name == "saint oeuf l ile"
    assert (commune.kind, commune.population_year) == ("commune", 2023)


def test_the_same_rows_again_change_nothing():
    DepartementFactory()
    CommuneResource().load([row()])
    before = Collectivite.objects.values().get()

    report = CommuneResource().load([row()])

    assert (report.created, report.updated, report.unchanged) == (0, 0, 1)
    assert Collectivite.objects.values().get() == before


def test_a_changed_row_is_updated_and_keeps_what_the_file_does_not_hold():
    commune = CollectiviteFactory(code_insee="60001", official_email="mairie@abancourt.example")

    report = CommuneResource().load([row(population="651")])

    commune.refresh_from_db()
    assert (report.created, report.updated) == (0, 1)
    assert (commune.name, commune.population) == ("Abancourt", 651)
    assert commune.official_email == "mairie@abancourt.example"


def test_more_changes_than_a_batch_holds_are_compared_with_what_is_there(monkeypatch):
    monkeypatch.setattr(batches, "__defaults__", (2,))
    codes = [f"6000{n}" for n in range(5)]
    for code in codes:
        CollectiviteFactory(code_insee=code, population=1)
    resource = CommuneResource()
    records = [Record(line, row(code_insee=code)) for line, code in enumerate(codes, start=2)]
    plan = resource.plan(records, Report())

    resource.write(plan, check=True)

    assert set(Collectivite.objects.values_list("population", flat=True)) == {650}


def test_a_dry_load_counts_and_writes_nothing():
    report = RegionResource().load([{"code": "32", "name": "Hauts-de-France"}], dry=True)

    assert report.created == 1
    assert not Region.objects.exists()


@pytest.mark.parametrize(
    ("values", "column", "sentence"),
    [
        ({"population": "douze"}, "population", "Un nombre entier est attendu."),
        ({"departement": "99"}, "departement", "Aucun département n’a ce code."),
        (
            {"siren": "123456789"},
            "siren",
            "Un SIREN compte neuf chiffres ; celui-ci contient une erreur.",
        ),
        ({"code_insee": "6001"}, "code_insee", None),
    ],
)
def test_a_bad_row_is_refused_with_its_line_column_and_a_sentence(values, column, sentence):
    DepartementFactory()

    report = CommuneResource().load([row(code_insee="60002", name="Abbecourt"), row(**values)])

    (problem,) = report.problems
    assert (problem.line, problem.column, problem.value) == (3, column, values[column])
    assert sentence is None or problem.sentence == sentence
    assert [c.name for c in Collectivite.objects.all()] == ["Abbecourt"]


def test_a_row_that_repeats_another_is_refused_and_the_counts_add_up():
    DepartementFactory()

    report = CommuneResource().load([row(), row(name="Autre"), row(code_insee="60002")])

    assert [p.line for p in report.problems] == [3]
    assert report.created == 2
    assert report.read == 3


@pytest.mark.parametrize("rows", [1, 3])
def test_the_number_of_queries_does_not_depend_on_the_rows(rows, django_assert_num_queries):
    DepartementFactory()
    data = [row(code_insee=f"6000{n}", name=f"Commune {n}") for n in range(1, rows + 1)]

    with django_assert_num_queries(
        6
    ):  # two tables of codes, the table, and one write in its savepoint
        CommuneResource().load(data)
