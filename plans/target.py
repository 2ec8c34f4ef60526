"""The least effort that reaches an index: a greedy choice that can be explained, on plain values.

1. Take, each time, the measure that brings most points for its effort, until the index is reached.
2. At each step, look also at the measures that would reach it alone from there, and keep the lightest way found.
3. Take out whatever is not needed: without any of the measures kept, the index is no longer reached.

A new answer can open new questions, so a measure may bring nothing or lose a little by itself; such ones come last, and
the whole list is tried before saying that an index is out of reach.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction

from questions.enums import Priority
from questions.priorities import EFFORT_DAYS, PRIORITY_RANK
from questions.scoring import Score

ScoreOf = Callable[[frozenset[str]], Score]
"""The score once these measures, by code, are done."""


@dataclass(frozen=True)
class Candidate:
    code: str
    effort: str
    priority: str = Priority.MEDIUM

    @property
    def days(self) -> int:
        return EFFORT_DAYS[self.effort]


@dataclass(frozen=True)
class Pick:
    """One measure of the way, and the whole percents before and after it, the ones above it done."""

    code: str
    before: int
    after: int


@dataclass(frozen=True)
class Way:
    picks: tuple[Pick, ...]
    start: int
    end: int
    target: int

    @property
    def reached(self) -> bool:
        return self.end >= self.target

    @property
    def codes(self) -> list[str]:
        return [pick.code for pick in self.picks]


def least_effort(candidates: Iterable[Candidate], score_of: ScoreOf, target: int) -> Way:
    """Return the lightest way found to an index (whole percent), or the best that can be done when it is out of reach."""
    candidates = sorted(candidates, key=lambda c: (c.days, PRIORITY_RANK[c.priority], c.code))
    scores = _Scores(score_of)
    if scores.index(()) >= target:
        return _way((), scores, target)
    order = _greedy(candidates, scores, target)
    if scores.index(order) >= target:
        chosen = _lightest(order, candidates, scores, target)
    else:
        chosen = _best_beginning(order, scores)
    return _way(_in_order(chosen, scores), scores, target)


class _Scores:
    """Scores already asked for, by set of measures."""

    def __init__(self, score_of: ScoreOf):
        self._score_of = score_of
        self._known: dict[frozenset[str], Score] = {}

    def _score(self, chosen: Iterable[Candidate]) -> Score:
        codes = frozenset(candidate.code for candidate in chosen)
        if codes not in self._known:
            self._known[codes] = self._score_of(codes)
        return self._known[codes]

    def share(self, chosen: Iterable[Candidate]) -> Fraction:
        score = self._score(chosen)
        return score.points / score.possible if score.possible else Fraction(0)

    def index(self, chosen: Iterable[Candidate]) -> int:
        return self._score(chosen).index or 0


def _greedy(candidates: list[Candidate], scores: _Scores, target: int) -> list[Candidate]:
    """Return the measures in the order in which they bring most for their effort, up to the target or all of them."""
    order: list[Candidate] = []
    left = list(candidates)
    while left and scores.index(order) < target:
        here = scores.share(order)
        best = max(left, key=lambda c: _worth(scores.share([*order, c]) - here, c))
        order.append(best)
        left.remove(best)
    return order


def _worth(gain: Fraction, candidate: Candidate) -> Fraction:
    """Points for a day of work; what loses a little is not made better by being long."""
    return gain / candidate.days if gain > 0 else gain


def _lightest(order, candidates, scores: _Scores, target: int) -> list[Candidate]:
    ways = [_needed(order, scores, target)]
    for length in range(len(order)):
        beginning = order[:length]
        alone = (c for c in candidates if c not in beginning)
        last = next((c for c in alone if scores.index([*beginning, c]) >= target), None)
        if last is not None:
            ways.append(_needed([*beginning, last], scores, target))
    return min(ways, key=lambda way: (sum(c.days for c in way), len(way)))


def _needed(chosen: list[Candidate], scores: _Scores, target: int) -> list[Candidate]:
    """Take out measures, the longest first, as long as the target stays reached."""
    return _without_useless(chosen, lambda kept: scores.index(kept) >= target)


def _best_beginning(order: list[Candidate], scores: _Scores) -> list[Candidate]:
    beginnings = [order[:length] for length in range(len(order) + 1)]
    best = max(beginnings, key=scores.share)
    reached = scores.share(best)
    return _without_useless(best, lambda kept: scores.share(kept) >= reached)


def _without_useless(
    chosen: list[Candidate], is_enough: Callable[[list[Candidate]], bool]
) -> list[Candidate]:
    kept = list(chosen)
    for candidate in sorted(chosen, key=lambda c: -c.days):
        others = [c for c in kept if c is not candidate]
        if is_enough(others):
            return _without_useless(others, is_enough)  # others may be useless without it
    return kept


def _in_order(chosen: list[Candidate], scores: _Scores) -> tuple[Candidate, ...]:
    """Put first what brings most for its effort."""
    return tuple(_greedy(chosen, scores, target=101))


def _way(chosen: tuple[Candidate, ...], scores: _Scores, target: int) -> Way:
    indexes = [scores.index(chosen[:length]) for length in range(len(chosen) + 1)]
    picks = tuple(
        Pick(candidate.code, before, after)
        for candidate, before, after in zip(chosen, indexes, indexes[1:], strict=False)
    )
    return Way(picks, start=indexes[0], end=indexes[-1], target=target)
