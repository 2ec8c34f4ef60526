"""One set of actions in three views: table, board, calendar. And the page that is printed."""

from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from plans import figures
from plans.basis import basis_of
from plans.documents import by_theme
from plans.enums import Status
from plans.filtering import DEFAULT_ORDER, filtered, ordered
from plans.forms import FilterForm, SeveralForm, StatusForm, team_of
from plans.models import Action
from plans.quarters import YEARS_SHOWN, bars, quarters
from plans.views.access import for_plan
from questions import scoring
from questions.catalogue import theme_titles
from territories.enums import MemberState

# As many rows as the page can carry within its budget of elements (docs/sobriety.md).
TABLE_ROWS = 10
FILTERED_ROWS = 8  # the filters have their weight too
CALENDAR_ROWS = 14
CARDS_PER_COLUMN = 5
COLUMNS = (
    ("titre", "Action"),
    ("statut", "Statut"),
    ("echeance", "Échéance"),
    ("", "Responsable"),
    ("priorite", "Priorité"),
    ("budget", "Budget"),
)


@require_safe
def overview(request):
    """Go to the plan of the current collectivité; who waits to be accepted has none yet."""
    membership = request.membership
    if membership is None or membership.state != MemberState.ACTIVE:
        return redirect("questions:dashboard")
    return redirect("plans:table", pk=request.collectivite.pk)


@require_safe
@for_plan()
def table(request, desk):
    today, team = timezone.localdate(), team_of(desk.collectivite)
    asked = not {"filtrer", "theme", "statut", "responsable"}.isdisjoint(request.GET)
    filters = FilterForm(request.GET, themes=theme_titles() if asked else {}, team=team)
    order = request.GET.get("tri", DEFAULT_ORDER)
    actions = filtered(adopted(desk), filters.wanted, today).select_related("owner")
    filtering = bool(filters.wanted) or "filtrer" in request.GET
    rows = FILTERED_ROWS if filtering else TABLE_ROWS
    page = Paginator(ordered(actions, order), rows).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "filters": filters,
        "filtering": filtering,
        "columns": [_column(name, label, order) for name, label in COLUMNS],
        "several": SeveralForm(team=team),
        "status_form": StatusForm(),
        "editing": _number(request.GET.get("modifier")),
        "team": dict(team),
        "counts": figures.counts(desk.plan, today),
        "budgets": figures.budgets(desk.plan),
        **index_of(desk),
    }
    context["budget"] = figures.total(context["budgets"])
    return _render(request, desk, "table", context)


@require_safe
@for_plan()
def board(request, desk):
    today = timezone.localdate()
    actions = list(ordered(adopted(desk), "echeance").select_related("owner"))
    columns = []
    for status in Status:
        cards = [action for action in actions if action.status == status]
        columns.append(
            {
                "status": status,
                "title": status.label.capitalize(),
                "count": len(cards),
                "cards": cards[:CARDS_PER_COLUMN],
                "more": max(0, len(cards) - CARDS_PER_COLUMN),
            }
        )
    context = {"columns": columns, "counts": figures.counts(desk.plan, today)}
    return _render(request, desk, "board", context)


@require_safe
@for_plan()
def calendar(request, desk):
    today = timezone.localdate()
    year = _number(request.GET.get("annee")) or today.year
    year = min(max(year, 2000), 2100)
    shown = _dated_within(adopted(desk), year)
    page = Paginator(shown, CALENDAR_ROWS).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "year": year,
        "last_year": year + YEARS_SHOWN - 1,
        "previous": year - YEARS_SHOWN,
        "next": year + YEARS_SHOWN,
        "bars": bars(page.object_list, year),
        "quarters": quarters(year),
        "undated": adopted(desk).unfinished().filter(starts_on=None, due_on=None).count(),
        "counts": figures.counts(desk.plan, today),
    }
    return _render(request, desk, "calendar", context)


@require_safe
@for_plan()
def printed(request, desk):
    budgets = figures.budgets(desk.plan)
    actions = ordered(adopted(desk), DEFAULT_ORDER).select_related("owner")
    context = {
        "themes": by_theme(actions.prefetch_related("steps"), theme_titles()),
        "budgets": budgets,
        "budget": figures.total(budgets),
        **index_of(desk, line=True),
    }
    return _render(request, desk, "print", context)


def adopted(desk):
    return Action.objects.filter(plan=desk.plan).adopted()


def index_of(desk, *, line: bool = False) -> dict:
    """Return the index now and once the plan is done, with their letters, for the pages that show them."""
    basis = basis_of(desk.collectivite)
    if basis is None:
        return {"basis": None}
    projected = basis.with_measures(figures.planned_measures(desk.plan)).index
    found = {
        "basis": basis,
        "projected": projected,
        "projected_letter": scoring.letter(projected),
    }
    return found | ({"line": figures.index_line(basis, projected)} if line else {})


def _render(request, desk, view: str, context: dict):
    context |= {"desk": desk, "view": view, "today": timezone.localdate()}
    return render(request, f"plans/{view}.html", context)


def _column(name: str, label: str, order: str) -> dict:
    """Return a heading; following it sorts by the column, again the other way round."""
    sort = {name: "ascending", f"-{name}": "descending"}.get(order, "") if name else ""
    return {
        "label": label,
        "sort": sort,
        "order": f"-{name}" if sort == "ascending" else name,
        "numeric": name == "budget",
    }


def _dated_within(actions, year: int):
    """Keep the actions that touch the years shown, by date."""
    first, last = f"{year}-01-01", f"{year + YEARS_SHOWN - 1}-12-31"
    begins_before = Q(starts_on__lte=last) | Q(starts_on=None, due_on__lte=last)
    ends_after = Q(due_on__gte=first) | Q(due_on=None, starts_on__gte=first)
    return ordered(actions.filter(begins_before, ends_after), "echeance")


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 18 else None
