"""The country by région and by OPSN: the national team alone looks at it."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from supervision.country import by_opsn, by_region, total
from supervision.selecting import FigureFilters
from supervision.views.access import for_console


@require_safe
@for_console
def country(request):
    if request.territory.opsn is not None:
        raise Http404
    filters = FigureFilters(request.GET, request.territory)
    level = filters.selection().level
    regions = by_region(level)
    context = {
        "view": "pays",
        "filters": filters,
        "level": level,
        "tables": [("Régions", [*regions, total(regions)]), ("OPSN", by_opsn(level))],
    }
    return render(request, "opsn/figures/country.html", context)
