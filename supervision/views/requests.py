"""Requests to decide: of people for a collectivité, of other OPSN for following one."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from supervision.asking import accept_attachment, refuse_attachment
from supervision.evidence import evidence_for
from supervision.views.access import for_console
from territories.affiliation import AffiliationError, approve_membership, refuse_membership
from territories.attachment import may_hand_over
from territories.enums import MemberState
from territories.verification import shared_domains

PER_PAGE = 20


@require_safe
@for_console
def requests(request):
    active = Count(
        "collectivite__members", filter=Q(collectivite__members__state=MemberState.ACTIVE)
    )
    waiting = request.territory.requests().annotate(colleagues=active)
    waiting = waiting.select_related("user", "collectivite__departement", "collectivite__opsn")
    page = Paginator(waiting.order_by("requested_at", "pk"), PER_PAGE)
    page = page.get_page(request.GET.get("page"))
    shared = shared_domains(member.collectivite for member in page)
    for member in page:
        member.evidence = evidence_for(member, member.colleagues, shared)
    asked = request.territory.attachment_requests()
    asked = list(asked.select_related("collectivite__opsn", "opsn", "asked_by"))
    context = {
        "page": page,
        "params": request.GET,
        "asked": asked,
        "may_answer": bool(asked) and may_hand_over(request.user, asked[0].collectivite),
    }
    return render(request, "opsn/requests.html", context)


@require_POST
@for_console
def approve(request, pk):
    member = _waiting(request, pk)
    sentence = f"{member.user} représente maintenant {member.collectivite}."
    return _act(request, approve_membership, sentence, member=member)


@require_POST
@for_console
def refuse(request, pk):
    member = _waiting(request, pk)
    return _act(request, refuse_membership, "La demande est refusée.", member=member)


@require_POST
@for_console
def accept_ask(request, pk):
    asked = get_object_or_404(request.territory.attachment_requests(), pk=pk)
    sentence = f"{asked.opsn} suit maintenant {asked.collectivite}."
    return _act(request, accept_attachment, sentence, asked=asked)


@require_POST
@for_console
def refuse_ask(request, pk):
    asked = get_object_or_404(request.territory.attachment_requests(), pk=pk)
    return _act(request, refuse_attachment, "La demande est refusée.", asked=asked)


def _waiting(request, pk):
    rows = request.territory.requests().select_related("user", "collectivite")
    return get_object_or_404(rows, pk=pk)


def _act(request, act, sentence, **what):
    try:
        act(by=request.user, at=timezone.now(), **what)
    except AffiliationError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, sentence)
    return redirect("supervision:requests")
