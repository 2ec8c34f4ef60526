"""Acts on what an action is made of and measured by: its steps, its indicators and their values."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Max

from accounts.models import User
from plans.enums import Event
from plans.errors import PlanError
from plans.history import trace
from plans.models import Action, ActionStep, Indicator, IndicatorValue

MOST_STEPS = 30
MOST_INDICATORS = 10


class TooManySteps(PlanError):
    sentence = f"Une action compte au plus {MOST_STEPS} étapes. Créez une autre action."


class TooManyIndicators(PlanError):
    sentence = f"Une action compte au plus {MOST_INDICATORS} indicateurs."


class IndicatorAlreadyThere(PlanError):
    sentence = "Cette action a déjà un indicateur de ce nom."


@transaction.atomic
def add_step(*, action: Action, text: str, by: User, at: datetime) -> ActionStep:
    """Add a step after the others. Raises TooManySteps."""
    action = Action.objects.select_for_update(of=("self",)).get(pk=action.pk)
    if action.steps.count() >= MOST_STEPS:
        raise TooManySteps
    last = action.steps.aggregate(last=Max("position"))["last"] or 0
    step = ActionStep.objects.create(action=action, position=last + 1, text=text)
    trace(Event.STEP, action, by=by, at=at, changes={"étape ajoutée": ["–", text]})
    return step


@transaction.atomic
def tick_step(*, step: ActionStep, done: bool, by: User, at: datetime) -> ActionStep:
    """Say that a step is done, or that it is not after all; saying it twice changes nothing."""
    step = ActionStep.objects.select_for_update(of=("self",)).get(pk=step.pk)
    if (step.done_at is not None) == done:
        return step
    step.done_at, step.done_by = (at, by) if done else (None, None)
    step.save()
    label = "étape faite" if done else "étape à refaire"
    trace(Event.STEP, step.action, by=by, at=at, changes={label: ["–", step.text]})
    return step


@transaction.atomic
def move_step_up(*, step: ActionStep) -> None:
    """Put a step before the one above it; the first stays where it is."""
    Action.objects.select_for_update(of=("self",)).get(pk=step.action_id)
    steps = list(ActionStep.objects.filter(action=step.action_id))
    index = next(i for i, other in enumerate(steps) if other.pk == step.pk)
    if index:
        steps[index - 1], steps[index] = steps[index], steps[index - 1]
    for position, other in enumerate(steps, start=1):
        if other.position != position:
            other.position = position
            other.save(update_fields=["position"])


@transaction.atomic
def remove_step(*, step: ActionStep, by: User, at: datetime) -> None:
    trace(Event.STEP, step.action, by=by, at=at, changes={"étape retirée": [step.text, "–"]})
    step.delete()


@transaction.atomic
def add_indicator(
    *,
    action: Action,
    label: str,
    unit: str,
    baseline: Decimal | None,
    target: Decimal | None,
    by: User,
    at: datetime,
) -> Indicator:
    """Add an indicator. Raises TooManyIndicators, IndicatorAlreadyThere."""
    action = Action.objects.select_for_update(of=("self",)).get(pk=action.pk)
    existing = list(action.indicators.all())
    if len(existing) >= MOST_INDICATORS:
        raise TooManyIndicators
    if any(indicator.label == label for indicator in existing):
        raise IndicatorAlreadyThere
    indicator = Indicator.objects.create(
        action=action, label=label, unit=unit, baseline=baseline, target=target
    )
    trace(Event.INDICATOR, action, by=by, at=at, changes={"indicateur ajouté": ["–", label]})
    return indicator


@transaction.atomic
def aim_indicator(
    *,
    indicator: Indicator,
    baseline: Decimal | None,
    target: Decimal | None,
    by: User,
    at: datetime,
) -> Indicator:
    """Say from where an indicator starts and where it should go."""
    before = _aim(indicator)
    indicator.baseline, indicator.target = baseline, target
    indicator.save(update_fields=["baseline", "target"])
    changes = {indicator.label: [before, _aim(indicator)]}
    trace(Event.INDICATOR, indicator.action, by=by, at=at, changes=changes)
    return indicator


@transaction.atomic
def record_value(
    *, indicator: Indicator, on: date, value: Decimal, by: User, at: datetime
) -> IndicatorValue:
    """Note the value of an indicator on a day; a second value for the same day replaces the first, traced."""
    earlier = IndicatorValue.objects.filter(indicator=indicator, on=on).first()
    row, _ = IndicatorValue.objects.update_or_create(
        indicator=indicator, on=on, defaults={"value": value, "by": by, "at": at}
    )
    label = f"{indicator.label} au {on:%d/%m/%Y}"
    changes = {label: [_text(earlier and earlier.value), _text(value)]}
    trace(Event.INDICATOR, indicator.action, by=by, at=at, changes=changes)
    return row


@transaction.atomic
def remove_indicator(*, indicator: Indicator, by: User, at: datetime) -> None:
    """Remove an indicator with its values."""
    changes = {"indicateur retiré": [indicator.label, "–"]}
    trace(Event.INDICATOR, indicator.action, by=by, at=at, changes=changes)
    indicator.delete()


def _aim(indicator: Indicator) -> str:
    return f"{_text(indicator.baseline)} → {_text(indicator.target)}"


def _text(value: Decimal | None) -> str:
    return "–" if value is None else f"{value.normalize():f}".replace(".", ",")
