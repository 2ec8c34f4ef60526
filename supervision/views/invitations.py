"""Invite somebody to speak for each of some collectivités: choose, write, look at the mail, send."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.mail import compose
from supervision.batches import on_each
from supervision.forms import InvitationForm
from supervision.views.access import asked_campaign, for_console, way_back, with_chosen
from supervision.views.outcome import say
from territories.affiliation import AffiliationError
from territories.enums import MemberRole
from territories.invitations import cancel_invitation, invite, resend_invitation
from territories.models import Collectivite, Invitation
from territories.notices import invitation_mail

PER_PAGE = 50
TOKEN_OF_PREVIEW = "apercu"  # noqa: S105 - opens nothing


@require_safe
@for_console
def invitations(request):
    rows = _sent(request).select_related("collectivite__departement", "invited_by")
    page = Paginator(rows.order_by("-created_at", "-pk"), PER_PAGE)
    page = page.get_page(request.GET.get("page"))
    context = {"page": page, "params": request.GET, "now": timezone.now()}
    return render(request, "opsn/invitations.html", context)


@with_chosen
def invite_many(request, collectivites):
    form = InvitationForm(request.POST or None, collectivites)
    campaign = asked_campaign(request)
    if campaign:
        form.fields["message"].initial = campaign.text
    back = way_back(request, campaign)
    context = {"form": form, "collectivites": collectivites, "campaign": campaign, "back": back}
    if request.method == "POST" and form.is_valid() and request.POST.get("etape") == "envoyer":
        _send(request, form)
        return redirect(back or "supervision:invitations")
    if request.method == "POST" and form.is_valid() and request.POST.get("etape") == "apercu":
        context["mail"] = preview(form, request.user)
        return render(request, "opsn/invite_preview.html", context)
    return render(request, "opsn/invite.html", context)


@require_POST
@for_console
def resend(request, pk):
    return _act(request, pk, resend_invitation, "L’invitation repart à {}.")


@require_POST
@for_console
def cancel(request, pk):
    return _act(request, pk, cancel_invitation, "L’invitation de {} est annulée.")


def preview(form: InvitationForm, user):
    """Return the mail of the first collectivité, as it would leave; nothing is kept and the link opens nothing."""
    collectivite, address = next(iter(form.recipients.items()))
    invitation = Invitation(
        collectivite=collectivite,
        email=address,
        role=MemberRole.REFERENT,
        message=form.cleaned_data["message"],
        invited_by=user,
    )
    template, context = invitation_mail(invitation, TOKEN_OF_PREVIEW)
    return compose(template, address, context)


def _send(request, form: InvitationForm) -> None:
    recipients = form.recipients

    def act(collectivite: Collectivite):
        invite(
            collectivite=collectivite,
            email=recipients[collectivite],
            role=MemberRole.REFERENT,
            message=form.cleaned_data["message"],
            by=request.user,
            at=timezone.now(),
        )

    say(request, on_each(recipients, act), "invitation envoyée", "invitations envoyées")


def _sent(request):
    return request.territory.invitations().filter(role=MemberRole.REFERENT)


def _act(request, pk, act, sentence):
    invitation = get_object_or_404(_sent(request), pk=pk)
    try:
        act(invitation=invitation, by=request.user, at=timezone.now())
    except AffiliationError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, sentence.format(invitation.email))
    return redirect("supervision:invitations")
