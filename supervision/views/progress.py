"""Who moved, by how much, on which themes, thanks to which actions; and its file."""

from functools import partial

from django.core.paginator import Paginator
from django.db.models import F, QuerySet
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from supervision.exporting import FileKind
from supervision.exporting_progress import export_progress
from supervision.periods import ProgressFilters
from supervision.progress import Progress, moves_of
from supervision.saving import views_of
from supervision.statistics import content
from supervision.views.access import for_console, with_collectivite
from supervision.views.sending import send_made

PER_PAGE = 50
# In the address, and what it sorts by; names first, for this is no ranking.
BY_NAME = "collectivite__search_name"
ORDERS = {
    "nom": [BY_NAME, "pk"],
    "ecart": ["delta", BY_NAME, "pk"],
    "indice": ["index", BY_NAME, "pk"],
}
COLUMNS = (("nom", "Collectivité", False), ("indice", "Après", True), ("ecart", "Écart", True))


@require_safe
@for_console
def progress(request):
    filters = ProgressFilters(request.GET, request.territory)
    found = filters.progress(content(filters.selection().level))
    order, downward = _order(request)
    rows = _sorted(found, order, downward)
    # The order first, then what the fifty rows say: SQLite would read every row whole before sorting.
    paginator = Paginator(rows.values_list("pk", flat=True), PER_PAGE)
    paginator.count = found.count  # counted with the rest
    page = paginator.get_page(request.GET.get("page"))
    context = {
        "view": "progres",
        "filters": filters,
        "words": filters.in_words(),
        "progress": found,
        "page": page,
        "moves": moves_of(rows.filter(pk__in=list(page.object_list)), found.deeds),
        "params": request.GET,
        "kept": [(name, value) for name, value in request.GET.items() if name in filters.fields],
        "columns": _columns(request, order, downward),
        "order": f"{'-' if downward else ''}{order}",
        "saved_views": views_of(request.territory, request.user),
    }
    return render(request, "opsn/figures/progress.html", context)


@require_safe
@with_collectivite
def progress_of(request, collectivite):
    filters = ProgressFilters(request.GET, request.territory)
    found = filters.progress(content(filters.selection().level), of=collectivite)
    done: dict[str, list] = {}
    for _, theme, title, day in found.deeds:
        done.setdefault(theme, []).append((title, day))
    context = {
        "collectivite": collectivite,
        "filters": filters,
        "progress": found,
        "move": next(iter(found.moves), None),
        "later": found.pairs.first(),
        "themes": [(theme, done.pop(theme.code, ())) for theme in found.themes],
        "elsewhere": [deed for deeds in done.values() for deed in deeds],
    }
    return render(request, "opsn/figures/progress_of.html", context)


@require_POST
@for_console
def progress_file(request, kind):
    if kind not in FileKind:
        raise Http404
    filters = ProgressFilters(request.POST, request.territory)
    asked = {"filters": filters, "kind": FileKind(kind), "by": request.user, "at": timezone.now()}
    make = partial(export_progress, **asked)
    return send_made(request, filters, make, screen="supervision:progress")


def _sorted(progress: Progress, order: str, downward: bool) -> QuerySet:
    columns = [f"-{name}" if downward else name for name in ORDERS[order]]
    rows = progress.pairs.annotate(delta=F("index") - F("earlier__index"))
    return rows.order_by(*columns)


def _order(request) -> tuple[str, bool]:
    asked = request.GET.get("tri", "")
    name = asked.lstrip("-")
    return (name, asked.startswith("-")) if name in ORDERS else ("nom", False)


def _columns(request, order: str, downward: bool) -> dict[str, dict]:
    """Return each column that sorts, with the address that does, the other way round when it is sorted already."""
    columns = {}
    for name, label, numeric in COLUMNS:
        params = request.GET.copy()
        params.pop("page", None)
        params["tri"] = f"-{name}" if name == order and not downward else name
        direction = "descending" if downward else "ascending"
        columns[name] = {
            "label": label,
            "numeric": numeric,
            "url": f"?{params.urlencode()}",
            "sort": direction if name == order else "",
        }
    return columns
