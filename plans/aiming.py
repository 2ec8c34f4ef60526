"""The target page: what the plan gives, what reaches the target, and the index of whatever is ticked."""

from dataclasses import dataclass

from plans.basis import Basis
from plans.figures import planned_measures
from plans.models import Plan, SetAside
from plans.proposals import questions_of
from plans.simulation import Simulated
from plans.target import Pick, Way, least_effort
from plans.wording import points
from questions import scoring
from questions.enums import Letter
from questions.models import Measure, Theme


@dataclass(frozen=True)
class Choice:
    """A measure that may be ticked; `pick` says what it does on the way to the target, `brings` what it does alone."""

    measure: Measure
    brings: str
    ticked: bool
    pick: Pick | None


@dataclass(frozen=True)
class ThemeLine:
    theme: Theme
    before: int | None
    after: int | None


@dataclass(frozen=True)
class Aim:
    target: int | None
    way: Way | None
    choices: tuple[Choice, ...]
    planned: Simulated
    simulated: Simulated
    themes: tuple[ThemeLine, ...]

    @property
    def index(self) -> int | None:
        return self.simulated.index

    @property
    def letter(self) -> Letter | None:
        return scoring.letter(self.index)

    @property
    def reached(self) -> bool:
        return self.target is not None and (self.index or 0) >= self.target

    @property
    def ticked(self) -> list[Choice]:
        return [choice for choice in self.choices if choice.ticked]


def aim(plan: Plan | None, basis: Basis, target: int | None, chosen: list[str] | None) -> Aim:
    """Return what is needed beyond the plan to reach a target; `chosen` are the measures ticked, None at first.

    What was set aside is not taken up again.
    """
    target = target or (plan.target_index if plan else None)
    planned = planned_measures(plan)
    aside = set(SetAside.objects.filter(plan=plan).values_list("measure__code", flat=True))
    brings = {p.code: points(p.brings) for p in basis.proposals}
    open_codes = [code for code in brings if code not in {*planned, *aside}]
    way = _way(basis, planned, open_codes, target) if target else None
    picks = {pick.code: pick for pick in way.picks} if way else {}
    ticked = set(picks if chosen is None else chosen)
    order = [*picks, *(code for code in open_codes if code not in picks)]
    choices = tuple(
        Choice(basis.measures[code], brings[code], code in ticked, picks.get(code))
        for code in order
    )
    simulated = basis.with_measures([*planned, *(c.measure.code for c in choices if c.ticked)])
    return Aim(
        target=target,
        way=way,
        choices=choices,
        planned=basis.with_measures(planned),
        simulated=simulated,
        themes=_themes(basis, simulated),
    )


def _way(basis: Basis, planned: list[str], codes: list[str], target: int) -> Way:
    candidates = [basis.facts[code].candidate for code in codes]
    done = questions_of(basis.facts, planned)

    def score_of(chosen: frozenset[str]):
        return basis.simulation.with_questions(done | questions_of(basis.facts, chosen)).score

    return least_effort(candidates, score_of, target)


def _themes(basis: Basis, simulated: Simulated) -> tuple[ThemeLine, ...]:
    now = basis.simulation.now.themes
    return tuple(
        ThemeLine(
            theme,
            now[theme.code].index if theme.code in now else None,
            simulated.themes[theme.code].index,
        )
        for theme in basis.sheet.themes
        if theme.code in simulated.themes
    )
