"""The profile of level 2: what it would show or hide is said before it is confirmed."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from questions import rules
from questions.answering import AssessmentClosed
from questions.enums import Level
from questions.profile_forms import ProfileForm, differences
from questions.profiling import (
    Facts,
    ProfileConflict,
    effect_of,
    profile_of_assessment,
    proposed,
    state_profile,
    version_of,
)
from questions.sheets import answer_sheet
from questions.views.access import for_readers

CONFIRM = "confirmer"


@require_http_methods(["GET", "HEAD", "POST"])
@for_readers
def profile(request, assessment):
    if assessment.level != Level.TWO:
        raise Http404
    if request.method == "POST" and not rules.answers(request.user, assessment):
        raise Http404
    stored = profile_of_assessment(assessment)
    facts = Facts.of(stored) if stored else proposed(assessment.collectivite)
    version = version_of(stored)
    form = ProfileForm(
        request.POST if request.method == "POST" else None, facts=facts, version=version
    )
    context = {
        "assessment": assessment,
        "form": form,
        "stored": stored,
        "can_answer": rules.can_answer(request.user, assessment),
    }
    if form.is_valid():
        context["effect"] = effect_of(answer_sheet(assessment), form.stated())
        is_seen = form.cleaned_data["version"] == version
        if request.POST.get("etape") == CONFIRM or not context["effect"] or not is_seen:
            return _confirm(request, assessment, form, context)
    return render(request, "questions/profile.html", context, status=422 if form.errors else 200)


def _confirm(request, assessment, form: ProfileForm, context: dict):
    """Write the profile; show both when somebody else confirmed another meanwhile."""
    facts = form.stated()
    try:
        state_profile(
            assessment=assessment,
            facts=facts,
            version=form.cleaned_data["version"],
            by=request.user,
            at=timezone.now(),
        )
    except ProfileConflict as conflict:
        theirs = Facts.of(conflict.theirs)
        context |= {
            "form": ProfileForm(facts=facts.over(theirs), version=version_of(conflict.theirs)),
            "stored": conflict.theirs,
            "differences": differences(facts, theirs),
            "effect": None,
        }
        return render(request, "questions/profile.html", context)
    except AssessmentClosed as error:
        messages.warning(request, str(error))
        return redirect("questions:results", pk=assessment.pk)
    messages.success(request, "Le profil est enregistré. Vous pouvez le changer à tout moment.")
    return redirect("questions:resume", pk=assessment.pk)
