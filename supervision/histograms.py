"""How many collectivités have each index: what every figure is read from. Pure, exact until the last rounding."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cached_property

from questions.enums import Letter
from questions.scoring import letter

BINS = tuple((low, 100 if low == 90 else low + 9) for low in range(0, 100, 10))


@dataclass(frozen=True)
class Histogram:
    """`counts`: how many collectivités, by whole percent 0–100. One that has no index is not there."""

    counts: Mapping[int, int] = field(default_factory=dict)

    @cached_property
    def count(self) -> int:
        return sum(self.counts.values())

    @property
    def mean(self) -> Decimal | None:
        if not self.count:
            return None
        total = sum(index * count for index, count in self.counts.items())
        return tenths(Fraction(total, self.count))

    @property
    def median(self) -> Decimal | None:
        return self.quantile(Fraction(1, 2))

    @property
    def spread(self) -> dict | None:
        """Return the lowest, the quartiles and the highest, as components/distribution.html reads them."""
        if not self.count:
            return None
        names = ("low", "first", "median", "third", "high")
        return {name: self.quantile(Fraction(n, 4)) for n, name in enumerate(names)}

    @property
    def bins(self) -> list[tuple[str, int]]:
        """Return (« 10 à 19 », how many) by steps of ten; 100 is with the nineties."""
        found = [0] * len(BINS)
        for index, count in self.counts.items():
            found[min(index // 10, len(BINS) - 1)] += count
        return [(f"{low} à {high}", n) for (low, high), n in zip(BINS, found, strict=True)]

    @property
    def letters(self) -> dict[Letter, int]:
        """Return how many have each letter, A first."""
        found = dict.fromkeys(Letter, 0)
        for index, count in self.counts.items():
            found[letter(index)] += count
        return found

    def quantile(self, part: Fraction) -> Decimal | None:
        """Return the value under which this part of them is, between the two nearest ones (« inclusive » method)."""
        if not self.count:
            return None
        place = part * (self.count - 1)
        below = place.numerator // place.denominator
        low, high = self._at(below), self._at(min(below + 1, self.count - 1))
        return tenths(low + (high - low) * (place - below))

    def _at(self, rank: int) -> int:
        seen = 0
        for index in sorted(self.counts):
            seen += self.counts[index]
            if rank < seen:
                return index
        raise IndexError(rank)

    def __add__(self, other: "Histogram") -> "Histogram":
        both = self.counts.keys() | other.counts.keys()
        return Histogram({i: self.counts.get(i, 0) + other.counts.get(i, 0) for i in both})


def histogram(rows: Iterable[tuple[int | None, int]]) -> Histogram:
    """Return the histogram of (index, how many) rows, those without an index left out."""
    counts: dict[int, int] = {}
    for index, count in rows:
        if index is not None:
            counts[index] = counts.get(index, 0) + count
    return Histogram(counts)


def tenths(value: Fraction) -> Decimal:
    """Return a value with one decimal, rounded half up."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(Decimal("0.1"), ROUND_HALF_UP)


def percent(part: int, whole: int) -> int | None:
    """Return a whole percent, rounded half up; None of nothing."""
    return (200 * part + whole) // (2 * whole) if whole else None
