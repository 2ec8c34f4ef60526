"""Two to six groups of a territory side by side: collectivités, EPCI, strata, départements, portfolios of advisers; of the
country, régions and OPSN too.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django import forms
from django.db.models import Case, Count, F, QuerySet, When

from supervision.filtering import WrongFilters
from supervision.forms import is_key
from supervision.histograms import Histogram, histogram
from supervision.packing import Packed
from supervision.selecting import FigureFilters, Selection
from supervision.statistics import ThemeFigures, content, merged
from supervision.territory import Territory
from territories.enums import STRATA
from territories.search import search_collectivites

FEWEST, MOST = 2, 6
# In the address: words, and the column that says of which group an assessment is.
GROUPINGS = {
    "collectivites": ("Collectivités", "collectivite"),
    "epci": ("Intercommunalités", "cohort_epci"),
    "strates": ("Strates de population", "cohort_stratum"),
    "departements": ("Départements", "cohort_departement"),
    "regions": ("Régions", "cohort_region"),
    "opsn": ("OPSN", "collectivite__opsn"),
    "conseillers": ("Portefeuilles de conseillers", "collectivite__assignment__adviser"),
}


class TooFewGroups(WrongFilters):
    sentence = "Choisissez de deux à six groupes à comparer, puis recommencez."


@dataclass(frozen=True)
class Side:
    """One of the groups; `label` and `value` are read by the charts."""

    label: str
    indices: Histogram
    themes: list[ThemeFigures]
    axes: list[dict]

    @property
    def value(self):
        return self.indices.mean


@dataclass(frozen=True)
class Contrast:
    sides: list[Side]
    themes: list[str]

    @property
    def has_radar(self) -> bool:
        return len(self.themes) >= 3


class ContrastForm(FigureFilters):
    """The filters of the figures, and which groups are set side by side: `quoi`, then `c` two to six times."""

    quoi = forms.ChoiceField(label="Ce que l’on compare", required=False, widget=forms.HiddenInput)
    c = forms.MultipleChoiceField(
        label="Groupes comparés", required=False, widget=forms.MultipleHiddenInput
    )

    field_order = ["quoi", "c"]

    def __init__(self, data, territory: Territory):
        super().__init__(data, territory)
        possible = dict(GROUPINGS)
        # The country has no list of 1,255 EPCI and no advisers; an OPSN is one, and of a région or two.
        for name in ("regions", "opsn") if territory.opsn else ("epci", "conseillers"):
            del possible[name]
        self.fields["quoi"].choices = [(name, words) for name, (words, _) in possible.items()]
        kind = self.data.get("quoi", "")
        self.grouping = kind if kind in possible else "strates"
        self.labels = self._labels()
        # Groups of another kind, or of elsewhere, are as if they were not there; `clean` says so.
        asked = [key for key in self.data.getlist("c") if key and kind in ("", *possible)]
        ticked = [key for key in self.labels if key in asked]
        self.picked, self.left_out = ticked[:MOST], ticked[MOST:]
        self.gone = set(asked[: 2 * MOST]) - self.labels.keys()
        self.data = self.data.copy()
        self.data.setlist("c", self.picked)
        self.fields["c"].choices = list(self.labels.items())

    def clean(self):
        cleaned = super().clean()
        if self.gone:
            self.add_error("c", "Un groupe demandé n’existe pas ou plus.")
        return cleaned

    def check(self) -> None:
        super().check()
        if len(self.picked) < FEWEST:
            raise TooFewGroups

    @property
    def collectivites(self) -> dict[int, str]:
        """Return those that were ticked, more than can be compared included; none when groups of another kind are."""
        if self.grouping != "collectivites":
            return {}
        return {int(key): label for key, label in self.labels.items()}

    def found(self, query: str) -> dict[int, str]:
        """Return collectivités of the territory to tick as well, the nearest to what was typed first. Two queries."""
        hits = search_collectivites(query, among=self.territory.collectivites())
        rows = [hit.collectivite for hit in hits]
        return {row.pk: row.placed_name for row in rows if row.pk not in self.collectivites}

    def _labels(self) -> Mapping[str, str]:
        if self.grouping == "strates":
            return {str(bound): words for bound, words in STRATA}
        if self.grouping == "collectivites":
            asked = [key for key in self.data.getlist("c") if is_key(key)][: 2 * MOST]
            rows = self.territory.collectivites().filter(pk__in=asked)
            return {str(row.pk): row.placed_name for row in rows.order_by("search_name", "pk")}
        if self.grouping in ("departements", "regions"):
            return dict(self.fields[self.grouping.removesuffix("s")].choices[1:])
        field = self.fields["conseiller" if self.grouping == "conseillers" else self.grouping]
        return {str(row.pk): field.label_from_instance(row) for row in field.queryset}


def contrast(selection: Selection, grouping: str, labels: Mapping[str, str]) -> Contrast:
    """Set groups side by side, each against the whole selection. Two queries, whatever their number."""
    words = content(selection.level)
    indices: dict[str, list] = {}
    themes: dict[str, dict[int, Histogram]] = {}
    for key, edition, index, count, packed in _counted(selection, GROUPINGS[grouping][1], labels):
        indices.setdefault(str(key), []).append((index, count))
        mine = themes.setdefault(str(key), {})
        for theme, counts in words.histograms(edition, packed or "").items():
            mine[theme] = mine.get(theme, Histogram()) + counts
    whole: dict[int, Histogram] = {}
    for mine in themes.values():
        for theme, counts in mine.items():
            whole[theme] = whole.get(theme, Histogram()) + counts
    together = merged(words, whole)
    sides = [
        _side(label, histogram(indices.get(key, [])), merged(words, themes.get(key, {})), together)
        for key, label in labels.items()
    ]
    return Contrast(sides, [theme.label for theme in together])


def _counted(selection: Selection, column: str, labels: Mapping[str, str]) -> QuerySet:
    """Count by group, edition and index, in one reading; those of no chosen group are together under None."""
    group = Case(When(**{f"{column}__in": list(labels)}, then=F(column)), default=None)
    rows = selection.assessments().order_by().annotate(group=group)
    rows = rows.values_list("group", "questionnaire", "index")
    return rows.annotate(count=Count("*"), themes=Packed("theme_indices"))


def _side(label, indices, rows: list[ThemeFigures], whole: list[ThemeFigures]) -> Side:
    by_code = {row.code: row for row in rows}
    themes = [
        by_code.get(theme.code, ThemeFigures(theme.code, theme.label, Histogram()))
        for theme in whole
    ]
    axes = [
        {"label": mine.label, "value": mine.value, "before": theme.value}
        for mine, theme in zip(themes, whole, strict=True)
    ]
    return Side(label, indices, themes, axes)
