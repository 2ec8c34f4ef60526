"""Which collectivité a row means: by code, else SIREN, else name and place; a wrong one is never chosen."""

import pytest

from imports.identity import Identifier, Reference
from tests.territories.factories import CollectiviteFactory, DepartementFactory

pytestmark = pytest.mark.django_db


def identify(row, choices=None):
    return Identifier(Reference(), choices).identify(7, row)


@pytest.mark.parametrize(
    "row",
    [
        {"code_insee": "60057"},
        {"code_insee": " 60057\u00a0"},
        {"siren": "216000562"},
        {"siren": "216 000 562"},
        {"siren": "21600056200019"},
        {"name": "BEAUVAIS ", "departement": "60"},
        {"name": "Beauvais", "departement": "Oise"},
        {"name": "Beauvais", "postal_code": "60000"},
    ],
)
def test_a_commune_is_known_by_what_the_row_gives(communes, row):
    found = identify(row)

    assert (found.known.name, found.problems) == ("Beauvais", [])


@pytest.mark.parametrize(
    "row",
    [
        {"code_insee": "1001"},
        {"name": "ABERGEMENT-CLEMENCIAT (L')", "departement": "1"},
        {"name": "L\u2019Abergement Clemenciat", "postal_code": "1400"},
    ],
)
def test_lost_zeros_and_displaced_articles_are_put_back(communes, row):
    found = identify(row)

    assert found.known.code_insee == "01001"
    assert found.problems == []


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (
            {"code_insee": "6O057", "siren": "216000562"},
            "code_insee",
        ),  # the letter O, whatever the SIREN
        ({"code_insee": "9999"}, "code_insee"),  # 09999 is no code
        ({"code_insee": "VRAI"}, "code_insee"),
        ({"siren": "216000563"}, "siren"),
        ({"siren": "21600056"}, "siren"),
        ({"siren": "21600056200018"}, "siren"),
        ({"code_insee": "60057", "siren": "216003913"}, "siren"),  # two communes on one line
        ({"code_insee": "60057", "siren": "216000563"}, "siren"),
        ({"code_insee": "60057", "name": "2"}, "name"),
        ({"code_insee": "60057", "name": "B" * 200}, "name"),
        ({"name": "Beauvais", "departement": "01"}, "name"),
        ({"name": "Nulle-Part", "departement": "60"}, "name"),
        ({}, "name"),
    ],
)
def test_what_names_no_commune_or_two_is_refused(communes, row, column):
    found = identify(row)

    assert found.known is None
    assert [(p.line, p.column, p.blocking) for p in found.problems] == [(7, column, True)]


@pytest.mark.parametrize(
    "row", [{"code_insee": "60999"}, {"name": "Méru-le-Vieux", "departement": "60"}]
)
def test_a_former_commune_leads_to_todays_with_a_warning(communes, row):
    found = identify(row)

    assert found.known.name == "Méru"
    (warning,) = found.problems
    assert not warning.blocking
    assert "ancienne commune" in warning.sentence


def test_a_retired_commune_leads_to_its_successor(communes):
    CollectiviteFactory(
        name="Allonne", code_insee="60009", retired_at="2026-01-01", successor=communes["beauvais"]
    )

    found = identify({"code_insee": "60009"})

    assert found.known.name == "Beauvais"
    assert "Allonne" in found.problems[0].sentence


def test_another_name_than_the_reference_is_a_warning(communes):
    found = identify({"code_insee": "60057", "name": "Beauvais\n(chef-lieu)"})

    assert found.known.name == "Beauvais"
    assert [(p.column, p.blocking) for p in found.problems] == [("name", False)]


def test_a_name_that_several_communes_bear_is_asked_and_never_guessed(communes):
    one = CollectiviteFactory(name="Sainte-Colombe", postal_codes="60100")
    two = CollectiviteFactory(name="Sainte-Colombe", departement=DepartementFactory(code="77"))

    found = identify({"name": "Ste Colombe"})

    assert found.known is None
    assert {known.pk for known in found.candidates} == {one.pk, two.pk}
    assert identify({"name": "Ste Colombe"}, {"7": two.pk}).known.pk == two.pk


def test_a_name_alone_is_asked_even_when_only_one_commune_bears_it(communes):
    found = identify({"name": "Méru"})

    assert [known.name for known in found.candidates] == ["Méru"]


def test_a_choice_that_is_no_candidate_is_not_taken(communes):
    found = identify({"name": "Méru"}, {"7": communes["beauvais"].pk})

    assert found.known is None
