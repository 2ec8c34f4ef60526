"""The figures of a selection, each in one query whatever the number of collectivités."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum, Value

from plans.enums import Standing, Status
from plans.models import Plan
from questions import theme_indices
from questions.enums import AssessmentState
from questions.models import Assessment, Question, Questionnaire, Theme
from questions.models.counted import CURRENT
from questions.practices import Tally, positions
from supervision.histograms import Histogram, histogram, percent
from supervision.packing import Packed
from supervision.selecting import Selection
from territories.enums import MemberState

WEAKEST_SHOWN = 10


@dataclass(frozen=True)
class Participation:
    """Counts of collectivités, but for the last four; each step counts those that reached it, whatever the others."""

    collectivites: int
    registered: int
    begun: int
    closed: int
    planning: int
    open: int
    answered: int
    asked: int
    acting: int | None = None
    actions: int | None = None
    """None, as `acting`, for who may not see what is done."""

    @property
    def share(self) -> int | None:
        """Whole percent of the collectivités that closed."""
        return percent(self.closed, self.collectivites)

    @property
    def completion(self) -> int | None:
        """Whole percent of the questions of the open assessments that have an answer."""
        return percent(self.answered, self.asked)

    @property
    def funnel(self) -> list[dict]:
        steps = (
            ("Inscrites", self.registered),
            ("Évaluation commencée", self.begun),
            ("Évaluation close", self.closed),
            ("Plan d’action commencé", self.planning),
            ("Au moins une action réalisée", self.acting),
        )
        return [
            {"label": label, "count": count, "value": percent(count, self.collectivites)}
            for label, count in steps
            if count is not None
        ]


def participation(selection: Selection) -> Participation:
    """Four queries. The period does not bear on it, nor the edition: they choose among what is closed."""
    hers = selection.today("collectivite__")
    rows = Assessment._base_manager.filter(hers, level=selection.level).order_by()
    closed = rows.filter(CURRENT).count()  # the last of each collectivité
    hers_closed = Assessment._base_manager.filter(
        CURRENT, collectivite=OuterRef("collectivite"), level=selection.level
    )
    opened = rows.filter(state=AssessmentState.OPEN, provisional_for=None).aggregate(
        first=Count("pk", filter=~Exists(hers_closed)),
        open=Count("pk"),
        answered=Sum("answered", default=0),
        asked=Sum("asked", default=0),
    )
    plans = {"planning": Count("pk", distinct=True)}
    if selection.territory.sees_actions:
        is_done = Q(actions__standing=Standing.ADOPTED, actions__status=Status.DONE)
        plans["acting"] = Count("pk", distinct=True, filter=is_done)
        plans["actions"] = Count("actions", filter=is_done)
    return Participation(
        **selection.collectivites().aggregate(
            collectivites=Count("pk", distinct=True),
            registered=Count("pk", distinct=True, filter=Q(members__state=MemberState.ACTIVE)),
        ),
        begun=closed + opened.pop("first"),
        closed=closed,
        **opened,
        **Plan._base_manager.filter(hers).aggregate(**plans),
    )


@dataclass(frozen=True)
class ThemeFigures:
    """A theme, its editions together by its code; `label` and `value` are read by the charts."""

    code: str
    label: str
    histogram: Histogram

    @property
    def value(self):
        return self.histogram.mean


@dataclass(frozen=True)
class Practice:
    """A question: how many collectivités it concerns, and how many of them have its best answer."""

    code: str
    text: str
    theme: str
    concerned: int
    practised: int

    @property
    def percent(self) -> int | None:
        return percent(self.practised, self.concerned)


@dataclass(frozen=True)
class Content:
    """The questions of the editions of a level, oldest first: of a code, the words of the newest are kept."""

    questions: list[Question] = field(default_factory=list)

    @cached_property
    def themes(self) -> dict[int, Theme]:
        return {question.theme_id: question.theme for question in self.questions}

    @cached_property
    def editions(self) -> dict[int, Questionnaire]:
        return {theme.questionnaire_id: theme.questionnaire for theme in self.themes.values()}

    @cached_property
    def newest(self) -> dict[str, Question]:
        return {question.code: question for question in self.questions}

    @cached_property
    def places(self) -> dict[int, list[tuple[int, str]]]:
        """By edition, (position of the bit, code of the question)."""
        editions: dict[int, dict[int, str]] = {}
        for question in self.questions:
            editions.setdefault(question.theme.questionnaire_id, {})[question.pk] = question.code
        return {
            edition: [(place, codes[pk]) for pk, place in positions(codes).items()]
            for edition, codes in editions.items()
        }

    def histograms(self, edition: int, packed: str) -> dict[int, Histogram]:
        """Return the indices of each theme of an edition from what `Packed("theme_indices")` gives, empty ones left out."""
        keys = {pk for pk, theme in self.themes.items() if theme.questionnaire_id == edition}
        counts = theme_indices.counts(bytes.fromhex(packed), keys)
        return {theme: Histogram(by_index) for theme, by_index in counts.items() if by_index}


def content(level: int) -> Content:
    """One query."""
    questions = Question.objects.filter(theme__questionnaire__level=level)
    questions = questions.select_related("theme__questionnaire").order_by(
        "theme__questionnaire__edition", "theme__order", "order", "pk"
    )
    of_theme = ("theme__code", "theme__title", "theme__order", "theme__questionnaire__edition")
    return Content(list(questions.only("code", "text", *of_theme)))


def merged(words: Content, histograms: Mapping[int, Histogram]) -> list[ThemeFigures]:
    """Return one row for each code of theme, from the histograms of the themes of several editions."""
    found: dict[str, Histogram] = {}
    for theme, counts in histograms.items():
        code = words.themes[theme].code
        found[code] = found.get(code, Histogram()) + counts
    newest = {theme.code: theme for theme in words.themes.values()}
    rows = [ThemeFigures(code, newest[code].title, counts) for code, counts in found.items()]
    return sorted(rows, key=lambda row: (newest[row.code].order, row.code))


@dataclass(frozen=True)
class Figures:
    """`themes` in their order, those that nobody was asked left out; `practices`: every scored question that concerns somebody."""

    indices: Histogram
    themes: list[ThemeFigures]
    practices: list[Practice]


def figures(rows: QuerySet[Assessment], words: Content, *, with_practices: bool = True) -> Figures:
    """Return all that some assessments say, in one query; without the practices, which are half of what it reads."""
    bits = Packed("concerned", "practised") if with_practices else Value("")
    rows = rows.order_by().values_list("questionnaire", "index").annotate(count=Count("*"))
    rows = rows.annotate(bits=bits, themes=Packed("theme_indices"))
    indices: list[tuple[int | None, int]] = []
    practices: dict[int, list[str]] = {}
    themes: dict[int, list[str]] = {}
    for edition, index, count, of_practices, of_themes in rows:
        indices.append((index, count))
        practices.setdefault(edition, []).append(of_practices or "")
        themes.setdefault(edition, []).append(of_themes or "")
    histograms: dict[int, Histogram] = {}
    for edition, packed in themes.items():
        histograms |= words.histograms(edition, "".join(packed))
    joined = {edition: "".join(packed) for edition, packed in practices.items() if with_practices}
    return Figures(histogram(indices), merged(words, histograms), _practices(joined, words))


def _practices(bits: Mapping[int, str], words: Content) -> list[Practice]:
    counts: dict[str, tuple[int, int]] = {}
    for edition, packed in bits.items():
        places = words.places[edition]
        tally = Tally(bytes.fromhex(packed), len(places))
        for place, code in places:
            concerned, practised = counts.get(code, (0, 0))
            more = tally.count(place)
            counts[code] = (concerned + more[0], practised + more[1])
    return [
        Practice(code, question.text, question.theme.title, *counts[code])
        for code, question in words.newest.items()
        if counts.get(code, (0, 0))[0]
    ]


def weakest(rows: Iterable[Practice], shown: int = WEAKEST_SHOWN) -> list[Practice]:
    """Return those that the fewest have, of those that concern them."""
    return sorted(rows, key=lambda row: (row.practised / row.concerned, row.code))[:shown]
