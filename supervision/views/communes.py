"""An EPCI looks at its communes that agreed to be seen by it, under /espace/comparaison/communes/."""

from functools import partial

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from supervision.communes import PROGRESS, VIEWS, communes_filters
from supervision.exporting import FileKind
from supervision.exporting_communes import export_communes
from supervision.heat_map import heat_map
from supervision.overview import overview_of
from supervision.progress import moves_of
from supervision.statistics import content
from supervision.views.sending import send_made
from supervision.views.space import for_member

SHOWN = 10  # on a page, within its 290 elements


@require_safe
@for_member
def communes(request, collectivite):
    filters = _filters(request.GET, collectivite)
    selection = filters.selection()
    context = {
        "level": selection.level,
        "agreed": filters.territory.collectivites().count(),
        "total": collectivite.communes.current().count(),
        "views": VIEWS.items(),
        "shown": filters.view,
        "filters": filters,
        "words": filters.in_words(),
        "params": request.GET,
        "kept": [(name, value) for name, value in request.GET.items() if name in filters.fields],
    }
    if filters.view == PROGRESS:
        context |= _progress(filters, request.GET.get("page"))
    elif filters.view == "communes":
        found = heat_map(selection, number=request.GET.get("page"), per_page=SHOWN)
        context |= {"map": found, "page": found.page}
    else:
        context["overview"] = overview_of(selection)
    return render(request, "supervision/communes.html", context)


@require_POST
@for_member
def communes_file(request, collectivite, kind):
    if kind not in FileKind:
        raise Http404
    filters = _filters(request.POST, collectivite)
    make = partial(
        export_communes, filters=filters, kind=FileKind(kind), by=request.user, at=timezone.now()
    )
    return send_made(request, filters, make, screen="comparison:communes")


def _filters(data, collectivite):
    if not collectivite.is_epci:
        raise Http404
    return communes_filters(data, collectivite)


def _progress(filters, number: str | None) -> dict:
    found = filters.progress(content(filters.selection().level))
    rows = found.pairs.order_by("collectivite__search_name", "pk")
    page = Paginator(rows.values_list("pk", flat=True), SHOWN).get_page(number)
    return {
        "progress": found,
        "page": page,
        "moves": moves_of(rows.filter(pk__in=list(page.object_list))),
    }
