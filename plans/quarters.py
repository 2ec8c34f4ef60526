"""Where the actions stand on a line of quarters: dates in, percents of the width out. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

YEARS_SHOWN = 2
QUARTERS_SHOWN = 4 * YEARS_SHOWN
NARROWEST = 1.5  # percent: an action of one day is still seen


@dataclass(frozen=True)
class Bar:
    """One action: its row, and where its bar begins and how wide it is, in percents as SVG attributes want them."""

    action: object
    row: int
    x: str
    width: str
    begins: str
    ends: str


@dataclass(frozen=True)
class Quarter:
    label: str
    x: str
    year: int
    opens_year: bool


def quarter_of(day: date) -> int:
    """Return the number of a quarter, 1 to 4."""
    return (day.month + 2) // 3


def quarter_name(day: date | None) -> str:
    """Return « T1 2027 »; a dash for no date."""
    return f"T{quarter_of(day)} {day.year}" if day else "–"


def quarters(first_year: int) -> list[Quarter]:
    """Return the quarters of the years shown."""
    step = 100 / QUARTERS_SHOWN
    return [
        Quarter(f"T{n % 4 + 1}", _text(n * step), first_year + n // 4, n % 4 == 0)
        for n in range(QUARTERS_SHOWN)
    ]


def bars(actions: Iterable, first_year: int) -> list[Bar]:
    """Return the bars of actions that have a date, one under the other; those that go beyond are cut at the edge.

    An action with one date only lasts that day.
    """
    begin, end = date(first_year, 1, 1), date(first_year + YEARS_SHOWN, 1, 1)
    days = (end - begin).days
    found = []
    for row, action in enumerate(actions):
        first, last = action.starts_on or action.due_on, action.due_on or action.starts_on
        left = max(0, (first - begin).days) / days * 100
        right = min(days, (last - begin).days + 1) / days * 100
        width = max(NARROWEST, right - left)
        left = min(left, 100 - width)
        found.append(
            Bar(action, row, _text(left), _text(width), quarter_name(first), quarter_name(last))
        )
    return found


def _text(percent: float) -> str:
    """Coordinates are text, because templates write numbers the French way."""
    return f"{percent:.2f}".rstrip("0").rstrip(".")
