"""What a plan adds up to: counts, budgets by year, and the index before, now and once it is done."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce, ExtractYear
from django.utils import timezone

from plans.basis import Basis, past_assessments
from plans.enums import LoopState, Standing, Status
from plans.models import Action, Plan
from plans.models.action import ADOPTED, WITHOUT_OWNER, due_within, late
from questions.scoring import Score

UNDATED = "Sans date"
NOTHING = "–"


@dataclass(frozen=True)
class IndexLine:
    """One line of a table of indexes, in words: a theme or the whole, today and once the plan is done."""

    label: str
    now: str
    planned: str


@dataclass(frozen=True)
class Counts:
    total: int = 0
    done: int = 0
    late: int = 0
    soon: int = 0
    without_owner: int = 0
    proposed: int = 0


@dataclass(frozen=True)
class YearBudget:
    """`year` is that of the due date, else of the start, else None."""

    year: int | None
    planned: Decimal
    spent: Decimal

    @property
    def label(self) -> str:
        return UNDATED if self.year is None else str(self.year)

    @property
    def overspent(self) -> bool:
        return self.spent > self.planned


def counts(plan: Plan | None, today: date) -> Counts:
    if plan is None:
        return Counts()
    rows = Action.objects.filter(plan=plan)
    return Counts(
        **rows.aggregate(
            total=Count("pk", filter=ADOPTED & ~Q(status=Status.DROPPED)),
            done=Count("pk", filter=ADOPTED & Q(status=Status.DONE)),
            late=Count("pk", filter=ADOPTED & late(today)),
            soon=Count("pk", filter=ADOPTED & due_within(today)),
            without_owner=Count("pk", filter=ADOPTED & WITHOUT_OWNER),
            proposed=Count("pk", filter=Q(standing=Standing.PROPOSED)),
        )
    )


def budgets(plan: Plan | None) -> list[YearBudget]:
    """Return the budgets by year, in order, what has no date last; dropped actions cost what was spent only."""
    if plan is None:
        return []
    kept = ~Q(status=Status.DROPPED)
    zero = Decimal(0)
    rows = (
        Action.objects.filter(plan=plan)
        .adopted()
        .annotate(year=ExtractYear(Coalesce("due_on", "starts_on")))
        .values("year")
        .annotate(
            planned=Coalesce(Sum("budget_planned", filter=kept), zero),
            spent=Coalesce(Sum("budget_spent"), zero),
        )
        .order_by()
    )
    found = [YearBudget(row["year"], row["planned"], row["spent"]) for row in rows]
    found = [row for row in found if row.planned or row.spent]
    return sorted(found, key=lambda row: (row.year is None, row.year or 0))


def total(rows: list[YearBudget]) -> YearBudget:
    zero = Decimal(0)
    return YearBudget(
        None, sum((r.planned for r in rows), zero), sum((r.spent for r in rows), zero)
    )


def planned_measures(plan: Plan | None) -> list[str]:
    """Return the codes of the measures that the plan will have done: not dropped, nor done without a better answer."""
    if plan is None:
        return []
    rows = Action.objects.filter(plan=plan).adopted().exclude(measure=None)
    rows = rows.exclude(status=Status.DROPPED).exclude(status=Status.DONE, loop=LoopState.KEPT)
    return list(rows.values_list("measure__code", flat=True))


def index_table(basis: Basis | None, plan: Plan | None) -> list[IndexLine]:
    """Return the index of each theme, then of the whole, now and once the plan is done; nothing without answers."""
    if basis is None:
        return []
    now, planned = basis.simulation.now, basis.with_measures(planned_measures(plan))
    rows = [
        IndexLine(theme.title, _index(now.themes.get(code)), _index(planned.themes[code]))
        for theme in basis.sheet.themes
        if (code := theme.code) in planned.themes
    ]
    return [*rows, IndexLine("Ensemble", _index(now.score), _index(planned.score))]


def _index(score: Score | None) -> str:
    return NOTHING if score is None or score.index is None else str(score.index)


def index_line(basis: Basis, projected: int | None) -> list[dict]:
    """Return the points of the line of indexes: each closed assessment, the open one, the plan once done."""
    points = [
        {"label": f"{timezone.localtime(row.closed_at):%m/%Y}", "value": row.index}
        for row in past_assessments(basis.assessment)
    ]
    if basis.assessment.is_open:
        points.append({"label": "aujourd’hui", "value": basis.index})
    return [*points, {"label": "plan mené", "value": projected, "projected": True}]
