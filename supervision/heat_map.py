"""Collectivités × themes: the letter of each, some on each page."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import F, QuerySet

from questions.enums import Letter
from questions.models import Assessment, ThemeScore
from questions.scoring import letter
from supervision.selecting import Selection

PER_PAGE = 50
ORDERS = {"nom": "collectivite__search_name", "indice": "index"}
DEFAULT_ORDER = "nom"


@dataclass(frozen=True)
class Cell:
    index: int | None

    @property
    def letter(self) -> Letter | None:
        return letter(self.index)


@dataclass(frozen=True)
class Line:
    """A collectivité, its index, and one cell for each theme of the map."""

    assessment: Assessment
    cells: list[Cell]

    @property
    def whole(self) -> Cell:
        return Cell(self.assessment.index)


@dataclass(frozen=True)
class HeatMap:
    themes: list[str]
    lines: list[Line]
    page: Page | None = None


def order_of(asked: str) -> tuple[str, bool]:
    """Return the name of an order and whether it is downward; an unknown one is that of names."""
    name = asked.lstrip("-")
    return (name, asked.startswith("-")) if name in ORDERS else (DEFAULT_ORDER, False)


def heat_map(
    selection: Selection, *, order: str = "", number: str | None = None, per_page: int = PER_PAGE
) -> HeatMap:
    """Return one page of the map. Four queries."""
    rows = _sorted(selection.assessments(), order)
    # The order first, then what the fifty rows say: SQLite would read every row whole before sorting.
    page = Paginator(rows.values_list("pk", flat=True), per_page).get_page(number)
    keys = list(page.object_list)
    found = Assessment._base_manager.filter(pk__in=keys).select_related("collectivite")
    by_key = {row.pk: row for row in found}
    return _with_themes([by_key[key] for key in keys], page)


def whole_map(selection: Selection) -> HeatMap:
    """Return every line, for a file. Two queries."""
    rows = _sorted(selection.assessments(), DEFAULT_ORDER).select_related("collectivite")
    return _with_themes(list(rows), None)


def _sorted(rows: QuerySet[Assessment], asked: str) -> QuerySet[Assessment]:
    name, downward = order_of(asked)
    column = F(ORDERS[name])
    by = column.desc(nulls_last=True) if downward else column.asc(nulls_last=True)
    return rows.order_by(by, "collectivite__search_name", "pk")


def _with_themes(assessments: list[Assessment], page: Page | None) -> HeatMap:
    scores: dict[int, dict[str, int | None]] = {}
    titles: dict[str, tuple[int, str]] = {}
    for key, code, index, order, title in _scores(assessments):
        scores.setdefault(key, {})[code] = index
        titles[code] = (order, title)
    codes = sorted(titles, key=lambda code: (titles[code][0], code))
    lines = [
        Line(row, [Cell(scores.get(row.pk, {}).get(code)) for code in codes]) for row in assessments
    ]
    return HeatMap([titles[code][1] for code in codes], lines, page)


def _scores(assessments: list[Assessment]) -> Iterable[tuple]:
    """Return (assessment, code, index, order, title), the newest edition last: its words are kept."""
    rows = ThemeScore._base_manager.filter(
        assessment__in=[row.pk for row in assessments], asked__gt=0
    )
    rows = rows.order_by("theme__questionnaire__edition")
    return rows.values_list("assessment", "theme__code", "index", "theme__order", "theme__title")
