"""The grid of an evaluation: it leaves as a workbook, comes back, is previewed, then written."""

from functools import wraps

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from imports import running
from imports.enums import ImportKind
from imports.forms import UploadForm
from imports.models import ImportRun
from imports.registry import KINDS
from imports.running import ImportError_
from imports.views import PAGE, figures_of
from questions.cells import XLSX
from questions.grid import grid as grid_of
from questions.sheets import answer_sheet
from questions.views.access import for_answerers
from territories.enums import AuditAction
from territories.journal import record

RUNS_SHOWN = 10


def with_run(view):
    """Give the view a run of this evaluation; it goes back to the run when an act cannot be done."""

    @wraps(view)
    @for_answerers
    def wrapped(request, assessment, channel, run):
        rows = ImportRun.objects.filter(assessment=assessment).select_related("started_by")
        found = get_object_or_404(rows, pk=run)
        try:
            return view(request, assessment, found)
        except ImportError_ as error:
            messages.error(request, str(error))
            return redirect("grid:run", pk=assessment.pk, run=found.pk)

    return wrapped


@require_http_methods(["GET", "HEAD", "POST"])
@for_answerers
def grid(request, assessment, channel):
    """Take the grid, or bring it back filled in."""
    sent = request.method == "POST"
    form = UploadForm(request.POST, request.FILES) if sent else UploadForm()
    if sent and form.is_valid():
        file = form.cleaned_data["file"]
        made = running.start(
            kind=ImportKind.ANSWERS,
            content=file.read(),
            file_name=file.name,
            opsn=None,
            assessment=assessment,
            by=request.user,
            at=timezone.now(),
            all_or_nothing=form.cleaned_data["all_or_nothing"],
        )
        return redirect("grid:run", pk=assessment.pk, run=made.pk)
    runs = ImportRun.objects.filter(assessment=assessment).select_related("started_by")
    context = {"assessment": assessment, "form": form, "runs": runs[:RUNS_SHOWN]}
    return render(request, "imports/grid.html", context, status=422 if form.errors else 200)


@require_POST
@for_answerers
def download(request, assessment, channel):
    if not assessment.is_provisional:
        record(
            AuditAction.RESULTS_EXPORTED,
            assessment.collectivite,
            by=request.user,
            at=timezone.now(),
            ground="grille xlsx",
        )
    name = f"grille-{slugify(assessment.collectivite.name)}-niveau-{assessment.level}.xlsx"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(grid_of(answer_sheet(assessment)), content_type=XLSX, headers=headers)


@require_safe
@with_run
def run(request, assessment, run):
    lines = running.read_lines(run)
    context = {
        "assessment": assessment,
        "run": run,
        "kind": KINDS[run.kind],
        "figures": figures_of(run),
        "page": Paginator(lines, PAGE).get_page(request.GET.get("page")),
        "params": request.GET,
    }
    return render(request, "imports/grid_run.html", context)


@require_POST
@with_run
def confirm(request, assessment, run):
    digest = request.POST.get("digest", "")
    running.apply(run=run, digest=digest, by=request.user, at=timezone.now())
    messages.success(request, "Les réponses de la grille sont enregistrées.")
    return redirect("grid:run", pk=assessment.pk, run=run.pk)


@require_POST
@with_run
def cancel(request, assessment, run):
    running.cancel(run=run, by=request.user, at=timezone.now())
    messages.info(request, "Rien n’a été écrit.")
    return redirect("grid:page", pk=assessment.pk)
