"""Who is stuck, and relaunched from here."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from supervision.blocked import BlockedFilters, blocked_page
from supervision.views.access import for_console

PER_PAGE = 50  # boxes are ticked by page: no more than `batches.MAX_BATCH`


@require_safe
@for_console
def blocked(request):
    now = timezone.now()
    filters = BlockedFilters(request.GET, request.territory)
    keys = filters.rows(at=now).values_list("pk", flat=True)
    page = Paginator(keys, PER_PAGE).get_page(request.GET.get("page"))
    lines = blocked_page(page.object_list, today=timezone.localdate(now))
    context = {"filters": filters, "page": page, "lines": lines, "params": request.GET}
    return render(request, "opsn/blocked.html", context)
