"""The title and the years of a plan, as its documents show them."""

from datetime import date

import pytest
from django.urls import reverse

from plans.models import Plan
from tests.plans.factories import PlanFactory

WANTED = {
    "title": "Moins d’appareils, plus longtemps",
    "starts_on": "2027-01-01",
    "ends_on": "2029-12-31",
}


def address(commune) -> str:
    return reverse("plans:presentation", args=[commune.pk])


def test_a_referent_gives_the_plan_its_title_and_its_years(plan, commune, alice, client_of):
    response = client_of(alice).post(address(commune), WANTED)

    assert response["Location"] == reverse("plans:outputs", args=[commune.pk])
    plan.refresh_from_db()
    assert (plan.title, plan.period) == ("Moins d’appareils, plus longtemps", "2027–2029")
    printed = client_of(alice).get(reverse("plans:print", args=[commune.pk])).content.decode()
    assert "Moins d’appareils, plus longtemps, 2027–2029" in printed


def test_a_plan_that_has_no_action_yet_may_have_its_title(commune, bob, client_of):
    client_of(bob).post(address(commune), WANTED)

    assert Plan.objects.get(collectivite=commune).title == WANTED["title"]


@pytest.mark.parametrize("person", ["lea", "omar", "nadia", "chloe", "paul", "lone"])
def test_nobody_else_may(person, plan, commune, client_of, request):
    response = client_of(request.getfixturevalue(person)).post(address(commune), WANTED)

    assert response.status_code == 404
    plan.refresh_from_db()
    assert plan.title == PlanFactory.build().title


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"title": ""}, "Donnez un titre au plan."),
        ({"ends_on": "2026-12-31"}, "La fin vient avant le début"),
        ({"starts_on": "demain"}, "Écrivez une date, par exemple 31/03/2027."),
    ],
)
def test_what_is_wrong_is_said_and_kept(typed, sentence, plan, commune, alice, client_of):
    page = client_of(alice).post(address(commune), WANTED | typed).content.decode()

    assert sentence in page
    assert "2029-12-31" in page or typed.get("ends_on", "") in page
    plan.refresh_from_db()
    assert plan.starts_on is None


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (None, None, ""),
        (date(2027, 1, 1), None, "à partir de 2027"),
        (None, date(2028, 6, 30), "jusqu’en 2028"),
        (date(2027, 1, 1), date(2027, 12, 31), "2027"),
        (date(2027, 1, 1), date(2029, 12, 31), "2027–2029"),
    ],
)
def test_the_period_in_words(first, last, words):
    assert Plan(starts_on=first, ends_on=last).period == words
