"""The figures of a selection, each in one query whatever the number of collectivités."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Count, Q, Sum

from plans.enums import Standing, Status
from plans.models import Plan
from questions.enums import AssessmentState
from questions.models import Assessment, Question, Theme
from questions.practices import positions, tally, unpack
from supervision.histograms import Histogram, histogram, percent
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
    acting: int
    open: int
    answered: int
    asked: int
    actions: int

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
        ]


def participation(selection: Selection) -> Participation:
    """Three queries. The period does not bear on it, nor the edition: they choose among what is closed."""
    hers = selection.today("collectivite__")
    assessments = Assessment._base_manager.filter(
        hers, level=selection.level, provisional_for=None
    ).exclude(state=AssessmentState.ARCHIVED)
    is_open = Q(state=AssessmentState.OPEN)
    is_done = Q(actions__standing=Standing.ADOPTED, actions__status=Status.DONE)
    return Participation(
        **selection.collectivites().aggregate(
            collectivites=Count("pk", distinct=True),
            registered=Count("pk", distinct=True, filter=Q(members__state=MemberState.ACTIVE)),
        ),
        **assessments.aggregate(
            begun=Count("collectivite", distinct=True),
            closed=Count("collectivite", distinct=True, filter=Q(counted_from__isnull=False)),
            open=Count("pk", filter=is_open),
            answered=Sum("answered", filter=is_open, default=0),
            asked=Sum("asked", filter=is_open, default=0),
        ),
        **Plan._base_manager.filter(hers).aggregate(
            planning=Count("pk", distinct=True),
            acting=Count("pk", distinct=True, filter=is_done),
            actions=Count("actions", filter=is_done),
        ),
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


def content(level: int) -> Content:
    """One query."""
    questions = Question.objects.filter(theme__questionnaire__level=level).select_related("theme")
    questions = questions.order_by(
        "theme__questionnaire__edition", "theme__order", "order", "pk"
    ).only("code", "text", "theme__code", "theme__title", "theme__order", "theme__questionnaire")
    return Content(list(questions))


def theme_figures(selection: Selection, words: Content) -> list[ThemeFigures]:
    """Return the themes in their order, those that nobody was asked left out."""
    rows = selection.scores().filter(index__isnull=False).order_by()
    rows = rows.values_list("theme", "index").annotate(count=Count("*"))
    by_theme: dict[int, list[tuple[int, int]]] = {}
    for theme, index, count in rows:
        by_theme.setdefault(theme, []).append((index, count))
    return merged(words, {theme: histogram(counts) for theme, counts in by_theme.items()})


def merged(words: Content, histograms: Mapping[int, Histogram]) -> list[ThemeFigures]:
    """Return one row for each code of theme, from the histograms of the themes of several editions."""
    found: dict[str, Histogram] = {}
    for theme, counts in histograms.items():
        code = words.themes[theme].code
        found[code] = found.get(code, Histogram()) + counts
    newest = {theme.code: theme for theme in words.themes.values()}
    rows = [ThemeFigures(code, newest[code].title, counts) for code, counts in found.items()]
    return sorted(rows, key=lambda row: (newest[row.code].order, row.code))


def index_and_practices(selection: Selection, words: Content) -> tuple[Histogram, list[Practice]]:
    """Return both from one reading of the assessments, every scored question that concerns somebody in its order."""
    rows = selection.assessments().order_by()
    rows = rows.values_list("questionnaire", "concerned", "practised", "index")
    indices: dict[int, int] = {}
    masks: dict[int, tuple[list[int], list[int]]] = {}
    for edition, concerned, practised, index in rows.iterator(chunk_size=5_000):
        both = masks.setdefault(edition, ([], []))
        both[0].append(unpack(concerned))
        both[1].append(unpack(practised))
        if index is not None:
            indices[index] = indices.get(index, 0) + 1
    return Histogram(indices), _counted(masks, words)


def _counted(masks: Mapping[int, tuple[list[int], list[int]]], words: Content) -> list[Practice]:
    counts: dict[str, list[int]] = {}
    for edition, both in masks.items():
        places = words.places[edition]
        concerned, practised = (tally(bits, len(places)) for bits in both)
        for place, code in places:
            sums = counts.setdefault(code, [0, 0])
            sums[0] += concerned[place]
            sums[1] += practised[place]
    return [
        Practice(code, question.text, question.theme.title, *counts[code])
        for code, question in words.newest.items()
        if counts.get(code, (0, 0))[0]
    ]


def weakest(rows: Iterable[Practice], shown: int = WEAKEST_SHOWN) -> list[Practice]:
    """Return those that the fewest have, of those that concern them."""
    return sorted(rows, key=lambda row: (row.practised / row.concerned, row.code))[:shown]
