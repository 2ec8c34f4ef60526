"""What leaves the platform: files, and the private calendar. Files are asked by POST, because each leaves its entry."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_POST, require_safe

from accounts.addresses import absolute_url
from plans import agenda, figures, word, workbooks
from plans.documents import by_theme
from plans.filtering import DEFAULT_ORDER, ordered
from plans.forms import ActionFileForm
from plans.models import CalendarFeed
from plans.sheets import plan_sheets
from plans.views.access import for_plan
from plans.views.reading import adopted, index_of
from questions.catalogue import theme_titles
from questions.cells import XLSX
from territories.enums import AuditAction
from territories.journal import record

ODS = "application/vnd.oasis.opendocument.spreadsheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SECRET = "plans.calendar"  # noqa: S105 - a key of the session


@require_safe
@for_plan()
def outputs(request, desk):
    """What can be done with the whole plan. The address of a new calendar is shown once."""
    context = {
        "desk": desk,
        "form": ActionFileForm(),
        "feed": CalendarFeed.objects.filter(plan=desk.plan, user=request.user).first(),
        "address": request.session.pop(SECRET, "") if SECRET in request.session else "",
    }
    return render(request, "plans/outputs.html", context)


@require_POST
@for_plan()
def export_xlsx(request, desk):
    sheets = plan_sheets(desk.plan, theme_titles())
    return _attachment(request, desk, workbooks.xlsx(sheets, title=_title(desk)), XLSX, "xlsx")


@require_POST
@for_plan()
def export_ods(request, desk):
    sheets = plan_sheets(desk.plan, theme_titles())
    return _attachment(request, desk, workbooks.ods(sheets, title=_title(desk)), ODS, "ods")


@require_POST
@for_plan()
def export_docx(request, desk):
    return _attachment(request, desk, word.docx(_document(desk)), DOCX, "docx")


@require_POST
@for_plan()
def open_calendar(request, desk):
    """Make a private address for this person, in place of the one she had."""
    if desk.plan is None:
        raise Http404
    token = agenda.open_feed(plan=desk.plan, by=request.user, at=timezone.now())
    request.session[SECRET] = absolute_url(reverse("plans:feed", args=[token]))
    return redirect("plans:outputs", pk=desk.collectivite.pk)


@require_POST
@for_plan()
def close_calendar(request, desk):
    agenda.close_feed(plan=desk.plan, by=request.user)
    messages.success(request, "L’adresse du calendrier ne fonctionne plus.")
    return redirect("plans:outputs", pk=desk.collectivite.pk)


@login_not_required
@require_safe
def feed(request, token):
    """The calendar itself, read by an agenda: the secret of the address is the right."""
    found = agenda.feed_of(token)
    if found is None:
        raise Http404
    content = agenda.calendar(found.plan, request.get_host())
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Cache-Control"] = "private, no-store"
    response["Content-Disposition"] = 'inline; filename="plan-d-action.ics"'
    return response


def _document(desk) -> word.PlanDocument:
    found = index_of(desk)
    budgets = figures.budgets(desk.plan)
    actions = ordered(adopted(desk), DEFAULT_ORDER).select_related("owner")
    return word.PlanDocument(
        collectivite=desk.collectivite,
        title=desk.plan.title if desk.plan else "Plan d’action",
        period=desk.plan.period if desk.plan else "",
        on=timezone.localdate(),
        target=desk.plan.target_index if desk.plan else None,
        indexes=figures.index_table(found["basis"], desk.plan),
        themes=by_theme(actions.prefetch_related("steps", "indicators"), theme_titles()),
        budgets=budgets,
        total=figures.total(budgets),
    )


def _title(desk) -> str:
    return f"Plan d’action – {desk.collectivite.name}"


def _attachment(request, desk, content: bytes, kind: str, extension: str) -> HttpResponse:
    """Send a file to keep; that it left is in the journal."""
    record(
        AuditAction.RESULTS_EXPORTED,
        desk.collectivite,
        by=request.user,
        at=timezone.now(),
        ground=f"plan d’action, {extension}",
    )
    name = f"plan-{slugify(desk.collectivite.name)}.{extension}"
    return HttpResponse(
        content,
        content_type=kind,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
