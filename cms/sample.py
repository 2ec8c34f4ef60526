"""The result shown on the home page: an imaginary commune, said to be one."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Sample:
    name: str
    population: str
    index: int
    letter: str
    gain: str


RESULT = Sample(
    name="Saint-Martin-des-Prés",
    population="850 habitants",
    index=46,
    letter="C",
    gain="Garder ses ordinateurs deux ans de plus ferait gagner le plus de points.",
)
VALUES = (50, 40, 65, 30, 55, 60, 20)  # points of 100, one for each theme in order


def axes(titles) -> list[dict]:
    """Return the axes of the radar: one for each theme, with its imaginary points."""
    return [{"label": title, "value": value} for title, value in zip(titles, VALUES, strict=False)]
