"""One set of actions as a table, a board, a calendar, a printed page."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from plans.models import Action
from tests.plans.factories import ActionFactory, PlanFactory, answered_commune

VIEWS = ["table", "board", "calendar", "print", "outputs"]


def address(name, commune) -> str:
    return reverse(f"plans:{name}", args=[commune.pk])


def titles(response) -> list[str]:
    return [action.title for action in response.context["page"]]


def test_the_plan_of_the_current_collectivite_is_one_address(commune, alice, paul, lone, client_of):
    overview = reverse("plans:overview")

    assert client_of(alice).get(overview)["Location"] == address("table", commune)
    for person in (lone, paul):
        assert client_of(person).get(overview)["Location"] == "/espace/"


@pytest.mark.parametrize("name", VIEWS)
def test_an_empty_plan_says_what_to_do(name, commune, alice, client_of):
    response = client_of(alice).get(address(name, commune))

    assert response.status_code == 200
    if name in {"table", "board", "calendar"}:
        assert "Voir les propositions" in response.content.decode()


@pytest.mark.parametrize("name", VIEWS)
@pytest.mark.parametrize("person", ["chloe", "sonia", "paul", "lone", "editor"])
def test_nobody_else_sees_it(name, person, commune, action, client_of, request):
    response = client_of(request.getfixturevalue(person)).get(address(name, commune))

    assert response.status_code == 404
    assert action.title not in response.content.decode()


@pytest.mark.parametrize("name", ["table", "board", "calendar", "print"])
@pytest.mark.parametrize("person", ["alice", "bob", "lea", "omar", "nadia"])
def test_members_their_opsn_and_the_national_team_read_it(
    name, person, commune, action, elsewhere, client_of, request
):
    Action.objects.filter(pk=action.pk).update(due_on=timezone.localdate())
    page = client_of(request.getfixturevalue(person)).get(address(name, commune)).content.decode()

    assert action.title in page
    assert elsewhere.title not in page


@pytest.mark.parametrize("name", ["table", "board", "calendar"])
def test_who_only_reads_has_no_form_to_write(name, commune, action, lea, client_of):
    page = client_of(lea).get(address(name, commune)).content.decode()

    assert 'name="action"' not in page
    assert "Ajouter une action" not in page


@pytest.mark.parametrize("name", ["table", "board", "calendar", "print"])
def test_a_proposal_or_a_declined_action_is_not_part_of_the_plan(
    name, commune, plan, alice, client_of
):
    ActionFactory(plan=plan, proposed=True, title="Marché groupé", due_on=timezone.localdate())
    ActionFactory(plan=plan)

    assert "Marché groupé" not in client_of(alice).get(address(name, commune)).content.decode()


def test_filters_and_sorting_stand_in_the_address(commune, plan, alice, client_of):
    ActionFactory(
        plan=plan, title="B", status="planned", due_on=date(2027, 1, 1), theme_code="parc"
    )
    ActionFactory(plan=plan, title="A", status="in_progress", due_on=date(2026, 1, 1), owner=alice)
    ActionFactory(plan=plan, title="C", priority="high", owner_name="Services")
    client, url = client_of(alice), address("table", commune)

    assert titles(client.get(url)) == ["B", "A", "C"]
    assert titles(client.get(url, {"tri": "titre"})) == ["A", "B", "C"]
    assert titles(client.get(url, {"tri": "-titre"})) == ["C", "B", "A"]
    assert titles(client.get(url, {"tri": "echeance"})) == ["A", "B", "C"]
    assert titles(client.get(url, {"tri": "-echeance"})) == ["B", "A", "C"]
    assert titles(client.get(url, {"tri": "priorite"})) == ["C", "B", "A"]
    assert titles(client.get(url, {"tri": "; drop"})) == ["B", "A", "C"]
    assert titles(client.get(url, {"statut": "planned"})) == ["B"]
    assert titles(client.get(url, {"responsable": alice.pk})) == ["A"]
    assert titles(client.get(url, {"responsable": "sans"})) == ["B"]
    assert titles(client.get(url, {"quand": "retard"})) == ["A"]
    assert titles(client.get(url, {"quand": "hier", "statut": "x"})) == ["B", "A", "C"]


def test_late_soon_and_unowned_are_counted(commune, plan, alice, client_of):
    today = timezone.localdate()
    ActionFactory(plan=plan, due_on=today - timedelta(days=1), owner=alice)
    ActionFactory(plan=plan, due_on=today + timedelta(days=30))
    ActionFactory(plan=plan, done=True)
    ActionFactory(plan=plan, status="dropped", due_on=today - timedelta(days=9))
    ActionFactory(plan=plan, proposed=True)

    counts = client_of(alice).get(address("table", commune)).context["counts"]

    assert (counts.total, counts.done, counts.late, counts.soon) == (3, 1, 1, 1)
    assert (counts.without_owner, counts.proposed) == (1, 1)


def test_the_budget_is_summed_by_year(commune, plan, alice, client_of):
    ActionFactory(plan=plan, due_on=date(2027, 3, 1), budget_planned=100, budget_spent=150)
    ActionFactory(plan=plan, starts_on=date(2027, 9, 1), budget_planned=50)
    ActionFactory(plan=plan, budget_planned=30)
    ActionFactory(plan=plan, due_on=date(2027, 1, 1), budget_planned=999, status="dropped")

    context = client_of(alice).get(address("table", commune)).context

    rows = [(row.label, int(row.planned), int(row.spent)) for row in context["budgets"]]
    assert rows == [("2027", 150, 150), ("Sans date", 30, 0)]
    assert (context["budget"].planned, context["budget"].overspent) == (180, False)


def test_the_index_is_shown_before_and_once_the_plan_is_done(commune, alice, client_of):
    answered_commune(commune, alice, ACH1="non", ACH2="oui")
    client = client_of(alice)
    client.post(reverse("plans:adopt", args=[commune.pk]), {"measure": ["M-ACH1"]})

    context = client.get(address("table", commune)).context
    line = client.get(address("print", commune)).context["line"]

    assert (context["basis"].index, context["projected"]) == (50, 100)
    assert [point["value"] for point in line] == [50, 100]


def test_a_dropped_action_no_longer_raises_the_projected_index(commune, alice, client_of):
    answered_commune(commune, alice, ACH1="non", ACH2="oui")
    client = client_of(alice)
    client.post(reverse("plans:adopt", args=[commune.pk]), {"measure": ["M-ACH1"]})
    Action.objects.update(status="dropped")

    assert client.get(address("table", commune)).context["projected"] == 50


def test_an_owner_who_left_is_told(commune, plan, alice, chloe, client_of):
    ActionFactory(plan=plan, owner=chloe)

    page = client_of(alice).get(address("table", commune)).content.decode()

    assert "(a quitté l’équipe)" in page


def test_the_board_shows_a_column_per_status_and_few_cards_in_each(commune, plan, alice, client_of):
    for _ in range(7):
        ActionFactory(plan=plan, status="planned")

    columns = client_of(alice).get(address("board", commune)).context["columns"]

    planned = next(column for column in columns if column["status"] == "planned")
    assert columns[0]["title"] == "À définir"
    assert (planned["count"], len(planned["cards"]), planned["more"]) == (7, 5, 2)


def test_the_calendar_shows_two_years_from_the_one_in_the_address(commune, plan, alice, client_of):
    ActionFactory(plan=plan, title="Avant", due_on=date(2026, 12, 31))
    ActionFactory(plan=plan, title="À cheval", starts_on=date(2026, 6, 1), due_on=date(2027, 1, 2))
    ActionFactory(plan=plan, title="Dedans", starts_on=date(2028, 12, 31))
    ActionFactory(plan=plan, title="Après", due_on=date(2029, 1, 1))
    ActionFactory(plan=plan, title="Sans date")

    response = client_of(alice).get(address("calendar", commune), {"annee": "2027"})

    shown = [(bar.action.title, bar.begins, bar.ends) for bar in response.context["bars"]]
    assert shown == [("À cheval", "T2 2026", "T1 2027"), ("Dedans", "T4 2028", "T4 2028")]
    assert response.context["undated"] == 1


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (1, "1 action sans date\u00a0: donnez-lui une échéance"),
        (2, "2 actions sans date\u00a0: donnez-leur une échéance"),
    ],
)
def test_actions_without_date_are_counted(count, words, commune, plan, alice, client_of):
    for _ in range(count):
        ActionFactory(plan=plan)

    assert words in client_of(alice).get(address("calendar", commune)).content.decode()


@pytest.mark.parametrize(
    ("done", "words"),
    [
        (0, "<strong>0</strong> réalisée sur 2"),
        (1, "<strong>1</strong> réalisée sur 2"),
        (2, "<strong>2</strong> réalisées sur 2"),
    ],
)
def test_what_is_done_is_counted(done, words, commune, plan, alice, client_of):
    for number in range(2):
        ActionFactory(plan=plan, done=number < done)

    assert words in client_of(alice).get(address("table", commune)).content.decode()


@pytest.mark.parametrize("year", ["", "abc", "99999999999999999999", "-3"])
def test_a_year_that_makes_no_sense_is_this_one(year, commune, action, alice, client_of):
    response = client_of(alice).get(address("calendar", commune), {"annee": year})

    assert response.status_code == 200


@pytest.mark.parametrize("name", ["table", "board", "calendar", "print"])
def test_the_number_of_queries_does_not_follow_the_number_of_actions(
    name, commune, plan, alice, client_of, django_assert_max_num_queries
):
    answered_commune(commune, alice, ACH1="non", measures=False)
    client, url = client_of(alice), address(name, commune)
    today = timezone.localdate()
    ActionFactory(plan=plan, owner=alice, due_on=today)
    client.get(url)
    with django_assert_max_num_queries(20) as one:
        client.get(url)
    for _ in range(2):
        ActionFactory(plan=plan, owner=alice, due_on=today)

    with django_assert_max_num_queries(20) as three:
        client.get(url)

    assert len(three) == len(one)


@pytest.mark.parametrize("name", ["table", "board", "calendar", "proposals", "target"])
def test_a_plan_of_500_actions_keeps_its_pages_light(name, commune, alice, client_of):
    plan = PlanFactory(collectivite=commune)
    today = timezone.localdate()
    answered_commune(commune, alice, ACH1="non")
    Action.objects.bulk_create(
        Action(plan=plan, number=n, title=f"Action {n}", due_on=today, owner=alice)
        for n in range(1, 501)
    )

    page = client_of(alice).get(address(name, commune)).content.decode()

    elements = page.count("<") - page.count("</") - page.count("<!")
    assert elements < 290
