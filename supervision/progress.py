"""Who moved from one evaluation to a later one, by how much, on which themes, and what was done in between.

A pair is a collectivité with both: one that has a single evaluation did not move. Kind, stratum, EPCI and département are
those frozen with the later one. A theme is compared only between editions where its answers still mean the same.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from django.core.cache import cache
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.utils import timezone

from plans.enums import Standing, Status
from plans.models import Action
from questions.comparing import Verdict, compare
from questions.models import Assessment, Questionnaire, ThemeScore
from supervision.histograms import Histogram, histogram, tenths
from supervision.selecting import Selection
from supervision.statistics import Content, content, merged

ACTIONS_SHOWN = 10
CHUNK = 30_000
VERDICT_KEPT = 60 * 60  # seconds; the structure of published editions never changes


@dataclass(frozen=True)
class Move:
    """One collectivité; indices in whole percents; `keys` and `editions` those of the earlier evaluation and of the later."""

    collectivite: int
    name: str
    search_name: str
    keys: tuple[int, int]
    before: int
    after: int
    editions: tuple[int, int]
    since: datetime
    until: datetime
    actions: int = 0

    @property
    def delta(self) -> int:
        return self.after - self.before


@dataclass(frozen=True)
class ThemeMove:
    """A theme, its means earlier and later; `label`, `value` and `before` are read by the charts."""

    code: str
    label: str
    earlier: Histogram
    later: Histogram
    actions: int

    @property
    def value(self) -> Decimal | None:
        return self.later.mean

    @property
    def before(self) -> Decimal | None:
        return self.earlier.mean

    @property
    def delta(self) -> Decimal | None:
        return None if None in (self.value, self.before) else self.value - self.before


@dataclass(frozen=True)
class EditionPair:
    keys: tuple[int, int]
    names: tuple[str, str]
    verdicts: Mapping[str, Verdict]
    """By code of theme, the gravest change of its questions; themes that did not change are not there."""

    @property
    def not_comparable(self) -> frozenset[str]:
        return frozenset(
            code for code, word in self.verdicts.items() if word == Verdict.NOT_COMPARABLE
        )


@dataclass(frozen=True)
class Incomparable:
    """What a reader has to know of a theme from one edition to another."""

    theme: str
    before: str
    after: str
    verdict: Verdict


@dataclass(frozen=True)
class DoneAction:
    title: str
    count: int
    """How many collectivités have done it in between."""


@dataclass(frozen=True)
class Progress:
    moves: list[Move]
    themes: list[ThemeMove]
    actions: list[DoneAction]
    warnings: list[Incomparable]
    single: int
    """Collectivités that have the later evaluation only."""

    @property
    def count(self) -> int:
        return len(self.moves)

    @cached_property
    def counts(self) -> dict[str, int]:
        signs = Counter((move.delta > 0) - (move.delta < 0) for move in self.moves)
        return {"up": signs[1], "same": signs[0], "down": signs[-1]}

    @property
    def before(self) -> Decimal | None:
        return _mean(move.before for move in self.moves)

    @property
    def after(self) -> Decimal | None:
        return _mean(move.after for move in self.moves)

    @property
    def delta(self) -> Decimal | None:
        return _mean(move.delta for move in self.moves)

    @property
    def done(self) -> int:
        return sum(move.actions for move in self.moves)


def progress_of(selection: Selection, *, since: date | None, until: date | None) -> Progress:
    """Compare what was known on two days; without `since`, each evaluation with the one just before it."""
    after = replace(selection, until=until).assessments()
    if since is None:
        before = Assessment._base_manager.filter(
            level=selection.level, counted_until=OuterRef("counted_from")
        )
    else:
        before = Selection(selection.territory, selection.level, until=since).assessments()
    return progress_between(before, after, content(selection.level))


def progress_between(
    before: QuerySet[Assessment], after: QuerySet[Assessment], words: Content
) -> Progress:
    """Pair two sets of evaluations by collectivité.

    Three queries and two for each pair of editions; when these differ one more, and ten the first time.
    """
    after = after.filter(index__isnull=False).order_by()
    hers = before.filter(
        collectivite=OuterRef("collectivite"),
        index__isnull=False,
        counted_from__lt=OuterRef("counted_from"),
    ).order_by("-counted_from", "-pk")
    moves, single = _moves(after.annotate(before=Subquery(hers.values("pk")[:1])))
    done = _done(moves)
    moves = [replace(move, actions=len(done.get(move.collectivite, ()))) for move in moves]
    editions = _editions(moves)
    return Progress(
        moves=moves,
        themes=_themes(moves, editions, words, done),
        actions=_most_done(done),
        warnings=_warnings(editions, words),
        single=single,
    )


def by_theme(assessments: QuerySet | list[int]) -> dict[int, Histogram]:
    """Return the indices of each theme of some evaluations, given by their keys."""
    rows = ThemeScore._base_manager.filter(assessment__in=assessments, index__isnull=False)
    rows = rows.order_by().values_list("theme", "index").annotate(count=Count("*"))
    found: dict[int, list[tuple[int, int]]] = {}
    for theme, index, count in rows:
        found.setdefault(theme, []).append((index, count))
    return {theme: histogram(counts) for theme, counts in found.items()}


def _moves(after: QuerySet) -> tuple[list[Move], int]:
    """Return the pairs, and how many have nothing earlier."""
    rows = list(
        after.values_list(
            "collectivite",
            "collectivite__name",
            "collectivite__search_name",
            "pk",
            "index",
            "questionnaire",
            "counted_from",
            "before",
        )
    )
    keys = [row[-1] for row in rows if row[-1] is not None]
    earlier = {}
    for part in _chunks(keys):
        found = Assessment._base_manager.filter(pk__in=part)
        for pk, *values in found.values_list("pk", "index", "questionnaire", "counted_from"):
            earlier[pk] = values
    moves = []
    for collectivite, name, search_name, pk, index, edition, until, before in rows:
        if before is not None:
            was, former, since = earlier[before]
            pair = ((before, pk), was, index, (former, edition), since, until)
            moves.append(Move(collectivite, name, search_name, *pair))
    return moves, len(rows) - len(moves)


def _chunks(keys: list[int]) -> Iterable[list[int]]:
    """Yield parts that a query can name: SQLite takes no more than 32,766."""
    for start in range(0, len(keys), CHUNK):
        yield keys[start : start + CHUNK]


def _editions(moves: Iterable[Move]) -> list[EditionPair]:
    """Return the pairs met; an edition is itself, so nothing is read of those that did not change."""
    met = sorted({move.editions for move in moves})
    rows = Questionnaire.objects.in_bulk({pk for pair in met if len({*pair}) > 1 for pk in pair})
    return [
        EditionPair(
            keys=pair,
            names=tuple(rows[pk].edition if pk in rows else "" for pk in pair),
            verdicts=_verdicts(*(rows[pk] for pk in pair)) if len({*pair}) > 1 else {},
        )
        for pair in met
    ]


def _verdicts(before: Questionnaire, after: Questionnaire) -> Mapping[str, Verdict]:
    key = f"edition-verdicts-{before.pk}-{after.pk}"
    return cache.get_or_set(key, lambda: verdicts_by_theme(before, after), VERDICT_KEPT)


def verdicts_by_theme(before: Questionnaire, after: Questionnaire) -> dict[str, Verdict]:
    """Return the gravest change of the questions of each theme; a question that moved bears on both its themes."""
    themes: dict[str, set[str]] = {}
    for edition in (before, after):
        rows = edition.themes.values_list("questions__code", "code")
        for question, theme in rows:
            themes.setdefault(question, set()).add(theme)
    grave = list(Verdict)
    found: dict[str, Verdict] = {}
    for change in compare(before, after):
        for theme in themes.get(change.code, ()):
            found[theme] = max(found.get(theme, change.verdict), change.verdict, key=grave.index)
    return found


def _themes(moves: Iterable[Move], editions, words: Content, done) -> list[ThemeMove]:
    by_pair: dict[tuple[int, int], list[Move]] = {}
    for move in moves:
        by_pair.setdefault(move.editions, []).append(move)
    earlier: dict[int, Histogram] = {}
    later: dict[int, Histogram] = {}
    for pair in editions:
        of_pair = by_pair[pair.keys]
        for side, found in enumerate((earlier, later)):
            for part in _chunks([move.keys[side] for move in of_pair]):
                for theme, counts in by_theme(part).items():
                    if words.themes[theme].code not in pair.not_comparable:
                        found[theme] = found.get(theme, Histogram()) + counts
    before = {row.code: row.histogram for row in merged(words, earlier)}
    actions = Counter(theme for rows in done.values() for theme, _ in rows)
    return [
        ThemeMove(row.code, row.label, before[row.code], row.histogram, actions[row.code])
        for row in merged(words, later)
        if row.code in before
    ]


def _done(moves: Iterable[Move]) -> dict[int, list[tuple[str, str]]]:
    """Return, by collectivité, (theme, title) of the actions done between her two evaluations."""
    spans = {
        move.collectivite: (timezone.localdate(move.since), timezone.localdate(move.until))
        for move in moves
    }
    found: dict[int, list[tuple[str, str]]] = {}
    for part in _chunks(list(spans)):
        rows = Action._base_manager.filter(
            standing=Standing.ADOPTED, status=Status.DONE, plan__collectivite__in=part
        ).values_list("plan__collectivite", "done_on", "theme_code", "measure__title", "title")
        for collectivite, done_on, theme, measure, title in rows:
            since, until = spans[collectivite]
            if since < done_on <= until:
                found.setdefault(collectivite, []).append((theme, measure or title))
    return found


def _most_done(done: Mapping[int, list[tuple[str, str]]]) -> list[DoneAction]:
    counts = Counter(title for rows in done.values() for title in {title for _, title in rows})
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [DoneAction(title, count) for title, count in ordered[:ACTIONS_SHOWN]]


def _warnings(editions: Iterable[EditionPair], words: Content) -> list[Incomparable]:
    titles = {theme.code: theme.title for theme in words.themes.values()}
    return [
        Incomparable(titles[code], *pair.names, verdict)
        for pair in editions
        for code, verdict in pair.verdicts.items()
        if verdict in (Verdict.COMPATIBLE, Verdict.NOT_COMPARABLE)
    ]


def _mean(values: Iterable[int]) -> Decimal | None:
    values = list(values)
    return tenths(Fraction(sum(values), len(values))) if values else None
