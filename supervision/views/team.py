"""The people of the OPSN, its profile, and the link by which one joins it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from supervision import rules, team
from supervision.forms import MemberForm, ProfileForm, RoleForm
from supervision.models import OpsnInvitation
from supervision.profile import change_profile
from supervision.views.access import for_console, for_managers
from territories.affiliation import AffiliationError
from territories.current import choose_opsn
from territories.enums import OpsnRole
from territories.invitations import InvitationClosed
from territories.models import OpsnMember


@require_safe
@for_console
def members(request):
    if request.territory.opsn is None:
        raise Http404
    return _render(request, MemberForm())


@require_POST
@for_managers
def invite(request):
    form = MemberForm(request.POST)
    if form.is_valid():
        who = {"opsn": request.territory.opsn, "by": request.user, "at": timezone.now()}
        try:
            team.invite_member(**who, **form.cleaned_data)
        except AffiliationError as error:
            form.add_error("email", str(error))
        else:
            messages.success(request, f"L’invitation part à {form.cleaned_data['email']}.")
            return redirect("supervision:members")
    return _render(request, form)


@require_POST
@for_managers
def change_role(request, pk):
    form = RoleForm(request.POST)
    if not form.is_valid():
        raise Http404
    role = form.cleaned_data["role"]
    what = {"member": _colleague(request, pk), "role": role}
    return _act(request, team.change_member_role, "Le rôle est changé.", **what)


@require_POST
@for_managers
def remove(request, pk):
    member = _colleague(request, pk)
    sentence = f"{member.user} n’est plus de l’équipe."
    return _act(request, team.remove_opsn_member, sentence, member=member)


@require_POST
@for_managers
def resend(request, pk):
    what = {"invitation": _invitation(request, pk)}
    return _act(request, team.resend_member_invitation, "L’invitation repart.", **what)


@require_POST
@for_managers
def cancel(request, pk):
    what = {"invitation": _invitation(request, pk)}
    return _act(request, team.cancel_member_invitation, "L’invitation est annulée.", **what)


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def profile(request):
    form = ProfileForm(request.POST or None, instance=request.territory.opsn)
    if request.method == "POST" and form.is_valid():
        change_profile(form=form, by=request.user, at=timezone.now())
        messages.success(request, "La fiche de l’OPSN est enregistrée.")
        return redirect("supervision:profile")
    return render(request, "opsn/profile.html", {"form": form})


@never_cache
@login_not_required
@require_safe
def invitation(request, token):
    try:
        found = team.find_member_invitation(token, at=timezone.now())
    except InvitationClosed as error:
        return render(request, "territories/invitation_closed.html", {"error": error}, status=410)
    user = request.user
    context = {
        "invitation": found,
        "token": token,
        "is_hers": user.is_authenticated and user.email.lower() == found.email.lower(),
        "account_query": urlencode({"next": request.path, "email": found.email}),
    }
    return render(request, "opsn/invitation.html", context)


@require_POST
def accept(request, token):
    try:
        member = team.accept_member_invitation(token=token, by=request.user, at=timezone.now())
    except AffiliationError as error:
        return render(request, "territories/invitation_closed.html", {"error": error}, status=410)
    choose_opsn(request, member.opsn)
    messages.success(request, f"Vous faites maintenant partie de {member.opsn}.")
    return redirect("supervision:home")


def _render(request, form):
    rows = OpsnMember.objects.filter(opsn=request.territory.opsn).select_related("user")
    manages = rules.can_manage(request.user, request.territory)
    waiting = OpsnInvitation.objects.filter(
        opsn=request.territory.opsn, accepted_at=None, cancelled_at=None
    )
    context = {
        "form": form,
        "manages": manages,
        "members": rows.order_by("user__last_name", "user__first_name", "pk"),
        "invitations": waiting if manages else [],
        "roles": OpsnRole.choices,
        "now": timezone.now(),
    }
    return render(request, "opsn/members.html", context)


def _colleague(request, pk) -> OpsnMember:
    rows = OpsnMember.objects.filter(opsn=request.territory.opsn)
    return get_object_or_404(rows.select_related("user", "opsn"), pk=pk)


def _invitation(request, pk) -> OpsnInvitation:
    return get_object_or_404(OpsnInvitation.objects.filter(opsn=request.territory.opsn), pk=pk)


def _act(request, act, sentence, **what):
    try:
        act(by=request.user, at=timezone.now(), **what)
    except AffiliationError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, sentence)
    return redirect("supervision:members")
