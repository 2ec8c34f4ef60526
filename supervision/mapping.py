"""The map of a territory: a mark for each commune at its centre, its shape and colour by letter; the country has one for each
département. There is no background: where communes are, the territory is (docs/decisions/0009-map-of-points.md).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import cos, hypot, radians, sqrt

from django.db.models import Avg

from questions.enums import Letter
from questions.scoring import letter
from supervision.selecting import Selection
from supervision.tiles import Tile

SIDE = 1_000  # of the longer side of the drawing
SMALLEST, LARGEST = 8, 110  # of a mark
ROOMY = 160  # marks, beyond which they are too small to hold a letter
APART = 0.8  # of the size of a mark, between two départements: its shape is as wide
NEARLY = 0.95  # of that is enough
PUSHES = 60
# Of a mark, in a box of 24 by 24, and the line on which its letter is written.
SHAPES = {
    Letter.A: ("M0 12a12 12 0 1 0 24 0a12 12 0 1 0-24 0z", 18),
    Letter.B: ("M2 2h20v20H2z", 18),
    Letter.C: ("M12-2 26 12 12 26-2 12z", 18),
    Letter.D: ("M12-2 26 23H-2z", 19),
    Letter.E: ("M12 26-2 1h28z", 15),
    None: ("M6 12a6 6 0 1 0 12 0a6 6 0 1 0-12 0z", 0),
}


@dataclass(frozen=True)
class Frame:
    """Where a part of the country is (longitude, latitude), and where and how large it is drawn, in degrees of the mainland."""

    longitude: float
    latitude: float
    x: float
    y: float
    scale: float = 1

    def place(self, longitude: float, latitude: float) -> tuple[float, float]:
        across = (longitude - self.longitude) * cos(radians(self.latitude))
        return self.x + across * self.scale, self.y - (latitude - self.latitude) * self.scale


MAINLAND = Frame(2.5, 46.5, 0, 0)
# Drawn one above the other, to the left of the mainland, as on French maps.
OVERSEAS = {
    "971": Frame(-61.5, 16.2, -6.5, -1.4),
    "972": Frame(-61.0, 14.7, -6.5, 0),
    "973": Frame(-53.1, 3.9, -6.5, 1.4, 0.25),
    "974": Frame(55.5, -21.1, -6.5, 2.8),
    "976": Frame(45.15, -12.8, -6.5, 4.2),
}


@dataclass(frozen=True)
class Place:
    x: float
    y: float
    letter: Letter | None


@dataclass(frozen=True)
class Marks:
    """The places of one letter; `points` is the list that an SVG polyline reads."""

    letter: Letter | None
    count: int
    points: str

    @property
    def shape(self) -> str:
        return SHAPES[self.letter][0]

    @property
    def baseline(self) -> int:
        return SHAPES[self.letter][1]


@dataclass(frozen=True)
class Drawing:
    """`size` is that of a mark; `is_roomy` when there is room for a letter in each."""

    width: int
    height: int
    size: int
    marks: list[Marks]
    by_commune: bool = True

    @property
    def count(self) -> int:
        return sum(marks.count for marks in self.marks)

    @property
    def legend(self) -> list[Marks]:
        """From the best letter on, what has none last; they are drawn in another order."""
        return sorted(self.marks, key=lambda marks: marks.letter or "Z")

    @property
    def is_roomy(self) -> bool:
        return self.count <= ROOMY


def drawing_of(selection: Selection, tiles: Sequence[Tile]) -> Drawing | None:
    """Return the communes of a territory, two queries; of the whole country, its départements by their tiles, one query."""
    part = (selection.epci, selection.departement, selection.region, selection.opsn)
    if selection.territory.opsn or any(part):
        return draw(_communes(selection))
    return draw(_departements(selection, tiles), by_commune=False)


def draw(places: Iterable[Place], *, by_commune: bool = True) -> Drawing | None:
    """Fit the places into the drawing. Pure; None without a place."""
    places = list(places)
    if not places:
        return None
    left, top = min(p.x for p in places), min(p.y for p in places)
    across, down = max(p.x for p in places) - left, max(p.y for p in places) - top
    scale = SIDE / (max(across, down) or 1)
    size = round(0.75 * sqrt(max(across, down / 4) * max(down, across / 4) / len(places)) * scale)
    size = min(LARGEST, max(SMALLEST, size))
    if not by_commune:
        places = spread(places, APART * size / scale)
    by_letter: dict[Letter | None, list[str]] = {shape: [] for shape in (None, *Letter)}
    for place in places:
        x, y = (place.x - left) * scale + size, (place.y - top) * scale + size
        by_letter[place.letter].append(f"{x:.0f},{y:.0f}")
    return Drawing(
        width=round(across * scale) + 2 * size,
        height=round(down * scale) + 2 * size,
        size=size,
        marks=[
            Marks(shape, len(points), " ".join(points))
            for shape, points in by_letter.items()
            if points
        ],
        by_commune=by_commune,
    )


def spread(places: Sequence[Place], gap: float) -> list[Place]:
    """Push those nearer than `gap` away from each other, each half of the way, until none hides another. Pure."""
    at = [[place.x, place.y] for place in places]
    for _ in range(PUSHES):
        is_still = True
        for i, j in combinations(range(len(at)), 2):
            across, down = at[j][0] - at[i][0], at[j][1] - at[i][1]
            if abs(across) >= gap or abs(down) >= gap:
                continue
            distance = hypot(across, down)
            if distance >= NEARLY * gap:
                continue
            is_still = False
            # Two at the very same place part to the left and to the right.
            along = (across / distance, down / distance) if distance else (1, 0)
            for axis, part in enumerate(along):
                push = part * (gap - distance) / 2
                at[i][axis] -= push
                at[j][axis] += push
        if is_still:
            break
    return [replace(place, x=x, y=y) for place, (x, y) in zip(places, at, strict=True)]


def _communes(selection: Selection) -> Iterable[Place]:
    """Communes of today, where they are today, with the index that the selection looks at."""
    indices = dict(selection.assessments().order_by().values_list("collectivite", "index"))
    rows = selection.collectivites().exclude(centre=None).order_by()
    columns = ("pk", "departement", "centre__longitude", "centre__latitude")
    for pk, departement, longitude, latitude in rows.values_list(*columns):
        index = indices.get(pk)
        yield _place(departement, longitude, latitude, None if index is None else letter(index))


def _departements(selection: Selection, tiles: Sequence[Tile]) -> Iterable[Place]:
    rows = selection.collectivites().exclude(centre=None).order_by().values_list("departement")
    rows = rows.annotate(x=Avg("centre__longitude"), y=Avg("centre__latitude"))
    centres = {key: (x, y) for key, x, y in rows}
    for tile in tiles:
        if tile.key in centres:
            yield _place(tile.key, *centres[tile.key], tile.letter)


def _place(departement: str, longitude: float, latitude: float, shown: Letter | None) -> Place:
    frame = OVERSEAS.get(departement, MAINLAND)
    return Place(*frame.place(longitude, latitude), shown)
