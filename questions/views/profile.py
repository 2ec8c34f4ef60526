"""The profile of level 2: what it would show or hide is said before it is confirmed."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from questions import rules
from questions.answering import AssessmentClosed
from questions.enums import Level
from questions.profile_forms import ProfileForm
from questions.profiling import (
    Facts,
    effect_of,
    profile_of_assessment,
    proposed,
    state_profile,
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
    form = ProfileForm(request.POST if request.method == "POST" else None, facts=facts)
    context = {
        "assessment": assessment,
        "form": form,
        "stored": stored,
        "can_answer": rules.can_answer(request.user, assessment),
    }
    if form.is_valid():
        context["effect"] = effect_of(answer_sheet(assessment), form.stated())
        if request.POST.get("etape") == CONFIRM or not context["effect"]:
            return _confirm(request, assessment, form.stated())
    return render(request, "questions/profile.html", context, status=422 if form.errors else 200)


def _confirm(request, assessment, facts: Facts):
    try:
        state_profile(assessment=assessment, facts=facts, by=request.user, at=timezone.now())
    except AssessmentClosed as error:
        messages.warning(request, str(error))
        return redirect("questions:results", pk=assessment.pk)
    messages.success(request, "Le profil est enregistré. Vous pouvez le changer à tout moment.")
    return redirect("questions:resume", pk=assessment.pk)
