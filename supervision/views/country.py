"""The country by région and by OPSN: the national team alone looks at it."""

from functools import partial

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from supervision.country import by_opsn, by_region, total
from supervision.exporting import FileKind
from supervision.exporting_country import export_country
from supervision.saving import views_of
from supervision.selecting import FigureFilters
from supervision.views.access import for_console
from supervision.views.sending import send_made


@require_safe
@for_console
def country(request):
    if request.territory.opsn is not None:
        raise Http404
    filters = FigureFilters(request.GET, request.territory)
    selection = filters.selection()
    regions = by_region(selection)
    context = {
        "view": "pays",
        "filters": filters,
        "words": filters.in_words(),
        "tables": [("Régions", [*regions, total(regions)]), ("OPSN", by_opsn(selection))],
        "kept": [(name, value) for name, value in request.GET.items() if name in filters.fields],
        "saved_views": views_of(request.territory, request.user),
    }
    return render(request, "opsn/figures/country.html", context)


@require_POST
@for_console
def country_file(request, kind):
    if request.territory.opsn is not None or kind not in FileKind:
        raise Http404
    filters = FigureFilters(request.POST, request.territory)
    asked = {"filters": filters, "kind": FileKind(kind), "by": request.user, "at": timezone.now()}
    make = partial(export_country, **asked)
    return send_made(request, filters, make, screen="supervision:country")
