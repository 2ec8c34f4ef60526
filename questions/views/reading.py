"""What the answers say: the dashboard, the results, their exports."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_POST, require_safe

from questions import exports, rules
from questions.cells import XLSX
from questions.dashboard import dashboard_of
from questions.enums import AssessmentState
from questions.models import Assessment
from questions.outcomes import outcomes_of
from questions.results import results_of
from questions.sheets import answer_sheet
from questions.tables import TABLES
from questions.views.access import for_readers
from questions.views.outcomes import tabs
from territories.enums import AuditAction
from territories.journal import record

LOSSES_SHOWN = 10  # so that the page stays light; the rest is a link away


@require_safe
def dashboard(request):
    """What to do next, and where the collectivité stands; who follows others is led to her console."""
    if request.membership is not None:
        board = dashboard_of(request.membership)
        return render(request, "questions/dashboard.html", {"board": board})
    if request.opsn or request.user.follows_every_collectivite:
        return redirect("supervision:home")
    return render(request, "questions/nobody.html")


@require_safe
@for_readers
def results(request, assessment):
    shown = results_of(assessment)
    whole = "tout" in request.GET
    losses = shown.losses if whole else shown.losses[:LOSSES_SHOWN]
    writes = rules.writes(request.user, assessment)
    context = {
        "assessment": assessment,
        "results": shown,
        "losses": losses,
        "losses_left": len(shown.losses) - len(losses),
        "outcomes": outcomes_of(assessment, shown.sheet),
        "tabs": tabs(assessment, "results"),
        "writes": writes,
        "can_answer": writes and assessment.takes_answers,
        "under_way": _under_way(assessment) if writes else None,
    }
    return render(request, "questions/results.html", context)


def _under_way(assessment: Assessment) -> Assessment | None:
    """Return the evaluation that followed a closed one and is still open."""
    if assessment.state != AssessmentState.CLOSED:
        return None
    rows = Assessment.objects.official().open().filter(level=assessment.level)
    return rows.filter(collectivite=assessment.collectivite_id).first()


@require_safe
@for_readers
def evolution(request, assessment):
    """The index from one evaluation to the next, and the answers that changed since the last."""
    context = {
        "assessment": assessment,
        "results": results_of(assessment),
        "results_url": reverse("questions:results", args=[assessment.pk]),
    }
    return render(request, "questions/evolution.html", context)


@require_POST
@for_readers
def export_xlsx(request, assessment):
    content = exports.workbook(results_of(assessment), at=timezone.now())
    return _attachment(request, assessment, content, XLSX, "xlsx")


@require_POST
@for_readers
def export_csv(request, assessment):
    """The answers, or one of the tables that follow from them."""
    table = request.POST.get("table", "")
    if rows := TABLES.get(table):
        content, part = exports.csv_table(rows(outcomes_of(assessment))), f"-{table}"
    else:
        content, part = exports.csv_file(answer_sheet(assessment)), ""
    return _attachment(request, assessment, content, "text/csv; charset=utf-8", "csv", part)


def _attachment(
    request, assessment, content: bytes, kind: str, extension: str, part: str = ""
) -> HttpResponse:
    """Send a file, and keep that it left; a provisional assessment is nobody's but its author's."""
    if not assessment.is_provisional:
        record(
            AuditAction.RESULTS_EXPORTED,
            assessment.collectivite,
            by=request.user,
            at=timezone.now(),
            ground=extension,
        )
    opened_on = timezone.localdate(assessment.opened_at)
    name = f"eco-clic-{slugify(assessment.collectivite.name)}-{opened_on}{part}"
    disposition = f'attachment; filename="{name}.{extension}"'
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": disposition})
