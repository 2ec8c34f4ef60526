"""The footprint of a fleet, in kg CO2e a year: pure functions on plain values, exact until the screen rounds.

Of one device: `(manufacture + distribution + end of life) ÷ lifetime + kWh a year × kg CO2e per kWh`, the ADEME's way of
sharing out what a device has cost (publicodes model for digital equipment). Always with its range, which is that of what
is emitted outside use; never by brand: the factors are averages of a family.

**Lifetime.** The one that was answered: at what age devices are replaced, on average. A collectivité that has replaced none
answers with the age of the oldest in use, which says little of a new fleet: a lifetime is never less than half that of
the factors. Where it is not known, or not asked, it is that of the factors. The screen says which it was, for each family.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from questions.enums import DeviceFamily
from questions.portrait import Portrait
from questions.wording import with_unit

EXTRA_YEARS = 2
"""The gain that is shown is that of devices kept this much longer."""
SHORTEST = Decimal("0.5")
"""In lifetimes of the factors."""

# The questions where a family is counted, and where it is told at what age it is replaced, if it is.
QUESTIONS: Mapping[str, tuple[str, str]] = {
    DeviceFamily.LAPTOP: ("PAR8A", "PAR2A"),
    DeviceFamily.DESKTOP: ("PAR8B", "PAR2B"),
    DeviceFamily.SCREEN: ("PAR8C", "PAR2C"),
    DeviceFamily.TABLET: ("PAR8D", ""),
    DeviceFamily.SMARTPHONE: ("PAR8E", "PAR2E"),
    DeviceFamily.PRINTER: ("PAR8F", ""),
    DeviceFamily.COPIER: ("PAR8G", ""),
    DeviceFamily.SERVER: ("PAR8H", ""),
    DeviceFamily.NETWORK: ("PAR8I", ""),
    DeviceFamily.DISPLAY: ("PAR8J", ""),
}


@dataclass(frozen=True)
class Factor:
    """Of one device of a family, in kg CO2e; `lowest` and `highest` are the range of what is emitted outside use."""

    family: str
    manufacture: Decimal
    distribution: Decimal
    end_of_life: Decimal
    lowest: Decimal
    highest: Decimal
    energy: Decimal
    """kWh a year."""
    lifetime: Decimal
    """Years, where the age is not known."""

    @property
    def outside_use(self) -> Decimal:
        return self.manufacture + self.distribution + self.end_of_life


@dataclass(frozen=True)
class Range:
    """kg CO2e a year."""

    low: Decimal = Decimal(0)
    central: Decimal = Decimal(0)
    high: Decimal = Decimal(0)

    def __add__(self, other: "Range") -> "Range":
        return Range(self.low + other.low, self.central + other.central, self.high + other.high)

    def __truediv__(self, number: int) -> "Range":
        return Range(self.low / number, self.central / number, self.high / number)


@dataclass(frozen=True)
class Line:
    """The footprint of the devices of one family."""

    factor: Factor
    count: Decimal
    age: Decimal | None
    """At which devices are replaced, in years."""
    electricity: Decimal
    """kg CO2e per kWh."""

    @property
    def label(self) -> str:
        return DeviceFamily(self.factor.family).label.capitalize()

    @property
    def lifetime(self) -> Decimal:
        return lifetime(self.factor, self.age)

    @property
    def lifetime_words(self) -> str:
        return with_unit(self.lifetime, "ans")

    @property
    def basis(self) -> str:
        """Return in a word where the lifetime comes from; raised: the age was too low for one."""
        if self.age is None:
            return "par défaut"
        return "selon votre réponse" if self.lifetime == self.age else "relevée"

    @property
    def use(self) -> Decimal:
        return self.count * self.factor.energy * self.electricity

    @property
    def manufacture(self) -> Decimal:
        return self.count * self.factor.manufacture / self.lifetime

    @property
    def total(self) -> Range:
        factor = self.factor
        outside_use = (factor.lowest, factor.outside_use, factor.highest)
        return Range(*(self._yearly(kg, self.lifetime) for kg in outside_use))

    @property
    def gain(self) -> Decimal:
        """What EXTRA_YEARS more spare, in kg CO2e a year."""
        longer = self._yearly(self.factor.outside_use, self.lifetime + EXTRA_YEARS)
        return self.total.central - longer

    def _yearly(self, outside_use: Decimal, years: Decimal) -> Decimal:
        return self.count * outside_use / years + self.use


@dataclass(frozen=True)
class Footprint:
    """`uncounted` and `undated` are the codes of the questions whose answer would make it complete, or finer."""

    lines: tuple[Line, ...]
    uncounted: tuple[str, ...] = ()
    undated: tuple[str, ...] = ()
    agents: int | None = None

    @cached_property
    def total(self) -> Range:
        return sum((line.total for line in self.lines), Range())

    @property
    def per_agent(self) -> Range | None:
        return self.total / self.agents if self.agents else None

    @cached_property
    def manufacture_share(self) -> Decimal | None:
        """Percent of the central value that was emitted to make the devices."""
        if not self.total.central:
            return None
        return 100 * sum(line.manufacture for line in self.lines) / self.total.central

    @cached_property
    def gain(self) -> Decimal:
        return sum((line.gain for line in self.lines), Decimal(0))


def lifetime(factor: Factor, age: Decimal | None) -> Decimal:
    """Return for how many years a device is kept, from the age at which it is replaced; see the module."""
    return factor.lifetime if age is None else max(age, factor.lifetime * SHORTEST)


def footprint(portrait: Portrait, factors: Iterable[Factor], electricity: Decimal) -> Footprint:
    """Return the footprint of what was counted, the heaviest family first; a family without a factor is left out."""
    lines, uncounted, undated = [], [], []
    for factor in factors:
        counted_in, dated_in = QUESTIONS[factor.family]
        count, age = portrait.count(counted_in), portrait.number(dated_in)
        if count is None:
            uncounted.append(portrait.lacking(counted_in) or counted_in)
        elif count:
            lines.append(Line(factor, count, age, electricity))
            if lacking := portrait.lacking(dated_in):
                undated.append(lacking)
    lines.sort(key=lambda line: -line.total.central)
    return Footprint(tuple(lines), tuple(uncounted), tuple(undated), portrait.agents)
