from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from plans.enums import Event, LoopState, Status
from plans.models import Action
from plans.tracking import (
    ActionChangedMeanwhile,
    add_note,
    change_action,
    change_several,
    change_status,
    create_action,
)
from tests.plans.factories import NOON, ActionFactory, PlanFactory


def history(action) -> list[tuple]:
    return list(action.history.order_by("pk").values_list("event", "changes", "author__first_name"))


def test_actions_are_numbered_one_after_the_other_within_their_plan(commune, other_commune, alice):
    ours, theirs = PlanFactory(collectivite=commune), PlanFactory(collectivite=other_commune)
    ours.last_number = 0
    ours.save()

    numbers = [
        create_action(plan=plan, values={"title": "Agir"}, by=alice, at=NOON).number
        for plan in (ours, ours, theirs)
    ]

    assert numbers == [1, 2, 1001]


def test_a_change_leaves_its_trace_in_the_words_of_the_screens(action, alice):
    values = {"due_on": date(2027, 3, 1), "budget_planned": Decimal("1200.50"), "owner": alice}

    change_action(action=action, version=1, values=values, by=alice, at=NOON)

    changes = {
        "échéance": ["–", "01/03/2027"],
        "budget prévu": ["–", "1200,5"],
        "responsable, de l’équipe": ["–", "Alice Martin"],
    }
    assert history(action) == [(Event.CHANGED, changes, "Alice")]


def test_a_change_that_changes_nothing_leaves_no_trace(action, alice):
    same = change_action(
        action=action, version=1, values={"title": action.title}, by=alice, at=NOON
    )

    assert (same.version, history(action)) == (1, [])


def test_what_is_not_for_people_to_change_is_ignored(action, alice, elsewhere):
    change_action(
        action=action,
        version=1,
        values={"plan": elsewhere.plan, "number": 9, "standing": "declined"},
        by=alice,
        at=NOON,
    )

    action.refresh_from_db()
    assert (action.plan.pk != elsewhere.plan.pk, action.standing) == (True, "adopted")


def test_the_second_of_two_who_move_an_action_is_told(action, alice, bob):
    change_status(action=action, status=Status.PLANNED, version=1, by=alice, at=NOON)

    with pytest.raises(ActionChangedMeanwhile):
        change_status(action=action, status=Status.DROPPED, version=1, by=bob, at=NOON)

    action.refresh_from_db()
    assert (action.status, action.version) == (Status.PLANNED, 2)


def test_a_done_action_keeps_its_day_and_one_that_is_no_longer_done_may_be_answered_again(
    action, alice
):
    done = change_status(action=action, status=Status.DONE, version=1, by=alice, at=NOON)
    assert done.done_on == date(2026, 11, 25)
    Action.objects.update(loop=LoopState.KEPT)

    again = change_status(action=done, status=Status.IN_PROGRESS, version=2, by=alice, at=NOON)

    assert (again.done_on, again.loop) == (None, LoopState.WAITING)


def test_several_actions_change_at_once_and_those_moved_meanwhile_are_named(plan, alice, elsewhere):
    first, second = ActionFactory(plan=plan), ActionFactory(plan=plan, version=4)
    versions = {first.pk: 1, second.pk: 3, elsewhere.pk: 1}

    result = change_several(
        plan=plan, versions=versions, values={"status": Status.PLANNED}, by=alice, at=NOON
    )

    assert ([a.pk for a in result.changed], [a.pk for a in result.moved]) == (
        [first.pk],
        [second.pk],
    )
    elsewhere.refresh_from_db()
    assert elsewhere.status == Status.TO_DEFINE


def test_a_note_for_an_opsn_is_marked_as_its_own(action, omar, opsn):
    note = add_note(
        action=action, text="Le marché groupé ouvre en mars.", by=omar, at=NOON, for_opsn=opsn
    )

    assert (note.for_opsn, note.author) == (opsn, omar)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        (
            "an_action_is_due_after_it_starts",
            {"starts_on": date(2027, 2, 1), "due_on": date(2027, 1, 1)},
        ),
        ("a_done_action_has_its_date", {"status": Status.DONE}),
        ("a_budget_is_not_negative", {"budget_spent": -1}),
        ("what_an_opsn_proposed_says_which", {"standing": "proposed"}),
    ],
)
def test_the_database_holds_the_rule(name, values, action):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Action.objects.filter(pk=action.pk).update(**values)


def test_the_owner_is_a_member_or_a_name_not_both(action, alice):
    with (
        pytest.raises(IntegrityError, match="an_owner_is_a_member_or_a_name"),
        transaction.atomic(),
    ):
        Action.objects.filter(pk=action.pk).update(owner=alice, owner_name="Un prestataire")


def test_late_soon_and_without_owner(plan, alice):
    today = date(2027, 1, 15)
    late = ActionFactory(plan=plan, due_on=date(2027, 1, 14), owner=alice)
    today_due = ActionFactory(plan=plan, due_on=today, owner=alice)
    soon = ActionFactory(plan=plan, due_on=date(2027, 2, 14), owner_name="Le prestataire")
    far = ActionFactory(plan=plan, due_on=date(2027, 2, 15))
    ActionFactory(plan=plan, due_on=date(2020, 1, 1), done=True)

    assert list(Action.objects.late(today)) == [late]
    assert list(Action.objects.due_within(today)) == [today_due, soon]
    assert list(Action.objects.without_owner()) == [far]
