"""The figures of the territory: overview, heat map, comparison, map. Filters are in the address."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_safe

from supervision.contrasting import FEWEST, ContrastForm, contrast
from supervision.enums import FigureView
from supervision.heat_map import ORDERS, heat_map, order_of
from supervision.mapping import drawing_of
from supervision.overview import overview_of
from supervision.saving import views_of
from supervision.selecting import FigureFilters
from supervision.tiles import tiles
from supervision.views.access import for_console
from territories.forms import SearchForm

TEMPLATES = {
    FigureView.OVERVIEW: "opsn/figures/overview.html",
    FigureView.HEAT_MAP: "opsn/figures/heat_map.html",
    FigureView.CONTRAST: "opsn/figures/compare.html",
    FigureView.MAP: "opsn/figures/map.html",
}
PER_PAGE = 50
HEADINGS = {"nom": "Collectivité", "indice": "Indice"}


@require_safe
@for_console
def overview(request):
    filters = FigureFilters(request.GET, request.territory)
    context = {"overview": overview_of(filters.selection())}
    return _render(request, FigureView.OVERVIEW, filters, context)


@require_safe
@for_console
def themes(request):
    filters = ContrastForm(
        request.GET, request.territory
    )  # what is ticked follows to the next page
    asked = request.GET.get("tri", "")
    found = heat_map(filters.selection(), order=asked, number=request.GET.get("page"))
    ticked = filters.collectivites
    here = {line.assessment.collectivite_id for line in found.lines}
    context = {
        "map": found,
        "page": found.page,
        "headings": _headings(request, asked),
        "ticked": ticked,
        "elsewhere": [(key, label) for key, label in ticked.items() if key not in here],
        "order": asked,
    }
    return _render(request, FigureView.HEAT_MAP, filters, context)


@require_safe
@for_console
def compare(request):
    filters = ContrastForm(request.GET, request.territory)
    labels = {key: filters.labels[key] for key in filters.picked}
    found = None
    if len(labels) >= FEWEST:
        found = contrast(filters.selection(), filters.grouping, labels)
    context = {"contrast": found, "picked": labels, "grouping": filters.grouping}
    if filters.grouping == "collectivites":
        search = SearchForm(request.GET)
        query = search.cleaned_data["q"] if search.is_valid() else ""
        context |= {"search": search, "query": query.strip(), "hits": filters.found(query)}
    return _render(request, FigureView.CONTRAST, filters, context)


@require_safe
@for_console
def territory_map(request):
    filters = FigureFilters(request.GET, request.territory)
    selection = filters.selection()
    found = tiles(selection)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {"drawing": drawing_of(selection, found), "page": page}
    return _render(request, FigureView.MAP, filters, context)


def _render(request, view: FigureView, filters: FigureFilters, context: dict):
    shared = {
        "view": view,
        "filters": filters,
        "words": filters.in_words(),
        "params": request.GET,
        "kept": [
            (name, value)
            for name in filters.fields
            for value in filters.data.getlist(name)
            if value
        ],
        "saved_views": views_of(request.territory, request.user),
    }
    return render(request, TEMPLATES[view], shared | context)


def _headings(request, asked: str) -> list[dict]:
    """Return the columns that sort, each with its address, the other way round when it is sorted already."""
    current, downward = order_of(asked)
    found = []
    for name in ORDERS:
        params = request.GET.copy()
        params.pop("page", None)
        params["tri"] = f"-{name}" if name == current and not downward else name
        direction = "descending" if downward else "ascending"
        found.append(
            {
                "label": HEADINGS[name],
                "url": f"?{params.urlencode()}",
                "sort": direction if name == current else "",
            }
        )
    return found
