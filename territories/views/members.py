"""The team of a collectivité: who is in it, roles, departures, invitations."""

from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from territories import rules, team
from territories.affiliation import AffiliationError
from territories.enums import MemberRole, MemberState
from territories.forms import InviteForm, RoleForm
from territories.invitations import cancel_invitation, invite, resend_invitation
from territories.models import CollectiviteMember, Invitation


def for_members(view):
    """Send people who are no active member to the page where they become one."""

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        membership = request.membership
        if membership is None or membership.state != MemberState.ACTIVE:
            return redirect("territories:leave" if membership else "territories:join")
        return view(request, *args, **kwargs)

    return wrapped


def for_referents(view):
    """The page does not exist for who does not manage the members of the current collectivité."""

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        if request.collectivite is None or not rules.can_manage_members(
            request.user, request.collectivite
        ):
            raise Http404
        return view(request, *args, **kwargs)

    return wrapped


@require_safe
@for_members
def members(request):
    return _render_members(request, InviteForm())


@require_POST
@for_referents
def send_invitation(request):
    form = InviteForm(request.POST)
    if form.is_valid():
        try:
            invite(
                collectivite=request.collectivite,
                by=request.user,
                at=timezone.now(),
                **form.cleaned_data,
            )
        except AffiliationError as error:
            form.add_error("email", str(error))
        else:
            messages.success(request, f"L’invitation part à {form.cleaned_data['email']}.")
            return redirect("territories:members")
    return _render_members(request, form)


@require_POST
@for_referents
def change_role(request, pk):
    form = RoleForm(request.POST)
    if not form.is_valid():
        raise Http404
    return _act(
        request,
        team.change_role,
        "Le rôle est changé.",
        member=_colleague(request, pk),
        role=form.cleaned_data["role"],
    )


@require_POST
@for_referents
def remove(request, pk):
    member = _colleague(request, pk)
    return _act(
        request,
        team.remove_member,
        f"{member.user} ne fait plus partie de l’équipe.",
        member=member,
    )


@require_POST
@for_referents
def resend(request, pk):
    invitation = _invitation(request, pk)
    return _act(request, resend_invitation, "L’invitation repart.", invitation=invitation)


@require_POST
@for_referents
def cancel(request, pk):
    invitation = _invitation(request, pk)
    return _act(request, cancel_invitation, "L’invitation est annulée.", invitation=invitation)


@require_http_methods(["GET", "HEAD", "POST"])
def leave(request):
    """Leave the current collectivité, or take back the request that waits."""
    if request.membership is None:
        return redirect("territories:join")
    if request.method == "POST":
        collectivite = request.collectivite
        try:
            team.leave(collectivite=collectivite, by=request.user, at=timezone.now())
        except AffiliationError as error:
            messages.error(request, str(error))
            return redirect("territories:members")
        messages.success(request, f"Vous ne faites plus partie de l’équipe de {collectivite}.")
        return redirect(settings.LOGIN_REDIRECT_URL)
    context = {"pending": request.membership.state == MemberState.PENDING}
    return render(request, "territories/leave.html", context)


def _render_members(request, form):
    manages = request.membership.role == MemberRole.REFERENT
    team_rows = CollectiviteMember.objects.filter(
        collectivite=request.collectivite, state__in=(MemberState.ACTIVE, MemberState.PENDING)
    ).select_related("user")
    rows = list(team_rows.order_by("requested_at", "pk"))
    open_invitations = Invitation.objects.filter(
        collectivite=request.collectivite, accepted_at=None, cancelled_at=None
    )
    context = {
        "form": form,
        "manages": manages,
        "active": [row for row in rows if row.state == MemberState.ACTIVE],
        "pending": [row for row in rows if row.state == MemberState.PENDING] if manages else [],
        "invitations": open_invitations if manages else [],
        "roles": MemberRole.choices,
        "now": timezone.now(),
    }
    return render(request, "territories/members.html", context)


def _colleague(request, pk) -> CollectiviteMember:
    rows = CollectiviteMember.objects.filter(collectivite=request.collectivite)
    return get_object_or_404(rows.select_related("user"), pk=pk)


def _invitation(request, pk) -> Invitation:
    return get_object_or_404(Invitation.objects.filter(collectivite=request.collectivite), pk=pk)


def _act(request, act, sentence, **what):
    try:
        act(by=request.user, at=timezone.now(), **what)
    except AffiliationError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, sentence)
    return redirect("territories:members")
