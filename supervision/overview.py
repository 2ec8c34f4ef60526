"""What the first screen of the figures says, and its file."""

from dataclasses import dataclass

from supervision.histograms import Histogram
from supervision.selecting import Selection
from supervision.statistics import (
    Content,
    Participation,
    Practice,
    ThemeFigures,
    content,
    figures,
    participation,
    weakest,
)


@dataclass(frozen=True)
class Overview:
    participation: Participation
    indices: Histogram
    themes: list[ThemeFigures]
    practices: list[Practice]

    @property
    def weakest(self) -> list[Practice]:
        return weakest(self.practices)

    @property
    def steps(self) -> list[dict]:
        """The distribution by steps of ten, in percents, as the bars read it."""
        total = self.indices.count or 1
        return [
            {"label": label, "count": count, "value": round(100 * count / total)}
            for label, count in self.indices.bins
        ]

    @property
    def letters(self) -> list[dict]:
        total = self.indices.count or 1
        return [
            {"letter": letter.value, "count": count, "value": round(100 * count / total)}
            for letter, count in self.indices.letters.items()
        ]


def overview_of(selection: Selection, words: Content | None = None) -> Overview:
    """Five queries, and one for the words of the editions unless they are given."""
    words = words or content(selection.level)
    found = figures(selection.assessments(), words)
    return Overview(
        participation=participation(selection),
        indices=found.indices,
        themes=found.themes,
        practices=found.practices,
    )
