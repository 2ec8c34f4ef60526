"""Who is stuck, and relaunched from here."""

from functools import partial

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from supervision.blocked import BlockedFilters, blocked_page
from supervision.enums import FigureView
from supervision.exporting import FileKind
from supervision.exporting_blocked import export_blocked
from supervision.saving import views_of
from supervision.views.access import for_console
from supervision.views.sending import send_made

PER_PAGE = 50  # boxes are ticked by page: no more than `batches.MAX_BATCH`


@require_safe
@for_console
def blocked(request):
    now = timezone.now()
    filters = BlockedFilters(request.GET, request.territory)
    keys = filters.rows(at=now).values_list("pk", flat=True)
    page = Paginator(keys, PER_PAGE).get_page(request.GET.get("page"))
    lines = blocked_page(page.object_list, today=timezone.localdate(now))
    context = {
        "view": FigureView.BLOCKED,
        "filters": filters,
        "page": page,
        "lines": lines,
        "params": request.GET,
        "kept": [(name, value) for name, value in request.GET.items() if name in filters.fields],
        "saved_views": views_of(request.territory, request.user),
    }
    return render(request, "opsn/blocked.html", context)


@require_POST
@for_console
def blocked_file(request, kind):
    if kind not in FileKind:
        raise Http404
    filters = BlockedFilters(request.POST, request.territory)
    asked = {"filters": filters, "kind": FileKind(kind), "by": request.user, "at": timezone.now()}
    make = partial(export_blocked, **asked)
    return send_made(request, filters, make, screen="supervision:blocked")
