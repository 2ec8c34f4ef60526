"""Acts on the actions of a plan. Each is one transaction and leaves its trace.

An action has a version: who saves on top of somebody else's change is told (`ActionChangedMeanwhile`), and nothing is lost.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from plans.enums import Event, LoopState, Status
from plans.errors import PlanError
from plans.history import differences, trace
from plans.models import Action, ActionNote, Plan
from territories.models import Opsn

EDITABLE = (
    "title",
    "description",
    "theme_code",
    "reen_objective",
    "owner",
    "owner_name",
    "elected_referent",
    "partners",
    "starts_on",
    "due_on",
    "status",
    "priority",
    "effort",
    "cost",
    "budget_planned",
    "budget_spent",
)


class ActionChangedMeanwhile(PlanError):
    sentence = (
        "Quelqu’un a modifié cette action pendant que vous l’aviez sous les yeux. "
        "Voici ce qu’elle est devenue : vérifiez, puis recommencez si besoin."
    )


class DueBeforeStart(PlanError):
    sentence = "L’échéance vient avant le début : corrigez l’une des deux dates."


@dataclass(frozen=True)
class SeveralChanged:
    """Actions that were changed, and those that somebody else had changed meanwhile."""

    changed: list[Action] = field(default_factory=list)
    moved: list[Action] = field(default_factory=list)


@transaction.atomic
def create_action(
    *, plan: Plan, values: Mapping, by: User | None, at: datetime, event: Event = Event.CREATED
) -> Action:
    """Add an action with the next number of its plan. Raises DueBeforeStart."""
    plan = Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    plan.last_number += 1
    plan.save(update_fields=["last_number"])
    action = Action(
        plan=plan, number=plan.last_number, created_by=by, created_at=at, updated_at=at, **values
    )
    _check_dates(action)
    _keep_done_date(action, at)
    action.save()
    trace(event, action, by=by, at=at)
    return action


@transaction.atomic
def change_action(
    *,
    action: Action,
    version: int,
    values: Mapping,
    by: User | None,
    at: datetime,
    event: Event = Event.CHANGED,
) -> Action:
    """Change fields of an action, if it is still at this version. Raises ActionChangedMeanwhile, DueBeforeStart.

    Values that change nothing leave no trace and no new version.
    """
    action = Action.objects.select_for_update(of=("self",)).get(pk=action.pk)
    if action.version != version:
        raise ActionChangedMeanwhile
    values = {name: values[name] for name in EDITABLE if name in values}
    changes = differences(action, values)
    if not changes:
        return action
    for name, value in values.items():
        setattr(action, name, value)
    _check_dates(action)
    _keep_done_date(action, at)
    action.version += 1
    action.updated_at = at
    action.save()
    trace(event, action, by=by, at=at, changes=changes)
    return action


def change_status(
    *, action: Action, status: Status, version: int, by: User, at: datetime
) -> Action:
    """Move an action to a status. Raises ActionChangedMeanwhile."""
    return change_action(
        action=action,
        version=version,
        values={"status": status},
        by=by,
        at=at,
        event=Event.STATUS,
    )


@transaction.atomic
def change_several(
    *, plan: Plan, versions: Mapping[int, int], values: Mapping, by: User, at: datetime
) -> SeveralChanged:
    """Change the same fields of several actions of a plan; those changed meanwhile are left as they are, and named.

    Raises DueBeforeStart, and then changes nothing at all.
    """
    result = SeveralChanged()
    event = Event.STATUS if set(values) == {"status"} else Event.CHANGED
    for action in Action.objects.filter(plan=plan, pk__in=versions).adopted():
        try:
            changed = change_action(
                action=action,
                version=versions[action.pk],
                values=values,
                by=by,
                at=at,
                event=event,
            )
        except ActionChangedMeanwhile:
            result.moved.append(action)
        else:
            result.changed.append(changed)
    return result


@transaction.atomic
def add_note(
    *, action: Action, text: str, by: User, at: datetime, for_opsn: Opsn | None = None
) -> ActionNote:
    """Say something about an action; a note written for an OPSN is marked as its own."""
    return ActionNote.objects.create(action=action, text=text, author=by, at=at, for_opsn=for_opsn)


def _check_dates(action: Action) -> None:
    if action.starts_on and action.due_on and action.due_on < action.starts_on:
        raise DueBeforeStart


def _keep_done_date(action: Action, at: datetime) -> None:
    """A done action has its date; one that is no longer done may be answered again."""
    if action.status == Status.DONE:
        action.done_on = action.done_on or timezone.localdate(at)
    else:
        action.done_on = None
        action.loop = LoopState.WAITING
