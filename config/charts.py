"""Where the shapes of the charts stand: values in, coordinates out, as text ready for an SVG attribute.

Coordinates are text because templates write numbers the French way, and « 12,5 » is not a coordinate. Values are whole
percents, 0–100. The templates are templates/components/{gauge,radar,bars,stacked_bar,distribution,trend}.html.
"""

import textwrap
from dataclasses import dataclass
from itertools import accumulate
from math import cos, pi, sin

LABEL_WIDTH = 14  # characters of a label before it goes to the next line
LINE_HEIGHT = 16
SHOWN_INSIDE = 9  # percent of the bar under which a number does not fit inside a part


def clamp(value) -> float:
    """Return a percent held between 0 and 100; nothing is 0."""
    return min(100.0, max(0.0, float(value or 0)))


def text(coordinate: float) -> str:
    """Return a coordinate with one decimal at most: 12.5, 40."""
    return f"{coordinate:.1f}".removesuffix(".0")


@dataclass(frozen=True)
class Point:
    x: str
    y: str
    label: str = ""
    value: str = ""
    anchor: str = "middle"

    def __str__(self) -> str:
        return f"{self.x},{self.y}"


# --- Gauge: a half circle, from E on the left to A on the right


@dataclass(frozen=True)
class Gauge:
    filled: str
    mark: Point


def gauge(value) -> Gauge:
    """Return how much of the arc is filled, of 100, and where its end stands."""
    percent = clamp(value)
    angle = pi * (1 - percent / 100)
    return Gauge(text(percent), Point(text(120 + 100 * cos(angle)), text(120 - 100 * sin(angle))))


# --- Radar: one axis for each theme, clockwise from the top


@dataclass(frozen=True)
class Spoke:
    end: Point
    lines: tuple[Point, ...]  # the label on several lines, then the value


@dataclass(frozen=True)
class Radar:
    rings: tuple[str, ...]
    spokes: tuple[Spoke, ...]
    now: str
    before: str
    dots: tuple[Point, ...]


RADAR_CENTRE = (210.0, 180.0)
RADAR_RADIUS = 105.0
RADAR_GAP = 10.0


def radar(axes: list[tuple]) -> Radar:
    """Return the radar of (label, value, value before) rows; a value is a percent or None."""
    count = len(axes)
    values = [value for _, value, _ in axes]
    before = [value for _, _, value in axes]
    dots = _around(values)
    return Radar(
        rings=tuple(_outline(_around([step] * count)) for step in (25, 50, 75, 100)),
        spokes=tuple(_spoke(i, count, label, value) for i, (label, value, _) in enumerate(axes)),
        now=_outline(dots),
        before=_outline(_around(before)) if any(v is not None for v in before) else "",
        dots=dots,
    )


def _direction(index: int, count: int) -> tuple[float, float]:
    angle = 2 * pi * index / count - pi / 2
    return cos(angle), sin(angle)


def _around(values: list) -> tuple[Point, ...]:
    points = []
    for index, value in enumerate(values):
        dx, dy = _direction(index, len(values))
        reach = RADAR_RADIUS * clamp(value) / 100
        points.append(Point(text(RADAR_CENTRE[0] + reach * dx), text(RADAR_CENTRE[1] + reach * dy)))
    return tuple(points)


def _outline(points: tuple[Point, ...]) -> str:
    return " ".join(str(point) for point in points)


def _spoke(index: int, count: int, label: str, value) -> Spoke:
    dx, dy = _direction(index, count)
    x = RADAR_CENTRE[0] + (RADAR_RADIUS + RADAR_GAP) * dx
    y = RADAR_CENTRE[1] + (RADAR_RADIUS + RADAR_GAP) * dy
    anchor = "middle" if abs(dx) < 0.1 else "start" if dx > 0 else "end"
    words = textwrap.wrap(str(label), LABEL_WIDTH, break_long_words=False)
    height = LINE_HEIGHT * (len(words) + 1)
    top = y + (dy - 1) * height / 2 + 11
    lines = [
        Point(text(x), text(top + LINE_HEIGHT * row), label=word, anchor=anchor)
        for row, word in enumerate(words)
    ]
    shown = "–" if value is None else f"{round(value)}"
    last = Point(text(x), text(top + LINE_HEIGHT * len(words)), value=shown, anchor=anchor)
    end = Point(
        text(RADAR_CENTRE[0] + RADAR_RADIUS * dx), text(RADAR_CENTRE[1] + RADAR_RADIUS * dy)
    )
    return Spoke(end, (*lines, last))


# --- Stacked bar: parts of a whole, side by side


@dataclass(frozen=True)
class Part:
    label: str
    value: float
    kind: str
    x: str
    width: str
    middle: str
    shown: bool  # the number fits inside


def stacked_bar(parts: list[tuple]) -> tuple[Part, ...]:
    """Return the parts of (label, value, kind) rows in percents of the bar; empty parts have no width."""
    total = sum(value or 0 for _, value, _ in parts) or 1
    widths = [100 * (value or 0) / total for _, value, _ in parts]
    starts = [0.0, *accumulate(widths)]
    return tuple(
        Part(
            label,
            value or 0,
            kind,
            text(x),
            text(width),
            text(x + width / 2),
            width >= SHOWN_INSIDE,
        )
        for (label, value, kind), x, width in zip(parts, starts, widths, strict=False)
    )


# --- Distribution: one's own mark among the others, never a ranking


@dataclass(frozen=True)
class Distribution:
    whisker: tuple[str, str]
    box: tuple[str, str]  # x and width
    median: str
    own: Point | None
    low: Point
    high: Point


def distribution(low, first, median, third, high, own=None) -> Distribution:
    """Return where minimum, quartiles, maximum and one's own value stand, in percents of the width."""
    low, first, median, third, high = (clamp(v) for v in (low, first, median, third, high))
    mark = None
    if own is not None:
        at = clamp(own)
        anchor = "start" if at < 15 else "end" if at > 85 else "middle"
        mark = Point(text(at), "0", value=f"{round(at)}", anchor=anchor)
    return Distribution(
        whisker=(text(low), text(high)),
        box=(text(first), text(third - first)),
        median=text(median),
        own=mark,
        low=Point(text(low), "0", value=f"{round(low)}", anchor="start" if low < 20 else "end"),
        high=Point(text(high), "0", value=f"{round(high)}", anchor="end" if high > 80 else "start"),
    )


# --- Trend: an index from one evaluation to the next


@dataclass(frozen=True)
class Trend:
    line: str
    projected: str
    dots: tuple[Point, ...]


TREND_LEFT, TREND_RIGHT, TREND_FLOOR, TREND_HEIGHT = 44.0, 384.0, 160.0, 120.0


def trend(rows: list[tuple]) -> Trend | None:
    """Return the line of (label, value, projected) rows at equal distances; None when there is no row.

    Projected values come last and are joined to the last real one by a dashed line.
    """
    if not rows:
        return None
    step = (TREND_RIGHT - TREND_LEFT) / max(1, len(rows) - 1)
    dots = tuple(
        Point(
            text(TREND_LEFT + step * index),
            text(TREND_FLOOR - TREND_HEIGHT * clamp(value) / 100),
            label=str(label),
            value=f"{round(clamp(value))}",
            anchor="start" if index == 0 else "end" if index == len(rows) - 1 else "middle",
        )
        for index, (label, value, _) in enumerate(rows)
    )
    real = [dot for dot, (_, _, projected) in zip(dots, rows, strict=True) if not projected]
    ahead = dots[max(0, len(real) - 1) :] if len(real) < len(dots) else ()
    return Trend(_outline(tuple(real)), _outline(ahead), dots)
