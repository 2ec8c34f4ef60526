"""From one level or one edition to another: each is shown before it is done."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from questions.answering import AssessmentClosed
from questions.enums import Level
from questions.models import Assessment
from questions.moving import AlreadyThere, move_of, move_to_current_edition
from questions.opening import CannotOpen, open_assessment, preview_of
from questions.returning import answer_level_one, level_one_preview
from questions.views.access import for_writers


@require_http_methods(["GET", "HEAD", "POST"])
def level_two(request):
    """Begin level 2, once what it takes over was shown; go on with the one that is open."""
    collectivite = request.collectivite
    if collectivite is None:
        raise Http404
    rows = Assessment.objects.official().open().filter(collectivite=collectivite, level=Level.TWO)
    if request.method != "POST" and (existing := rows.first()):
        return redirect("questions:resume", pk=existing.pk)
    wanted = {"collectivite": collectivite, "level": Level.TWO, "by": request.user}
    try:
        if request.method == "POST":
            assessment = open_assessment(**wanted, at=timezone.now())
            return redirect("questions:resume", pk=assessment.pk)
        context = {"collectivite": collectivite, "preview": preview_of(**wanted, at=timezone.now())}
    except CannotOpen as error:
        messages.error(request, str(error))
        return redirect("questions:dashboard")
    return render(request, "questions/begin_two.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_writers
def level_one(request, assessment):
    """Let a closed level 2 answer level 1."""
    try:
        if request.method == "POST":
            one = answer_level_one(assessment=assessment, by=request.user, at=timezone.now())
            messages.success(
                request, "Le niveau 1 est à jour. Relisez ses réponses, puis confirmez-les."
            )
            return redirect("questions:resume", pk=one.pk)
        context = {
            "assessment": assessment,
            "preview": level_one_preview(assessment=assessment, at=timezone.now()),
        }
    except CannotOpen as error:
        messages.error(request, str(error))
        return redirect("questions:results", pk=assessment.pk)
    return render(request, "questions/answer_level_one.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_writers
def edition(request, assessment):
    """Go to the edition published since; what would be lost is shown, and nothing is done until it is confirmed."""
    try:
        if request.method == "POST":
            new = move_to_current_edition(assessment=assessment, by=request.user, at=timezone.now())
            messages.success(
                request, f"L’évaluation suit maintenant l’édition {new.questionnaire.edition}."
            )
            return redirect("questions:resume", pk=new.pk)
        context = {"assessment": assessment, "move": move_of(assessment)}
    except (AlreadyThere, AssessmentClosed, CannotOpen) as error:
        messages.info(request, str(error))
        return redirect("questions:results", pk=assessment.pk)
    return render(request, "questions/change_edition.html", context)
