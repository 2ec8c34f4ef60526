"""Figures with their unit, as pages and files write them. No database."""

from decimal import Decimal

import pytest

from questions.wording import singular, with_unit


@pytest.mark.parametrize(
    ("number", "unit", "words"),
    [
        ("0", "serveurs", "0 serveur"),
        ("1", "serveurs", "1 serveur"),
        ("1.99", "ans", "1,99 an"),
        ("2", "ans", "2 ans"),
        ("-1", "marchés", "−1 marché"),
        ("-2", "marchés", "−2 marchés"),
        ("1", "%", "1 %"),
        ("1.5", "To", "1,5 To"),
        ("1", "", "1"),
    ],
)
def test_french_is_singular_below_two(number, unit, words):
    assert with_unit(Decimal(number), unit).replace("\u00a0", " ") == words


@pytest.mark.parametrize(
    ("unit", "one"),
    [
        ("postes de travail", "poste de travail"),
        ("jeux de données", "jeu de données"),
        ("lieux", "lieu"),
        ("panneaux", "panneau"),
        ("journaux", "journal"),
        ("objets connectés", "objet connecté"),
        ("vidéos ou animations", "vidéo ou animation"),
        ("ateliers en deux ans", "atelier en deux ans"),
        ("comptes d’agents", "compte d’agents"),
        ("réparations par an", "réparation par an"),
        ("mois", "mois"),
    ],
)
def test_what_is_counted_is_singular_and_not_what_follows(unit, one):
    assert singular(unit) == one


@pytest.mark.parametrize(
    "unit", ["%", "€", "To", "Ko", "kWh", "kWh par an", "h", "ms", "m² par agent", "Mbit/s"]
)
def test_a_symbol_stays_as_it_is(unit):
    assert singular(unit) == unit
