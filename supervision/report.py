"""What an OPSN tells its council, on two pages: participation, indices, themes, progress, on what to help."""

from dataclasses import dataclass, replace
from datetime import date

from supervision.overview import Overview, overview_of
from supervision.periods import ProgressFilters
from supervision.progress import Progress
from supervision.statistics import Practice, ThemeFigures, content, weakest

PRACTICES_SHOWN = 6
ACTIONS_SHOWN = 6
THEMES_TO_HELP = 2


@dataclass(frozen=True)
class Report:
    """`on`: the day whose indices are told; `made_on`: today, whose participation is told."""

    territory: str
    words: list[str]
    is_filtered: bool
    on: date
    made_on: date
    overview: Overview
    progress: Progress

    @property
    def practices(self) -> list[Practice]:
        return weakest(self.overview.practices, PRACTICES_SHOWN)

    @property
    def actions(self):
        return self.progress.actions[:ACTIONS_SHOWN]

    @property
    def to_help(self) -> list[ThemeFigures]:
        """The themes where the means are the lowest."""
        rows = [theme for theme in self.overview.themes if theme.value is not None]
        return sorted(rows, key=lambda theme: (theme.value, theme.label))[:THEMES_TO_HELP]


def report_of(filters: ProgressFilters, *, on: date) -> Report:
    """Tell what was known at the end of the progress, `on` when it has none.

    As many queries as the overview and the progress, which share the words of the editions.
    """
    until = filters.chosen.get("au")
    selection = replace(filters.selection(), until=until)
    words = content(selection.level)
    return Report(
        territory=filters.territory.name,
        words=filters.in_words(),
        is_filtered=filters.is_active,
        on=min(until, on) if until else on,
        made_on=on,
        overview=overview_of(selection, words),
        progress=filters.progress(words),
    )
