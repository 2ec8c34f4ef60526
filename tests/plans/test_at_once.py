"""Several people at the same moment in one plan, each in a transaction of her own."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import connection

from plans.adoption import accept_proposal, add_own_action, adopt_measures, open_plan
from plans.basis import basis_of
from plans.loop import accept_new_answers, closing_of
from plans.measuring import record_value
from plans.models import Action, ActionHistory, IndicatorValue, Plan
from plans.tracking import ActionChangedMeanwhile, change_status
from questions.models import Answer
from territories.scoping import acting_as
from tests.plans.factories import NOON, ActionFactory, IndicatorFactory, answered_commune
from tests.questions.factories import MeasureFactory

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

THREADS = 8


def at_once(user, *acts) -> list:
    """Run the acts in threads that start together, as this person's requests would; return what came of each."""
    barrier = Barrier(len(acts))

    def run(act):
        try:
            with acting_as(user):
                barrier.wait()
                return act()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def failures(outcomes) -> list:
    return [outcome for outcome in outcomes if isinstance(outcome, Exception)]


def test_eight_people_who_begin_a_plan_make_one(commune, alice):
    outcomes = at_once(
        alice, *[lambda: open_plan(collectivite=commune, by=alice, at=NOON)] * THREADS
    )

    assert failures(outcomes) == []
    assert Plan.objects.count() == 1


def test_a_form_sent_eight_times_adopts_once(commune, alice):
    measures = [MeasureFactory(code=f"M{n}") for n in range(3)]

    def adopt():
        return adopt_measures(
            collectivite=commune, measures=measures, question_codes={}, by=alice, at=NOON
        )

    outcomes = at_once(alice, *[adopt] * THREADS)

    assert failures(outcomes) == []
    assert sorted(len(added) for added in outcomes) == [0] * (THREADS - 1) + [3]
    assert list(Action.objects.values_list("number", flat=True)) == [1, 2, 3]


def test_actions_written_at_once_have_each_their_number(commune, alice):
    def write():
        return add_own_action(collectivite=commune, values={"title": "Agir"}, by=alice, at=NOON)

    outcomes = at_once(alice, *[write] * THREADS)

    assert failures(outcomes) == []
    assert list(Action.objects.values_list("number", flat=True)) == list(range(1, THREADS + 1))


def test_of_two_who_move_a_card_one_moves_it_and_the_other_is_told(action, alice):
    def move(status):
        return lambda: change_status(action=action, status=status, version=1, by=alice, at=NOON)

    outcomes = at_once(alice, move("planned"), move("dropped"))

    (told,) = failures(outcomes)
    assert isinstance(told, ActionChangedMeanwhile)
    action.refresh_from_db()
    assert (action.version, ActionHistory.objects.count()) == (2, 1)


def test_a_proposal_is_accepted_once(plan, alice):
    action = ActionFactory(plan=plan, proposed=True)

    outcomes = at_once(alice, *[lambda: accept_proposal(action=action, by=alice, at=NOON)] * 4)

    assert len(failures(outcomes)) == 3
    assert ActionHistory.objects.count() == 1


def test_two_values_of_a_day_at_once_leave_one(action, alice):
    indicator = IndicatorFactory(action=action)

    def note(value):
        return lambda: record_value(
            indicator=indicator, on=date(2027, 1, 1), value=Decimal(value), by=alice, at=NOON
        )

    outcomes = at_once(alice, note(1), note(2))

    assert failures(outcomes) == []
    assert IndicatorValue.objects.count() == 1


def test_a_new_answer_confirmed_twice_at_once_is_written_once(commune, alice):
    answered_commune(commune, alice, ACH1="non")
    action = ActionFactory(
        plan=open_plan(collectivite=commune, by=alice, at=NOON), question_code="ACH1", done=True
    )
    seen = closing_of(action, basis_of(commune)).seen

    def confirm():
        return accept_new_answers(action=action, collectivite=commune, seen=seen, by=alice, at=NOON)

    outcomes = at_once(alice, confirm, confirm)

    assert len(failures(outcomes)) == 1
    assert Answer.objects.get().version == 2
