"""The parts of a territory: one tile for each EPCI; for the country, one for each département. `mapping` draws the communes."""

from dataclasses import dataclass

from django.db.models import Count

from questions.enums import Letter
from questions.scoring import letter
from supervision.histograms import Histogram, histogram
from supervision.selecting import Selection
from territories.models import Collectivite, Departement
from territories.search import normalise_name

NOWHERE = "Sans intercommunalité"


@dataclass(frozen=True)
class Tile:
    """`total`: collectivités of today; the indices are of those that were there at closing."""

    key: str
    label: str
    total: int
    indices: Histogram

    @property
    def letter(self) -> Letter | None:
        """That of the median."""
        median = self.indices.median
        return letter(int(median)) if median is not None else None


def tiles(selection: Selection) -> list[Tile]:
    """Return the tiles by name, what is nowhere last. Three queries."""
    place = "epci" if selection.territory.opsn else "departement"
    totals = dict(
        selection.collectivites().order_by().values_list(place).annotate(count=Count("*"))
    )
    found: dict = {}
    rows = selection.assessments().order_by().values_list(f"cohort_{place}", "index")
    for key, index, count in rows.annotate(count=Count("*")):
        found.setdefault(key, []).append((index, count))
    names = _names(place, totals.keys() | found.keys())
    rows = [
        Tile(
            "" if key is None else str(key),
            names.get(key, NOWHERE),
            totals.get(key, 0),
            histogram(found.get(key, [])),
        )
        for key in totals.keys() | found.keys()
    ]
    return sorted(rows, key=lambda tile: (not tile.key, normalise_name(tile.label), tile.key))


def _names(place: str, keys) -> dict:
    if place == "departement":
        return {row.pk: str(row) for row in Departement.objects.filter(pk__in=keys)}
    return dict(Collectivite.objects.filter(pk__in=keys).values_list("pk", "name"))
