"""The report of a territory for its council: a page to print, and a Word document of two pages."""

from functools import partial

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from supervision.exporting_report import export_report
from supervision.periods import ProgressFilters
from supervision.report import report_of
from supervision.saving import views_of
from supervision.views.access import for_console
from supervision.views.sending import send_made


@require_safe
@for_console
def report(request):
    filters = ProgressFilters(request.GET, request.territory)
    context = {
        "view": "rapport",
        "filters": filters,
        "words": filters.in_words(),
        "kept": [(name, value) for name, value in request.GET.items() if name in filters.fields],
        "saved_views": views_of(request.territory, request.user),
        "report": report_of(filters, on=timezone.localdate()),
    }
    return render(request, "opsn/figures/report.html", context)


@require_POST
@for_console
def report_file(request):
    filters = ProgressFilters(request.POST, request.territory)
    make = partial(export_report, filters=filters, by=request.user, at=timezone.now())
    return send_made(request, filters, make, screen="supervision:report")
