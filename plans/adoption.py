"""How actions enter a plan: from a measure, from the commune's own idea, from a proposal of its OPSN."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils.text import normalize_newlines

from accounts.models import User
from plans.enums import Event, Standing
from plans.errors import PlanError
from plans.history import trace
from plans.models import Action, ActionStep, Indicator, Plan, SetAside
from plans.tracking import add_note, create_action
from questions.models import Measure
from territories.models import Collectivite, Opsn


class AlreadyDecided(PlanError):
    sentence = "Cette proposition a déjà reçu une réponse."


class AlreadyInPlan(PlanError):
    sentence = "Cette mesure est déjà dans le plan."


def plan_of(collectivite: Collectivite) -> Plan | None:
    return Plan.objects.filter(collectivite=collectivite).first()


def open_plan(*, collectivite: Collectivite, by: User, at: datetime) -> Plan:
    """Return the plan of a collectivité, begun now if it has none; two people at once get the same one."""
    plan, _ = Plan.objects.get_or_create(
        collectivite=collectivite, defaults={"created_by": by, "created_at": at}
    )
    return plan


def aim_at(*, plan: Plan, index: int | None) -> None:
    """Give a plan the index it aims at (whole percent), or none."""
    Plan.objects.filter(pk=plan.pk).update(target_index=index)


def present_plan(*, plan: Plan, title: str, starts_on: date | None, ends_on: date | None) -> None:
    """Give a plan the title of its documents and the days that it covers."""
    rows = Plan.objects.filter(pk=plan.pk)
    rows.update(title=title, starts_on=starts_on, ends_on=ends_on)


@transaction.atomic
def adopt_measures(
    *,
    collectivite: Collectivite,
    measures: Iterable[Measure],
    question_codes: Mapping[int, str],
    by: User,
    at: datetime,
) -> list[Action]:
    """Put measures in the plan, with their steps and indicators; those that are there already stay as they are.

    `question_codes` maps a measure to the question that called for it. A measure that its OPSN had proposed is accepted;
    one that was set aside no longer is. Returns the actions added or accepted.
    """
    plan = _locked(open_plan(collectivite=collectivite, by=by, at=at))
    present = _present(plan)
    added = []
    for measure in measures:
        known = present.get(measure.pk)
        if known is None:
            added.append(
                _from_measure(plan, measure, question_codes.get(measure.pk, ""), by=by, at=at)
            )
        elif known.standing == Standing.PROPOSED:
            added.append(accept_proposal(action=known, by=by, at=at))
    SetAside.objects.filter(plan=plan, measure__in=[a.measure_id for a in added]).delete()
    return added


@transaction.atomic
def propose_measures(
    *,
    collectivite: Collectivite,
    opsn: Opsn,
    measures: Iterable[Measure],
    question_codes: Mapping[int, str],
    by: User,
    at: datetime,
) -> list[Action]:
    """Propose measures to a commune on behalf of its OPSN; those in the plan or proposed already are left as they are."""
    plan = _locked(open_plan(collectivite=collectivite, by=by, at=at))
    present = _present(plan)
    return [
        _from_measure(plan, measure, question_codes.get(measure.pk, ""), opsn=opsn, by=by, at=at)
        for measure in measures
        if measure.pk not in present
    ]


@transaction.atomic
def set_aside(
    *, collectivite: Collectivite, measure: Measure, reason: str, by: User, at: datetime
) -> SetAside:
    """Take a measure out of the proposals, and say why; what its OPSN proposed is declined.

    Raises AlreadyInPlan, AlreadyDecided.
    """
    plan = _locked(open_plan(collectivite=collectivite, by=by, at=at))
    known = _present(plan).get(measure.pk)
    if known is not None and known.standing == Standing.ADOPTED:
        raise AlreadyInPlan
    if known is not None:
        decline_proposal(action=known, reason=reason, by=by, at=at)
    row, _ = SetAside.objects.update_or_create(
        plan=plan, measure=measure, defaults={"reason": reason, "by": by, "at": at}
    )
    return row


def propose_again(*, collectivite: Collectivite, measure: Measure) -> None:
    """Put a measure that was set aside back among the proposals."""
    SetAside.objects.filter(plan__collectivite=collectivite, measure=measure).delete()


@transaction.atomic
def add_own_action(
    *, collectivite: Collectivite, values: Mapping, by: User, at: datetime
) -> Action:
    """Put an idea of the commune in its plan."""
    plan = open_plan(collectivite=collectivite, by=by, at=at)
    return create_action(plan=plan, values=values, by=by, at=at)


@transaction.atomic
def propose_action(
    *, collectivite: Collectivite, opsn: Opsn, values: Mapping, by: User, at: datetime
) -> Action:
    """Propose an action to a commune on behalf of its OPSN; it stands apart until the commune decides."""
    plan = open_plan(collectivite=collectivite, by=by, at=at)
    values = {**values, "standing": Standing.PROPOSED, "proposed_by_opsn": opsn}
    return create_action(plan=plan, values=values, by=by, at=at, event=Event.PROPOSED)


@transaction.atomic
def accept_proposal(*, action: Action, by: User, at: datetime) -> Action:
    """Put what an OPSN proposed in the plan; its measure is no longer set aside. Raises AlreadyDecided."""
    action = _decide(action, Standing.ADOPTED, Event.ACCEPTED, by=by, at=at)
    SetAside.objects.filter(plan=action.plan_id, measure=action.measure_id).delete()
    return action


@transaction.atomic
def decline_proposal(*, action: Action, reason: str, by: User, at: datetime) -> Action:
    """Leave out what an OPSN proposed; it reads the reason as a note. Raises AlreadyDecided."""
    action = _decide(action, Standing.DECLINED, Event.DECLINED, by=by, at=at)
    if reason:
        add_note(action=action, text=reason, by=by, at=at)
    return action


@transaction.atomic
def _decide(action: Action, standing: Standing, event: Event, *, by: User, at: datetime) -> Action:
    action = Action.objects.select_for_update(of=("self",)).get(pk=action.pk)
    if action.standing != Standing.PROPOSED:
        raise AlreadyDecided
    action.standing = standing
    action.version += 1
    action.updated_at = at
    action.save()
    trace(event, action, by=by, at=at)
    return action


def _present(plan: Plan) -> dict[int, Action]:
    """Return the actions that hold a measure, by measure: one that was declined may come again."""
    rows = Action.objects.filter(plan=plan).exclude(measure=None)
    return {row.measure_id: row for row in rows.exclude(standing=Standing.DECLINED)}


def _from_measure(
    plan: Plan,
    measure: Measure,
    question_code: str,
    *,
    by: User,
    at: datetime,
    opsn: Opsn | None = None,
) -> Action:
    values = {
        "measure": measure,
        "title": measure.title,
        "description": normalize_newlines(measure.why),
        "theme_code": measure.theme_code,
        "question_code": question_code,
        "reen_objective": measure.reen_objective,
        "priority": measure.priority,
        "effort": measure.effort,
        "cost": measure.cost,
        "gain": measure.gain,
    }
    if opsn is not None:
        values |= {"standing": Standing.PROPOSED, "proposed_by_opsn": opsn}
    event = Event.CREATED if opsn is None else Event.PROPOSED
    action = create_action(plan=plan, values=values, by=by, at=at, event=event)
    ActionStep.objects.bulk_create(
        ActionStep(action=action, position=position, text=text[:300])
        for position, text in enumerate(measure.steps, start=1)
    )
    Indicator.objects.bulk_create(
        Indicator(action=action, label=label, unit=unit)
        for label, unit in {i.label: i.unit for i in measure.indicators.all()}.items()
    )
    return action


def _locked(plan: Plan) -> Plan:
    return Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
