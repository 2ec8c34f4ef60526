"""The table of collectivités."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from questions.scoring import letter
from supervision.batches import MAX_BATCH
from supervision.enums import Stage
from supervision.filtering import CollectiviteFilters
from supervision.views.access import for_console

PER_PAGE = 50
COLUMNS = (
    ("nom", "Collectivité", False),
    ("type", "Type", False),
    ("population", "Habitants", True),
    ("epci", "Intercommunalité", False),
    ("etape", "Étape", False),
    ("progression", "Progression", True),
    ("indice", "Indice", True),
    ("activite", "Dernière activité", False),
)


@require_safe
@for_console
def collectivites(request):
    filters = CollectiviteFilters(request.GET, request.territory)
    rows = filters.rows(at=timezone.now())
    # The order first, then what the fifty rows say: SQLite would compute it for every row before sorting.
    page = Paginator(rows.values_list("pk", flat=True), PER_PAGE).get_page(request.GET.get("page"))
    page.object_list = list(rows.filter(pk__in=list(page.object_list)))
    for row in page.object_list:
        row.letter = letter(row.index)
        row.stage_words = Stage(row.stage).label
    context = {
        "filters": filters,
        "page": page,
        "params": request.GET,
        "columns": _columns(request, filters),
        "kept": [
            (n, v) for n, v in request.GET.items() if n in filters.fields and n != "tri" and v
        ],
        "can_take_all": PER_PAGE < page.paginator.count <= MAX_BATCH,
    }
    return render(request, "opsn/collectivites.html", context)


def _columns(request, filters) -> list[dict]:
    """Each column with the address that sorts by it, the other way round when it is sorted already."""
    current, downward = filters.order
    columns = []
    for name, label, numeric in COLUMNS:
        params = request.GET.copy()
        params.pop("page", None)
        is_current = name == current
        params["tri"] = f"-{name}" if is_current and not downward else name
        direction = "descending" if downward else "ascending"
        columns.append(
            {
                "label": label,
                "numeric": numeric,
                "url": f"?{params.urlencode()}",
                "sort": direction if is_current else "",
            }
        )
    return columns
