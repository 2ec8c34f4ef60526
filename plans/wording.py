"""Numbers and points in sentences."""

from collections.abc import Sized
from fractions import Fraction


def count_of(rows: Sized | int, one: str, many: str) -> str:
    """Return « 1 action » or « 3 actions »; nothing and one are singular in French."""
    count = rows if isinstance(rows, int) else len(rows)
    return f"{count} {one if count < 2 else many}"


def points(brings: Fraction) -> str:
    """Return what a measure brings to the index, rounded half up: « + 3 points », « moins d’un point »."""
    whole = int(brings + Fraction(1, 2))
    if whole < 1:
        return "moins d’un point" if brings > 0 else "aucun point d’emblée"
    return f"+ {whole} {'point' if whole == 1 else 'points'}"
