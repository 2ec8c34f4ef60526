"""Who moved from one evaluation to a later one, by how much, on which themes, and what was done in between.

A pair is a collectivité with both: one that has a single evaluation did not move. Kind, stratum, EPCI and département are
those frozen with the later one. A theme is compared only between editions where its answers still mean the same.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from django.core.cache import cache
from django.db.models import Count, F, FilteredRelation, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce, NullIf

from plans.enums import Standing, Status
from questions import theme_indices
from questions.comparing import Verdict, compare
from questions.models import Assessment, Questionnaire
from supervision.histograms import Histogram, tenths
from supervision.packing import Packed
from supervision.selecting import Selection
from supervision.statistics import Content, merged
from territories.models import Collectivite, placed

ACTIONS_SHOWN = 10
EARLIER = "collectivite__assessments"
ACTIONS = "collectivite__plans__actions"
VERDICT_KEPT = 60 * 60  # seconds; the structure of published editions never changes


Done = tuple[int, str, str, date]
"""An action that was done: its collectivité, the code of its theme, its title, the day."""

Packs = dict[tuple[int, int], tuple[str, str]]
"""By pair of editions, what `Packed("theme_indices")` gives of the earlier evaluations and of the later ones."""


@dataclass(frozen=True)
class Move:
    """One collectivité; indices in whole percents; `since` and `until`: when the earlier evaluation and the later were closed."""

    collectivite: int
    code_insee: str | None
    siren: str | None
    name: str
    departement: str | None
    before: int
    after: int
    since: datetime
    until: datetime
    actions: int = 0

    @property
    def placed_name(self) -> str:
        return placed(self.name, self.departement)

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
class Deltas:
    """By how much the themes of a collectivité moved, by code, those that can be compared."""

    collectivite: int
    code_insee: str | None
    siren: str | None
    name: str
    themes: Mapping[str, int]


@dataclass(frozen=True)
class Sums:
    """Of the pairs: how many, the sums of their indices, how many went up and down."""

    count: int = 0
    before: int = 0
    after: int = 0
    up: int = 0
    down: int = 0

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))


@dataclass(frozen=True)
class Progress:
    pairs: QuerySet[Assessment] = field(repr=False)
    """The later evaluations, each with its `earlier` one."""
    sums: Sums
    themes: list[ThemeMove]
    editions: list[EditionPair] = field(repr=False)
    deeds: list[Done] = field(repr=False)
    """What was done in between, by day."""
    warnings: list[Incomparable]
    single: int
    """Collectivités that have the later evaluation only."""

    @property
    def count(self) -> int:
        return self.sums.count

    @property
    def done(self) -> int:
        return len(self.deeds)

    @cached_property
    def actions(self) -> list[DoneAction]:
        return _most_done(self.deeds)

    @property
    def counts(self) -> dict[str, int]:
        same = self.sums.count - self.sums.up - self.sums.down
        return {"up": self.sums.up, "same": same, "down": self.sums.down}

    @property
    def before(self) -> Decimal | None:
        return self._mean(self.sums.before)

    @property
    def after(self) -> Decimal | None:
        return self._mean(self.sums.after)

    @property
    def delta(self) -> Decimal | None:
        return self._mean(self.sums.after - self.sums.before)

    @property
    def moves(self) -> list[Move]:
        """Every move, by name. One query."""
        return moves_of(self.pairs.order_by("collectivite__search_name", "pk"), self.deeds)

    def _mean(self, total: int) -> Decimal | None:
        return tenths(Fraction(total, self.sums.count)) if self.sums.count else None


def progress_of(
    selection: Selection,
    words: Content,
    *,
    since: date | None,
    until: date | None,
    of: Collectivite | None = None,
) -> Progress:
    """Compare what was known on two days; without `since`, each evaluation with the one just before it.

    Of all those that the selection keeps, or of one of them.
    """
    after = replace(selection, until=until).assessments()
    if of is not None:
        after = after.filter(collectivite=of)
    before = Q(**{f"{EARLIER}__counted_until": F("counted_from")})
    if since is not None:
        before = Selection(selection.territory, until=since).dated(f"{EARLIER}__")
    return progress_between(before, after, words, with_actions=selection.territory.sees_actions)


def progress_between(
    before: Q, after: QuerySet[Assessment], words: Content, *, with_actions: bool = True
) -> Progress:
    """Pair evaluations with the earlier one of the same collectivité, one at most, that a condition on `EARLIER` tells.

    Two queries; when the editions differ, ten more the first time.
    """
    later = after.filter(index__isnull=False).annotate(earlier=_earlier(before)).order_by()
    # A filter on `earlier` after this one would join it again.
    pairs = later.filter(earlier__index__isnull=False).annotate(since=F("earlier__counted_from"))
    single, sums, packed = _read(later)
    editions = _editions(packed, words)
    done = _done_actions(pairs) if with_actions else []
    return Progress(
        pairs=pairs,
        sums=sums,
        themes=_themes(packed, editions, words, done),
        editions=editions,
        deeds=done,
        warnings=_warnings(editions, words),
        single=single,
    )


def _earlier(condition: Q) -> FilteredRelation:
    return FilteredRelation(
        EARLIER,
        condition=condition
        & Q(
            **{
                f"{EARLIER}__level": F("level"),
                f"{EARLIER}__index__isnull": False,
                f"{EARLIER}__counted_until__isnull": False,  # replaced, as there is a later one
                f"{EARLIER}__counted_from__lt": F("counted_from"),
            }
        ),
    )


def _read(later: QuerySet[Assessment]) -> tuple[int, Sums, Packs]:
    """Return how many have nothing earlier, the sums of the others, and by pair of editions the indices of their themes."""
    rows = later.values_list("earlier__questionnaire", "questionnaire").annotate(
        count=Count("*"),
        before=Sum("earlier__index", default=0),
        after=Sum("index"),
        up=Count("index", filter=Q(index__gt=F("earlier__index"))),
        down=Count("index", filter=Q(index__lt=F("earlier__index"))),
        earlier_themes=Packed("earlier__theme_indices"),
        later_themes=Packed("theme_indices"),
    )
    single, total, packed = 0, Sums(), {}
    for former, edition, *sums, earlier_themes, later_themes in rows:
        if former is None:
            single += sums[0]
        else:
            total += Sums(*sums)
            packed[former, edition] = (earlier_themes or "", later_themes or "")
    return single, total, packed


def moves_of(pairs: QuerySet[Assessment], deeds: Iterable[Done] = ()) -> list[Move]:
    """Return the moves of some pairs, in their order, with how many of these actions each has done. One query."""
    rows = pairs.values_list(
        "collectivite",
        "collectivite__code_insee",
        "collectivite__siren",
        "collectivite__name",
        "collectivite__departement",
        "earlier__index",
        "index",
        "earlier__counted_from",
        "counted_from",
    )
    done = Counter(hers for hers, *_ in deeds)
    return [Move(*row, actions=done[row[0]]) for row in rows]


def deltas_of(progress: Progress, words: Content) -> Iterator[Deltas]:
    """Yield those of each collectivité, by name. One query."""
    not_comparable = {pair.keys: pair.not_comparable for pair in progress.editions}
    codes: dict[int, dict[int, str]] = {}
    for theme in words.themes.values():
        codes.setdefault(theme.questionnaire_id, {})[theme.pk] = theme.code
    rows = progress.pairs.order_by("collectivite__search_name", "pk").values_list(
        "collectivite",
        "collectivite__code_insee",
        "collectivite__siren",
        "collectivite__name",
        "earlier__questionnaire",
        "questionnaire",
        "earlier__theme_indices",
        "theme_indices",
    )
    for *who, former, edition, earlier, later in rows:
        before = theme_indices.unpack(bytes(earlier or b""), codes[former])
        after = theme_indices.unpack(bytes(later or b""), codes[edition])
        both = before.keys() & after.keys() - not_comparable[former, edition]
        yield Deltas(*who, themes={code: after[code] - before[code] for code in both})


def _editions(met: Iterable[tuple[int, int]], words: Content) -> list[EditionPair]:
    """Return the pairs met; an edition is itself, so nothing is read of those that did not change."""
    return [
        EditionPair(
            keys=pair,
            names=tuple(words.editions[pk].edition for pk in pair),
            verdicts=_verdicts(*(words.editions[pk] for pk in pair)) if len({*pair}) > 1 else {},
        )
        for pair in sorted(met)
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


def _themes(
    packed: Packs, editions: Iterable[EditionPair], words: Content, done: Iterable[Done]
) -> list[ThemeMove]:
    sides: tuple[dict[int, Histogram], dict[int, Histogram]] = ({}, {})
    for pair in editions:
        for found, edition, indices in zip(sides, pair.keys, packed[pair.keys], strict=True):
            for theme, counts in words.histograms(edition, indices).items():
                if words.themes[theme].code not in pair.not_comparable:
                    found[theme] = found.get(theme, Histogram()) + counts
    earlier, later = (merged(words, found) for found in sides)
    before = {row.code: row.histogram for row in earlier}
    actions = Counter(theme for _, theme, _, _ in done)
    return [
        ThemeMove(row.code, row.label, before[row.code], row.histogram, actions[row.code])
        for row in later
        if row.code in before
    ]


def _done(pairs: QuerySet[Assessment]) -> QuerySet[Assessment]:
    """Return the pairs once for each action of the plan that was done between the two, the day of the later one included.

    A day is compared with a moment as it is, at its midnight UTC: to cast each moment takes longer than all the rest. Each
    action is still between two evaluations and no others.
    """
    return pairs.filter(
        **{
            f"{ACTIONS}__standing": Standing.ADOPTED,
            f"{ACTIONS}__status": Status.DONE,
            f"{ACTIONS}__done_on__gt": F("since"),
            f"{ACTIONS}__done_on__lte": F("counted_from"),
        }
    ).order_by()


def _done_actions(pairs: QuerySet[Assessment]) -> list[Done]:
    measure = NullIf(f"{ACTIONS}__measure__title", Value(""))
    rows = _done(pairs).annotate(done=Coalesce(measure, f"{ACTIONS}__title"))
    columns = ("collectivite", f"{ACTIONS}__theme_code", "done", f"{ACTIONS}__done_on")
    return sorted(rows.values_list(*columns), key=lambda deed: (deed[3], deed[2]))


def _most_done(done: Iterable[Done]) -> list[DoneAction]:
    counts = Counter(title for _, title in {(hers, title) for hers, _, title, _ in done})
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
