"""Actions that come in from a workbook: sent, shown, confirmed."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from plans.adoption import open_plan
from plans.enums import ImportState
from plans.errors import PlanError
from plans.forms import ActionFileForm
from plans.importing import apply_import, preview_import
from plans.models import ActionImport, CalendarFeed
from plans.reading import MAX_BYTES, Unreadable
from plans.views.access import for_plan
from questions.catalogue import theme_titles

SHOWN = 20


@require_POST
@for_plan("can_edit")
def send_file(request, desk):
    form = ActionFileForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            run = _preview(request, desk, form.cleaned_data["file"])
        except Unreadable as error:
            form.add_error("file", str(error))
        else:
            return redirect("plans:preview", pk=desk.collectivite.pk, run=run.pk)
    feed = CalendarFeed.objects.filter(plan=desk.plan, user=request.user).first()
    return render(request, "plans/outputs.html", {"desk": desk, "form": form, "feed": feed})


@require_http_methods(["GET", "HEAD", "POST"])
@for_plan("can_edit")
def preview(request, desk, run):
    """Show what a file would do; do it when the person who sent it confirms."""
    run = get_object_or_404(ActionImport, pk=run, plan=desk.plan, by=request.user)
    if request.method == "POST":
        try:
            apply_import(action_import=run, by=request.user, at=timezone.now())
        except PlanError as error:
            messages.error(request, str(error))
            return redirect("plans:preview", pk=desk.collectivite.pk, run=run.pk)
        messages.success(request, "Les actions du fichier sont dans le plan.")
        return redirect("plans:table", pk=desk.collectivite.pk)
    context = {
        "desk": desk,
        "run": run,
        "rows": run.rows[:SHOWN],
        "more": len(run.rows[SHOWN:]),
        "applied": run.state == ImportState.APPLIED,
    }
    return render(request, "plans/preview.html", context)


def _preview(request, desk, file) -> ActionImport:
    if file.size > MAX_BYTES:
        raise Unreadable("Ce fichier dépasse 2 Mo. Gardez la feuille des actions seulement.")
    at = timezone.now()
    plan = desk.plan or open_plan(collectivite=desk.collectivite, by=request.user, at=at)
    return preview_import(
        plan=plan,
        content=file.read(),
        file_name=file.name,
        themes=theme_titles(),
        by=request.user,
        at=at,
    )
