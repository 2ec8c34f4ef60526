"""What the space of a collectivité tells of its plan: how far it is, and what is due first."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from plans import figures
from plans.models import Action, Plan
from territories.models import Collectivite

DEADLINES_SHOWN = 2


@dataclass(frozen=True)
class PlanInBrief:
    collectivite: Collectivite
    plan: Plan | None
    today: date

    @cached_property
    def counts(self) -> figures.Counts:
        return figures.counts(self.plan, self.today)

    @cached_property
    def deadlines(self) -> list[Action]:
        """Return the next actions to finish, the late ones first."""
        rows = Action.objects.filter(plan=self.plan).adopted().unfinished().exclude(due_on=None)
        return list(rows.order_by("due_on", "number")[:DEADLINES_SHOWN])

    @cached_property
    def measures(self) -> frozenset[str]:
        """Return the codes of the measures that need no proposing: the plan has them."""
        return frozenset(figures.planned_measures(self.plan))
