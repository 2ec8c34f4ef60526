"""Evidence: the pieces of a question, one more, one less, until when each holds, and the only door to their files."""

from django.contrib import messages
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from questions import rules
from questions.accepting import NotAccepted
from questions.answering import AssessmentClosed
from questions.evidence import (
    PIECES_MAX,
    add_evidence,
    date_evidence,
    pieces_of,
    remove_evidence,
)
from questions.models import Evidence
from questions.team_forms import EvidenceForm, ValidityForm
from questions.views.access import for_team, for_team_readers, question_of

# Rule 5 of SECURITY.md: what a stranger sent is never shown by our pages, nor by a browser in our name.
SEALED = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "private, no-store",
}


@require_http_methods(["GET", "HEAD", "POST"])
@for_team_readers
def evidence(request, assessment, question):
    """Show the pieces of a question, and take one more."""
    question = question_of(assessment, question)
    today = timezone.localdate()
    form = EvidenceForm(today=today)
    if request.method == "POST":
        if not rules.is_of_team(request.user, assessment):
            raise Http404
        form = EvidenceForm(request.POST, request.FILES, today=today)
        if form.is_valid() and _add(request, assessment, question, form):
            return redirect("questions:evidence", pk=assessment.pk, question=question.pk)
    pieces = pieces_of(assessment, question, today=today)
    context = {
        "assessment": assessment,
        "question": question,
        "pieces": pieces,
        "form": form,
        "is_full": len(pieces) >= PIECES_MAX,
        "can_answer": rules.can_answer(request.user, assessment),
    }
    status = 422 if form.errors else 200
    return render(request, "questions/evidence.html", context, status=status)


@require_safe
@for_team_readers
def download(request, assessment, piece):
    """Send a file, as an attachment that nothing opens by itself."""
    piece = get_object_or_404(Evidence, assessment=assessment, pk=piece)
    try:
        file = piece.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    return FileResponse(
        file,
        as_attachment=True,
        filename=piece.name,
        content_type=piece.content_type,
        headers=SEALED,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_team
def change_date(request, assessment, question, piece):
    """Say until when a piece holds, now that it is there."""
    rows = Evidence.objects.filter(assessment=assessment, question=question)
    piece = get_object_or_404(rows.select_related("assessment", "question__theme"), pk=piece)
    form = ValidityForm(
        request.POST if request.method == "POST" else None,
        initial={"expires_on": piece.expires_on},
        today=timezone.localdate(),
    )
    if form.is_valid():
        end = form.cleaned_data["expires_on"]
        try:
            date_evidence(evidence=piece, expires_on=end, by=request.user, at=timezone.now())
        except AssessmentClosed as error:
            messages.error(request, str(error))
        else:
            messages.success(request, "La date de la pièce est enregistrée.")
        return redirect("questions:evidence", pk=assessment.pk, question=question)
    context = {"assessment": assessment, "piece": piece, "form": form}
    status = 422 if form.errors else 200
    return render(request, "questions/date_evidence.html", context, status=status)


@require_POST
@for_team
def remove(request, assessment, question, piece):
    question = question_of(assessment, question)
    rows = Evidence.objects.filter(assessment=assessment, question=question)
    found = rows.select_related("assessment__collectivite", "question").filter(pk=piece).first()
    try:
        if found is not None:
            remove_evidence(evidence=found, by=request.user, at=timezone.now())
    except AssessmentClosed as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "La pièce est retirée, et son fichier effacé.")
    return redirect("questions:evidence", pk=assessment.pk, question=question.pk)


def _add(request, assessment, question, form) -> bool:
    """Keep the file that was sent; what is refused is said beside its field."""
    file = form.cleaned_data["file"]
    try:
        add_evidence(
            assessment=assessment,
            question=question,
            name=file.name,
            content=file.read(),
            expires_on=form.cleaned_data["expires_on"],
            by=request.user,
            at=timezone.now(),
        )
    except (NotAccepted, AssessmentClosed) as error:
        form.add_error("file", str(error))
        return False
    messages.success(request, "La pièce est jointe.")
    return True
