"""The country by région and by OPSN, for the national team.

Participation is by what collectivités are today, blind to the edition and the period; the indices of a région are those of
the day of closing, as everywhere.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef

from questions.models import Assessment
from questions.models.counted import CURRENT
from supervision.following import MEMBERS
from supervision.histograms import Histogram, histogram, percent
from supervision.selecting import Selection
from supervision.territory import Territory
from territories.search import normalise_name

COUNTRY = Territory(None)
NOWHERE = {"région": "sans région", "OPSN": "sans OPSN"}


@dataclass(frozen=True)
class Line:
    """One région or OPSN; counts of collectivités."""

    label: str
    collectivites: int
    registered: int
    closed: int
    indices: Histogram

    @property
    def share(self) -> int | None:
        return percent(self.closed, self.collectivites)


def by_region(selection: Selection) -> list[Line]:
    """Two queries."""
    return _lines("région", "departement__region__name", "cohort_region__name", selection)


def by_opsn(selection: Selection) -> list[Line]:
    """Two queries. An OPSN that is no longer active counts its collectivités too: nobody else does."""
    return _lines("OPSN", "opsn__name", "collectivite__opsn__name", selection)


def _lines(noun: str, column: str, frozen: str, selection: Selection) -> list[Line]:
    current = Assessment._base_manager.filter(CURRENT, level=selection.level)
    closed = Exists(current.filter(collectivite=OuterRef("pk")))
    counts = selection.collectivites().order_by().values_list(column)
    counts = counts.annotate(
        all=Count("pk"),
        registered=Count("pk", filter=Exists(MEMBERS)),
        closed=Count("pk", filter=closed),
    )
    steps = {name: reached for name, *reached in counts}
    rows = selection.assessments().filter(index__isnull=False).order_by()
    indices: dict[str | None, list] = {}
    for name, index, count in rows.values_list(frozen, "index").annotate(count=Count("*")):
        indices.setdefault(name, []).append((index, count))
    lines = [
        Line(name or NOWHERE[noun], *steps.get(name, (0, 0, 0)), histogram(indices.get(name, ())))
        for name in steps.keys() | indices.keys()  # frozen without a région, all have one today
    ]
    return sorted(lines, key=_by_name)


def _by_name(line: Line) -> tuple:
    return (line.label in NOWHERE.values(), normalise_name(line.label))


def total(lines: Iterable[Line]) -> Line:
    lines = list(lines)
    return Line(
        "Ensemble",
        sum(line.collectivites for line in lines),
        sum(line.registered for line in lines),
        sum(line.closed for line in lines),
        sum((line.indices for line in lines), Histogram()),
    )
