"""The small line of an indicator: values in, coordinates out. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from plans.models import Indicator, IndicatorValue

WIDTH, HEIGHT, MARGIN = 120, 40, 4


@dataclass(frozen=True)
class Sparkline:
    points: str
    last: tuple[str, str]
    target: str  # height of the dashed line; empty without target


def sparkline(indicator: Indicator, values: Iterable[IndicatorValue]) -> Sparkline | None:
    """Return the line of the values, the baseline first and the target as a height; None below two points.

    The horizontal place is that of the date; the baseline stands at the left edge.
    """
    rows = [(row.on.toordinal(), float(row.value)) for row in values]
    if indicator.baseline is not None and rows:
        rows = [(rows[0][0] - 1, float(indicator.baseline)), *rows]
    if len(rows) < 2:
        return None
    heights = [value for _, value in rows]
    if indicator.target is not None:
        heights.append(float(indicator.target))
    low, high = min(heights), max(heights)
    first, last = rows[0][0], rows[-1][0]

    def x(day: int) -> float:
        return MARGIN + (day - first) / max(1, last - first) * (WIDTH - 2 * MARGIN)

    def y(value: float) -> float:
        share = (value - low) / (high - low) if high > low else 0.5
        return HEIGHT - MARGIN - share * (HEIGHT - 2 * MARGIN)

    dots = [(f"{x(day):.1f}", f"{y(value):.1f}") for day, value in rows]
    return Sparkline(
        points=" ".join(",".join(dot) for dot in dots),
        last=dots[-1],
        target="" if indicator.target is None else f"{y(float(indicator.target)):.1f}",
    )
