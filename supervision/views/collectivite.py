"""The page of one collectivité, and what an adviser writes there."""

from collections import defaultdict

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from questions.enums import Level
from questions.models import Assessment
from questions.scoring import letter
from supervision import rules
from supervision.beginning import reason_not_to_begin
from supervision.forms import AdviserForm, VisitForm
from supervision.models import Assignment, Relaunch, VisitNote
from supervision.noting import assign_adviser, note_visit
from supervision.views.access import with_collectivite
from territories.affiliation import AffiliationError
from territories.attachment import detach_collectivite
from territories.enums import MemberRole, MemberState
from territories.models import AuditEntry, Collectivite, CollectiviteMember, Invitation

HISTORY_SHOWN = 20
RELAUNCHES_SHOWN = 5


@require_safe
@with_collectivite
def collectivite(request, collectivite):
    return _render(request, collectivite, VisitForm(initial={"visited_on": timezone.localdate()}))


@require_POST
@with_collectivite
def note(request, collectivite):
    form = VisitForm(request.POST)
    if not form.is_valid():
        return _render(request, collectivite, form)
    note_visit(collectivite=collectivite, by=request.user, at=timezone.now(), **form.cleaned_data)
    messages.success(request, "La visite est notée.")
    return redirect("supervision:collectivite", pk=collectivite.pk)


@require_POST
@with_collectivite
def adviser(request, collectivite):
    form = AdviserForm(request.POST, collectivite.opsn)
    if form.is_valid():
        chosen = form.cleaned_data["adviser"]
        assign_adviser(
            collectivite=collectivite, adviser=chosen, by=request.user, at=timezone.now()
        )
        sentence = f"{chosen.user} suit maintenant" if chosen else "Personne ne suit plus"
        messages.success(request, f"{sentence} {collectivite}.")
    else:
        messages.error(request, "Cette personne n’est pas de votre OPSN.")
    return redirect("supervision:collectivite", pk=collectivite.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@with_collectivite
def detach(request, collectivite):
    if request.method == "POST":
        try:
            detach_collectivite(
                collectivite=collectivite,
                opsn=collectivite.opsn,
                by=request.user,
                at=timezone.now(),
            )
        except AffiliationError as error:
            messages.error(request, str(error))
            return redirect("supervision:collectivite", pk=collectivite.pk)
        messages.success(request, f"Vous ne suivez plus {collectivite}.")
        return redirect("supervision:collectivites")
    context = {"collectivite": collectivite, "can_manage": _can_detach(request, collectivite)}
    return render(request, "opsn/detach.html", context)


def _render(request, collectivite, form):
    rows = CollectiviteMember.objects.filter(
        collectivite=collectivite, state__in=(MemberState.ACTIVE, MemberState.PENDING)
    ).select_related("user")
    members = list(rows.order_by("requested_at", "pk"))
    merged = list(Collectivite.objects.merged_into(collectivite).order_by("search_name"))
    assessments = _assessments_of([collectivite, *merged])
    assignment = Assignment.objects.filter(collectivite=collectivite).first()
    history = AuditEntry.objects.filter(collectivite=collectivite)
    context = {
        "collectivite": collectivite,
        "form": form,
        "adviser_form": AdviserForm(
            None,
            collectivite.opsn,
            initial={"adviser": assignment and assignment.adviser_id},
        ),
        "active": [row for row in members if row.state == MemberState.ACTIVE],
        "pending": [row for row in members if row.state == MemberState.PENDING],
        "assessments": assessments[collectivite.pk],
        "two_is_begun": any(
            row.is_open and row.level == Level.TWO for row in assessments[collectivite.pk]
        ),
        "not_to_begin": reason_not_to_begin(request.user, collectivite),
        "notes": VisitNote.objects.filter(collectivite=collectivite).select_related("author"),
        "relaunches": list(Relaunch.objects.filter(collectivite=collectivite)[:RELAUNCHES_SHOWN]),
        "invitations": Invitation.objects.filter(
            collectivite=collectivite,
            role=MemberRole.REFERENT,
            accepted_at=None,
            cancelled_at=None,
        ),
        "history": history.select_related("actor", "subject")[:HISTORY_SHOWN],
        "merged": [(commune, assessments[commune.pk]) for commune in merged],
        "can_manage": _can_detach(request, collectivite),
        "now": timezone.now(),
    }
    return render(request, "opsn/collectivite.html", context)


def _assessments_of(collectivites: list[Collectivite]) -> dict[int, list[Assessment]]:
    """Return the assessments of each, the last opened first, with their letter."""
    found = defaultdict(list)
    rows = Assessment.objects.official().filter(collectivite__in=collectivites)
    for assessment in rows.select_related("questionnaire").order_by("-opened_at"):
        assessment.letter = letter(assessment.index)
        found[assessment.collectivite_id].append(assessment)
    return found


def _can_detach(request, collectivite) -> bool:
    return collectivite.opsn_id is not None and rules.can_manage(request.user, request.territory)
