"""The country by région and by OPSN: the national team alone looks at it."""

from django.http import FileResponse, Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from supervision.country import by_opsn, by_region, total
from supervision.exporting import FileKind
from supervision.exporting_country import export_country
from supervision.saving import views_of
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
        "kept": [("niveau", level)],
        "saved_views": views_of(request.territory, request.user),
    }
    return render(request, "opsn/figures/country.html", context)


@require_POST
@for_console
def country_file(request, kind):
    if request.territory.opsn is not None or kind not in FileKind:
        raise Http404
    level = FigureFilters(request.POST, request.territory).selection().level
    made = export_country(level=level, kind=FileKind(kind), by=request.user, at=timezone.now())
    return FileResponse(
        made.file, as_attachment=True, filename=made.name, content_type=made.content_type
    )
