"""What « Mon espace » and the results say of the plan."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from plans.enums import Status
from questions.closing import close_assessment
from questions.models import Measure
from tests.plans.factories import ActionFactory, answered_commune
from tests.questions.factories import MORNING

SPACE = "/espace/"
BUILD, ADD, SEE = "Construire le plan d’action", "Ajouter des mesures au plan", "Voir le plan"
INVITE = "inviter un collègue"
COMPARE = "Nous comparer aux collectivités semblables"


@pytest.fixture
def assessment(commune, alice):
    return answered_commune(commune, alice, ACH1="non", ACH2="non")


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def read(client_of):
    def page(person, address=SPACE) -> str:
        return client_of(person).get(address).content.decode()

    return page


def test_the_space_counts_the_actions_and_names_the_two_to_finish_first(
    assessment, plan, alice, read, today
):
    ActionFactory(plan=plan, title="Faite", done=True, due_on=today)
    ActionFactory(plan=plan, title="Troisième", due_on=today + timedelta(days=90))
    ActionFactory(plan=plan, title="Deuxième", due_on=today + timedelta(days=3))
    ActionFactory(plan=plan, title="Première", due_on=today - timedelta(days=3))
    ActionFactory(plan=plan, title="Un jour")

    html = read(alice)

    assert "<strong>1</strong> réalisée sur 5" in html
    assert "1 en retard" in html
    assert html.index("Première") < html.index("Deuxième")
    assert html.count("(en retard)") == 1
    assert "Troisième" not in html
    assert "Faite" not in html
    assert "Un jour" not in html


@pytest.mark.parametrize(
    ("standing", "button"), [({}, ADD), ({"status": Status.DROPPED}, BUILD), (None, BUILD)]
)
def test_a_plan_that_has_actions_is_no_longer_to_be_built(
    standing, button, assessment, plan, alice, read
):
    if standing is not None:
        ActionFactory(plan=plan, title="Acheter d’occasion", **standing)

    html = read(alice)

    assert [label for label in (ADD, BUILD) if label in html] == [button]
    assert (SEE in html) == (button == ADD)


def test_a_priority_that_the_plan_has_says_so_and_only_that_one(assessment, plan, alice, read):
    ActionFactory(plan=plan, measure=Measure.objects.get(code="M-ACH1"))
    results = reverse("questions:results", args=[assessment.pk])

    assert read(alice).count(">au plan<") == 1
    assert read(alice, results).count(">au plan<") == 1


def test_another_commune_is_told_nothing_of_it(
    assessment, elsewhere, chloe, other_commune, commune, alice, read
):
    assert "Le secret" not in read(alice)
    assert "Acheter" not in read(chloe)


def test_a_reader_is_offered_to_read(assessment, lea, bob, alice, read):
    for html in (read(lea), read(lea, reverse("questions:results", args=[assessment.pk]))):
        assert SEE in html
        assert BUILD not in html
        assert ADD not in html
    assert [INVITE in read(person) for person in (alice, bob, lea)] == [True, False, False]


def test_the_space_offers_to_compare_once_an_evaluation_is_closed(assessment, alice, read):
    before = read(alice)
    close_assessment(assessment=assessment, by=alice, at=MORNING)

    assert COMPARE not in before
    assert COMPARE in read(alice)


@pytest.mark.parametrize("actions", [1, 3])
def test_the_space_asks_the_same_of_the_database_whatever_the_plan(
    actions, assessment, plan, alice, client_of, today, django_assert_max_num_queries
):
    for days in range(actions):
        ActionFactory(plan=plan, due_on=today + timedelta(days=days))
    alices = client_of(alice)
    alices.get(SPACE)

    with django_assert_max_num_queries(16):
        alices.get(SPACE)


def test_who_waits_to_be_accepted_sees_no_plan(plan, paul, read):
    ActionFactory(plan=plan, title="Acheter d’occasion")

    assert "Acheter d’occasion" not in read(paul)
