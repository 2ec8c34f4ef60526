"""The emission factors: loaded once, in force from a day, and frozen with the assessments that rest on them."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db.models import ProtectedError
from wagtail.models import Revision

from questions.closing import close_assessment
from questions.enums import DeviceFamily, Level
from questions.factors import factors_of, load_factors, plain
from questions.footprint import QUESTIONS, footprint
from questions.models import EmissionFactor, FactorSet
from questions.portrait import Given, Portrait
from tests.questions.factories import (
    MORNING,
    AssessmentFactory,
    FactorSetFactory,
    QuestionnaireFactory,
    answer,
)
from tests.questions.test_admin_editions import address, edit, filled, sentences

pytestmark = pytest.mark.django_db


@pytest.fixture
def level_two(commune):
    edition = QuestionnaireFactory(level=Level.TWO, content={"parc": ["PAR1"]})
    return AssessmentFactory(questionnaire=edition, collectivite=commune, level=Level.TWO, asked=1)


@pytest.fixture
def used(commune):
    factors = FactorSetFactory(version="2.1.0")
    AssessmentFactory(collectivite=commune, closed=True, factors=factors)
    return factors


# --- Starter set


def test_the_starter_set_is_loaded_once_with_every_family():
    assert (load_factors(), load_factors()) == (True, False)

    factors = FactorSet.objects.get()
    assert {row.family for row in factors.rows.all()} == set(DeviceFamily.values) == set(QUESTIONS)
    assert factors.electricity == Decimal("0.0519")
    assert Revision.objects.for_instance(factors).count() == 1


def test_a_set_that_was_edited_is_left_as_it_is():
    call_command("load_factors", verbosity=0)
    EmissionFactor.objects.filter(family="portable").update(manufacture=171)

    call_command("load_factors", verbosity=0)

    assert EmissionFactor.objects.get(family="portable").manufacture == 171


def test_the_example_of_the_method_page_is_what_the_starter_set_gives():
    """Four laptops replaced after six years, two screens, a copier: cms/content/pages/methode-empreinte.yaml."""
    load_factors()
    numbers = {"PAR8A": 4, "PAR2A": 6, "PAR8C": 2, "PAR8G": 1}
    known = Portrait(
        "commune",
        conditions=dict.fromkeys(numbers, ""),
        asked=frozenset(numbers),
        answers={code: Given(number=Decimal(number)) for code, number in numbers.items()},
    )
    factors = FactorSet.objects.get()

    found = footprint(known, map(plain, factors.rows.all()), factors.electricity)

    tenths = [
        (line.factor.family, line.total.central.quantize(Decimal("0.1"))) for line in found.lines
    ]
    assert tenths == [
        ("copieur", Decimal("139.8")),
        ("portable", Decimal("129.4")),
        ("ecran", Decimal("30.9")),
    ]
    assert [round(kg, -1) for kg in (found.total.low, found.total.central, found.total.high)] == [
        190,
        300,
        620,
    ]


# --- In force, frozen


def test_the_set_in_force_is_the_last_whose_day_has_come():
    old = FactorSetFactory(in_force_from=date(2026, 1, 1))
    new = FactorSetFactory(in_force_from=date(2027, 1, 1))

    assert FactorSet.objects.in_force(date(2025, 12, 31)) is None
    assert FactorSet.objects.in_force(date(2026, 12, 31)) == old
    assert FactorSet.objects.in_force(date(2027, 1, 1)) == new


def test_closing_level_two_keeps_the_factors_of_the_day(level_two, alice):
    factors = FactorSetFactory(in_force_from=date(2026, 1, 1))
    answer(level_two, by=alice, PAR1="oui")

    closed = close_assessment(assessment=level_two, by=alice, at=MORNING)

    FactorSetFactory(in_force_from=date(2026, 11, 25))
    closed.refresh_from_db()
    assert closed.factors == factors_of(closed) == factors


def test_closing_level_one_keeps_none(assessment, alice):
    FactorSetFactory(in_force_from=date(2026, 1, 1))
    answer(assessment, by=alice, ACH1="oui", ACH2="non", PAR1="oui")

    assert close_assessment(assessment=assessment, by=alice, at=MORNING).factors is None


def test_closing_goes_on_when_there_are_no_factors_yet(level_two, alice):
    answer(level_two, by=alice, PAR1="oui")

    closed = close_assessment(assessment=level_two, by=alice, at=MORNING)

    assert (closed.state, factors_of(closed)) == ("closed", None)


def test_an_assessment_closed_without_factors_takes_those_of_its_day(commune):
    then = FactorSetFactory(in_force_from=date(2026, 1, 1))
    FactorSetFactory(in_force_from=date(2026, 11, 25))

    assert factors_of(AssessmentFactory(closed=True, collectivite=commune)) == then


def test_factors_in_use_refuse_every_change(used):
    row = used.rows.first()
    used.electricity = Decimal("0.06")
    row.manufacture = 1

    for change in (used.save, used.full_clean, row.save, row.delete):
        with pytest.raises(ValidationError, match="Copiez-les dans un nouveau jeu"):
            change()
    with pytest.raises(ProtectedError):
        FactorSet.objects.filter(pk=used.pk).delete()


def test_a_range_must_hold_its_central_value():
    row = FactorSetFactory().rows.first()
    row.lowest = row.outside_use + 1

    with pytest.raises(ValidationError, match="sort de la fourchette"):
        row.full_clean()


# --- Back office


def test_a_national_editor_changes_factors_and_the_history_keeps_it(client_of, editor):
    factors = FactorSetFactory(version="2.1.0")

    edit(client_of(editor), factors, notes="Relu en novembre.")

    factors.refresh_from_db()
    assert factors.notes == "Relu en novembre."
    assert factors.latest_revision.user == editor


def test_factors_in_use_are_shown_and_refused_in_the_back_office(client_of, editor, used):
    client = client_of(editor)
    url = address(FactorSet, "edit", used.pk)

    page = client.get(url)
    client.post(url, filled(page.context["form"]) | {"electricity": "0.06", "notes": "Autre"})

    assert "Copiez-les dans un nouveau jeu" in page.content.decode()
    used.refresh_from_db()
    assert (used.electricity, used.notes) == (Decimal("0.0519"), "")


def test_factors_in_use_are_not_deleted(client_of, editor, used):
    response = client_of(editor).post(address(FactorSet, "delete", used.pk), follow=True)

    assert FactorSet.objects.filter(pk=used.pk).exists()
    assert any("ils restent" in sentence for sentence in sentences(response))


def test_factors_in_use_are_copied_into_the_next_set_rows_included(client_of, editor, used):
    client = client_of(editor)
    page = client.get(address(FactorSet, "copy", used.pk))

    data = filled(page.context["form"]) | {"rows-0-id": "", "rows-1-id": ""}
    client.post(
        page.context["action_url"], data | {"version": "2.2.0", "in_force_from": "2027-01-01"}
    )

    copy = FactorSet.objects.get(version="2.2.0")
    assert copy.rows.count() == used.rows.count() == 2
    assert copy.in_force_from == used.in_force_from.replace(year=2027, day=1, month=1)


@pytest.mark.parametrize("person", ["alice", "omar", "lone"])
def test_nobody_else_opens_the_factors(person, client_of, request):
    client = client_of(request.getfixturevalue(person))
    factors = FactorSetFactory()

    assert client.get(address(FactorSet, "edit", factors.pk)).status_code in (302, 403)
