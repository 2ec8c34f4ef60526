from datetime import date
from decimal import Decimal

import pytest

from plans import measuring
from plans.enums import Event
from plans.models import ActionStep, Indicator, IndicatorValue
from tests.plans.factories import NOON, IndicatorFactory, StepFactory


def texts(action) -> list[str]:
    return [step.text for step in action.steps.all()]


def test_steps_are_added_at_the_end_moved_and_removed(action, alice):
    for text in ("Un", "Deux", "Trois"):
        measuring.add_step(action=action, text=text, by=alice, at=NOON)
    first, _, third = action.steps.all()

    measuring.move_step_up(step=third)
    measuring.move_step_up(step=first)
    measuring.remove_step(step=first, by=alice, at=NOON)

    assert texts(action) == ["Trois", "Deux"]


def test_the_first_step_stays_first(action):
    step = StepFactory(action=action)

    measuring.move_step_up(step=step)

    assert texts(action) == [step.text]


def test_a_step_says_who_did_it_and_saying_it_twice_changes_nothing(action, alice, bob):
    step = StepFactory(action=action)

    measuring.tick_step(step=step, done=True, by=alice, at=NOON)
    measuring.tick_step(step=step, done=True, by=bob, at=NOON)

    step.refresh_from_db()
    assert (step.done_by, step.done_at) == (alice, NOON)
    assert action.history.count() == 1


def test_a_step_may_be_to_do_again(action, alice):
    step = StepFactory(action=action, done_at=NOON, done_by=alice)

    measuring.tick_step(step=step, done=False, by=alice, at=NOON)

    assert ActionStep.objects.get().done_at is None


def test_an_action_has_a_bounded_number_of_steps_and_indicators(action, alice, monkeypatch):
    monkeypatch.setattr(measuring, "MOST_STEPS", 1)
    monkeypatch.setattr(measuring, "MOST_INDICATORS", 1)
    StepFactory(action=action)
    IndicatorFactory(action=action)

    with pytest.raises(measuring.TooManySteps):
        measuring.add_step(action=action, text="De trop", by=alice, at=NOON)
    with pytest.raises(measuring.TooManyIndicators):
        add_indicator(action, alice, label="De trop")


def add_indicator(action, by, **values):
    defaults = {"label": "Âge moyen", "unit": "ans", "baseline": Decimal(4), "target": Decimal(6)}
    return measuring.add_indicator(action=action, by=by, at=NOON, **{**defaults, **values})


def test_an_indicator_has_one_name_per_action(action, alice):
    add_indicator(action, alice)

    with pytest.raises(measuring.IndicatorAlreadyThere):
        add_indicator(action, alice)


def test_a_second_value_for_the_same_day_replaces_the_first_and_is_traced(action, alice):
    indicator = IndicatorFactory(action=action)
    day = date(2027, 1, 31)

    for value in ("10", "12.5"):
        measuring.record_value(indicator=indicator, on=day, value=Decimal(value), by=alice, at=NOON)

    assert IndicatorValue.objects.get().value == Decimal("12.5")
    changes = [row.changes for row in action.history.order_by("pk")]
    label = "Part des agents informés au 31/01/2027"
    assert changes == [{label: ["–", "10"]}, {label: ["10", "12,5"]}]


def test_an_indicator_is_aimed_and_removed_with_its_values(action, alice):
    indicator = IndicatorFactory(action=action)
    measuring.record_value(
        indicator=indicator, on=date(2027, 1, 1), value=Decimal(1), by=alice, at=NOON
    )

    measuring.aim_indicator(
        indicator=indicator, baseline=Decimal(10), target=Decimal(80), by=alice, at=NOON
    )
    measuring.remove_indicator(indicator=indicator, by=alice, at=NOON)

    assert not Indicator.objects.exists()
    assert {row.event for row in action.history.all()} == {Event.INDICATOR}
