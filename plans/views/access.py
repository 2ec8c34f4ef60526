"""How a view gets its plan or its action: what the person may not see or do there does not exist."""

from dataclasses import dataclass
from functools import wraps

from django.http import Http404
from django.shortcuts import get_object_or_404

from plans.adoption import plan_of
from plans.models import Action, Plan
from plans.rules import Rights, rights
from territories.models import Collectivite


@dataclass(frozen=True)
class Desk:
    """What every page of a plan needs; `plan` is None as long as nothing was decided."""

    collectivite: Collectivite
    plan: Plan | None
    rights: Rights


def for_plan(right: str = "can_read"):
    """Give the view the desk of a collectivité (its id in the address); 404 for who has not the right."""

    def decorate(view):
        @wraps(view)
        def wrapped(request, pk, **kwargs):
            followed = Collectivite.objects.followed_by(request.user).select_related("opsn")
            collectivite = get_object_or_404(followed, pk=pk)
            granted = _granted(request.user, collectivite, right)
            return view(request, Desk(collectivite, plan_of(collectivite), granted), **kwargs)

        return wrapped

    return decorate


def for_action(right: str = "can_read"):
    """Give the view the desk and the action (its id in the address); 404 for who has not the right."""

    def decorate(view):
        @wraps(view)
        def wrapped(request, pk, **kwargs):
            rows = Action.objects.select_related(
                "plan__collectivite__opsn", "measure", "owner", "proposed_by_opsn"
            )
            action = get_object_or_404(rows, pk=pk)
            collectivite = action.plan.collectivite
            desk = Desk(collectivite, action.plan, _granted(request.user, collectivite, right))
            return view(request, desk, action, **kwargs)

        return wrapped

    return decorate


def _granted(user, collectivite: Collectivite, right: str) -> Rights:
    granted = rights(user, collectivite)
    if not any(getattr(granted, name) for name in right.split("|")):
        raise Http404
    return granted
