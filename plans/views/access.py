"""How a view gets its plan or its action: what the person may not see or do there does not exist."""

from dataclasses import dataclass
from functools import wraps

from django.http import Http404
from django.shortcuts import get_object_or_404

from plans.adoption import plan_of
from plans.models import Action, Plan
from plans.rules import Rights, rights, rights_of_role
from territories.enums import MemberState
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
            collectivite, granted = _collectivite(request, pk)
            _require(granted, right)
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
            granted = _rights(request, collectivite)
            _require(granted, right)
            return view(request, Desk(collectivite, action.plan, granted), action, **kwargs)

        return wrapped

    return decorate


def _collectivite(request, pk: int) -> tuple[Collectivite, Rights]:
    """Return a collectivité the person follows, and her rights there; 404 for any other."""
    for member in request.memberships:
        if member.collectivite_id == pk and member.state == MemberState.ACTIVE:
            return member.collectivite, rights_of_role(member.role, member.collectivite)
    followed = Collectivite.objects.followed_by(request.user).select_related("opsn")
    collectivite = get_object_or_404(followed, pk=pk)
    return collectivite, rights(request.user, collectivite)


def _rights(request, collectivite: Collectivite) -> Rights:
    """Return her rights; her memberships were read at the beginning of this very request."""
    for member in request.memberships:
        if member.collectivite_id == collectivite.pk and member.state == MemberState.ACTIVE:
            return rights_of_role(member.role, collectivite)
    return rights(request.user, collectivite)


def _require(granted: Rights, right: str) -> None:
    """Raise 404 when none of the rights named (« can_edit|can_propose ») is granted."""
    if not any(getattr(granted, name) for name in right.split("|")):
        raise Http404
