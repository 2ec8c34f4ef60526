"""The life of an assessment: begun, closed, opened again."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from questions import rules
from questions.answering import AssessmentClosed
from questions.closing import Incomplete, NotAdopted, close_assessment
from questions.models import Assessment
from questions.opening import CannotOpen, open_assessment, reopen_assessment
from questions.sheets import answer_sheet
from questions.teamwork import review_in_words
from questions.views.access import for_writers
from territories.models import Collectivite


@require_POST
def begin(request):
    """Open the assessment of the current collectivité, or go on with the one that is open."""
    if request.collectivite is None:
        raise Http404
    try:
        assessment = open_assessment(
            collectivite=request.collectivite, by=request.user, at=timezone.now()
        )
    except CannotOpen as error:
        messages.error(request, str(error))
        return redirect("questions:dashboard")
    return redirect("questions:resume", pk=assessment.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@for_writers
def close(request, assessment):
    """Show what is missing; without anything missing, ask, then close."""
    if not assessment.takes_answers:
        return redirect("questions:results", pk=assessment.pk)
    if request.method == "POST":
        try:
            close_assessment(assessment=assessment, by=request.user, at=timezone.now())
        except (Incomplete, NotAdopted) as error:
            messages.error(request, str(error))
            return redirect("questions:close", pk=assessment.pk)
        except AssessmentClosed as error:
            messages.info(request, str(error))
        else:
            messages.success(request, "L’évaluation est clôturée. Voici son résultat.")
        return redirect("questions:results", pk=assessment.pk)
    sheet = answer_sheet(assessment)
    context = {
        "assessment": assessment,
        "progress": sheet.progress,
        "missing": [sheet.questions[code] for code in sheet.progress.missing],
        "to_confirm": [sheet.questions[code] for code in sheet.progress.to_confirm],
        "to_check": len(sheet.warnings),
        "review": review_in_words(assessment, sheet) if rules.has_team(assessment) else "",
    }
    return render(request, "questions/close.html", context)


@require_POST
@for_writers
def reopen(request, assessment):
    try:
        new = reopen_assessment(assessment=assessment, by=request.user, at=timezone.now())
    except CannotOpen as error:
        messages.error(request, str(error))
        return redirect("questions:results", pk=assessment.pk)
    messages.info(
        request, "Vos réponses sont reprises. Relisez-les thème par thème, puis confirmez-les."
    )
    return redirect("questions:resume", pk=new.pk)


@require_safe
def history(request):
    """All the assessments of the current collectivité that the person may see, the newest first, and what merged into it."""
    if request.collectivite is None:
        return redirect("questions:dashboard")
    merged = list(Collectivite.objects.merged_into(request.collectivite).order_by("search_name"))
    rows = Assessment.objects.filter(collectivite__in=[request.collectivite, *merged])
    rows = rows.select_related("questionnaire", "collectivite")
    context = {"assessments": rows, "merged": merged}
    return render(request, "questions/history.html", context)
