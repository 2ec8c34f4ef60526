"""The screens of imports, for the members of an OPSN and the national team."""

from dataclasses import dataclass
from functools import wraps

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from imports import rules, running, tasks, undoing
from imports.edition import workbook_rows
from imports.enums import PREVIEWABLE, ImportKind, Outcome
from imports.forms import ChoicesForm, ColumnsForm, LinesFilter, UploadForm
from imports.models import ImportFile, ImportRun
from imports.registry import KINDS
from imports.running import ImportError_
from imports.workbooks import lists_of_text, refused_rows, template_of
from questions.cells import XLSX
from questions.models import Questionnaire
from territories.models import Opsn

PAGE = 50
CHOICES_SHOWN = 50


@dataclass(frozen=True)
class Place:
    """What the frame of the console shows."""

    opsn: Opsn | None

    @property
    def name(self) -> str:
        return self.opsn.name if self.opsn else "France entière"


def for_operators(view):
    """The page does not exist for who is of no active OPSN and not of the national team."""

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        if not rules.kinds_offered_to(request.user, request.opsn):
            raise Http404
        request.territory = Place(request.opsn)
        return view(request, *args, **kwargs)

    return wrapped


def with_run(view):
    """Give the view a run that the person may handle; it goes back to the run when an act cannot be done."""

    @wraps(view)
    @for_operators
    def wrapped(request, pk, *args, **kwargs):
        found = get_object_or_404(ImportRun.objects.select_related("opsn", "started_by"), pk=pk)
        if not rules.can_handle(request.user, found):
            raise Http404
        request.territory = Place(found.opsn)
        try:
            return view(request, found, *args, **kwargs)
        except ImportError_ as error:
            messages.error(request, str(error))
            return redirect("imports:run", pk=pk)

    return wrapped


@require_safe
@for_operators
def history(request):
    running.interrupt_silent_runs(at=timezone.now())
    runs = ImportRun.objects.filter(assessment=None).select_related("started_by", "opsn")
    if request.opsn:
        runs = runs.filter(opsn=request.opsn)
    kinds = [KINDS[kind] for kind in rules.kinds_offered_to(request.user, request.opsn)]
    page = Paginator(runs, PAGE).get_page(request.GET.get("page"))
    return render(
        request, "imports/history.html", {"page": page, "kinds": kinds, "params": request.GET}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_operators
def upload(request, kind):
    chosen = _kind_or_404(request, kind)
    sent = request.method == "POST"
    form = UploadForm(request.POST, request.FILES) if sent else UploadForm()
    if sent and form.is_valid():
        file = form.cleaned_data["file"]
        made = running.start(
            kind=kind,
            content=file.read(),
            file_name=file.name,
            opsn=None if chosen.is_national() else request.opsn,
            by=request.user,
            at=timezone.now(),
            all_or_nothing=form.cleaned_data["all_or_nothing"],
        )
        return redirect("imports:run", pk=made.pk)
    status = 422 if form.errors else 200
    return render(request, "imports/upload.html", {"form": form, "kind": chosen}, status=status)


@require_safe
@for_operators
def template(request, kind):
    chosen = _kind_or_404(request, kind)
    return _workbook(template_of(chosen), f"modele-{chosen.slug}.xlsx")


@require_safe
@for_operators
def edition(request, pk):
    """The workbook of an edition, to correct in a spreadsheet and send back."""
    _kind_or_404(request, ImportKind.EDITION)
    found = get_object_or_404(Questionnaire, pk=pk)
    name = f"questionnaire-niveau-{found.level}-{slugify(found.edition)}.xlsx"
    return _workbook(lists_of_text(workbook_rows(found)), name)


@require_safe
@with_run
def run(request, run):
    running.interrupt_silent_runs(at=timezone.now())
    run.refresh_from_db()
    lines = running.read_lines(run)
    filters = LinesFilter(run, request.GET or None)
    ambiguous = [line for line in lines if line.outcome == Outcome.AMBIGUOUS][:CHOICES_SHOWN]
    may_correct = run.state in PREVIEWABLE
    may_choose = may_correct and (ambiguous or run.choices)
    context = {
        "run": run,
        "kind": KINDS[run.kind],
        "figures": figures_of(run),
        "has_detail": ImportFile.objects.filter(run=run).exclude(report=None).exists(),
        "page": Paginator(filters.keep(lines), PAGE).get_page(request.GET.get("page")),
        "filters": filters,
        "params": request.GET,
        "columns_form": ColumnsForm(run) if may_correct else None,
        "choices_form": ChoicesForm(ambiguous, run.choices) if may_choose else None,
        "refused": run.counts.get(Outcome.REJECTED, 0) + run.counts.get(Outcome.AMBIGUOUS, 0),
    }
    return render(request, "imports/run.html", context)


@require_POST
@with_run
def columns(request, run):
    form = ColumnsForm(run, request.POST)
    if form.is_valid():
        running.preview(run=run, by=request.user, at=timezone.now(), corrections=form.corrections())
        messages.success(request, "L’aperçu tient compte de vos colonnes.")
    return redirect("imports:run", pk=run.pk)


@require_POST
@with_run
def choices(request, run):
    ambiguous = [ln for ln in running.read_lines(run) if ln.outcome == Outcome.AMBIGUOUS]
    form = ChoicesForm(ambiguous[:CHOICES_SHOWN], run.choices, request.POST)
    if form.is_valid():
        running.preview(run=run, by=request.user, at=timezone.now(), choices=form.chosen())
        messages.success(request, "L’aperçu tient compte de vos choix.")
    return redirect("imports:run", pk=run.pk)


@require_POST
@with_run
def confirm(request, run):
    digest = request.POST.get("digest", "")
    tasks.confirm(run=run, digest=digest, by=request.user, at=timezone.now())
    return redirect("imports:run", pk=run.pk)


@require_POST
@with_run
def cancel(request, run):
    running.cancel(run=run, by=request.user, at=timezone.now())
    messages.info(request, "L’import est abandonné : rien n’a été écrit.")
    return redirect("imports:history")


@require_http_methods(["GET", "HEAD", "POST"])
@with_run
def undo(request, run):
    if request.method == "POST":
        undoing.undo(run=run, by=request.user, at=timezone.now())
        messages.success(request, "L’import est annulé : tout est comme avant.")
        return redirect("imports:run", pk=run.pk)
    preview = undoing.preview_undo(run=run, by=request.user)
    return render(request, "imports/undo.html", {"run": run, "undoing": preview})


@require_safe
@with_run
def refused(request, run):
    kept = ImportFile.objects.filter(run=run).values_list("refused", flat=True).first()
    if not kept or not kept["rows"]:
        raise Http404
    content = refused_rows(kept["titles"], kept["rows"], running.read_lines(run))
    return _workbook(content, f"lignes-a-corriger-{run.pk}.xlsx")


def figures_of(run: ImportRun) -> list[tuple[int, str, Outcome]]:
    """Return (how many lines, « refusées », outcome) for each outcome that the file has."""
    counts = [(run.counts.get(outcome, 0), outcome) for outcome in Outcome]
    return [(n, o.words(count=n, written=run.has_written), o) for n, o in counts if n]


def _kind_or_404(request, kind):
    offered = rules.kinds_offered_to(request.user, request.opsn)
    if kind not in offered:
        raise Http404
    return KINDS[kind]


def _workbook(content: bytes, name: str) -> HttpResponse:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content, content_type=XLSX, headers=headers)
