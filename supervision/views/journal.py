"""Who did what in the territory."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_safe

from supervision.forms import JournalFilters
from supervision.views.access import for_console

PER_PAGE = 50


@require_safe
@for_console
def journal(request):
    filters = JournalFilters(request.GET, auto_id="filtre_%s")
    rows = filters.apply(request.territory.journal())
    rows = rows.select_related("actor", "subject", "collectivite", "opsn").order_by("-at", "-pk")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "params": request.GET, "filters": filters}
    return render(request, "opsn/journal.html", context)
