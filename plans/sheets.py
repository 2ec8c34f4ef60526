"""A plan as rows: what the workbook, the ods and the import have in common.

« Actions » has one row per action; « Indicateurs » one per value noted, or one without value. Texts are text, dates are
dates, amounts are in euros.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from plans.documents import owner_of
from plans.models import Action, Plan

Cell = str | int | Decimal | date | None


@dataclass(frozen=True)
class Column:
    """A column and the field of the action it is read back into; None for what is only written."""

    title: str
    field: str | None
    width: int


ACTION_COLUMNS = (
    Column("Référence", "reference", 12),
    Column("Titre", "title", 48),
    Column("Description", "description", 60),
    Column("Thème", "theme_code", 24),
    Column("Objectif REEN", "reen_objective", 14),
    Column("Statut", "status", 14),
    Column("Priorité", "priority", 12),
    Column("Responsable", "owner", 24),
    Column("Élu référent", "elected_referent", 24),
    Column("Partenaires", "partners", 30),
    Column("Début", "starts_on", 12),
    Column("Échéance", "due_on", 12),
    Column("Réalisée le", None, 12),
    Column("Effort", "effort", 12),
    Column("Coût", "cost", 18),
    Column("Budget prévu", "budget_planned", 14),
    Column("Budget dépensé", "budget_spent", 14),
    Column("Étapes", "steps", 60),
    Column("Mesure", None, 12),
)
INDICATOR_COLUMNS = (
    Column("Référence", None, 12),
    Column("Action", None, 48),
    Column("Indicateur", None, 40),
    Column("Unité", None, 12),
    Column("Départ", None, 12),
    Column("Cible", None, 12),
    Column("Date", None, 12),
    Column("Valeur", None, 12),
)


@dataclass(frozen=True)
class PlanSheet:
    title: str
    columns: tuple[Column, ...]
    rows: list[tuple[Cell, ...]]


def plan_sheets(plan: Plan | None, themes: dict[str, str]) -> list[PlanSheet]:
    """Return the two sheets of a plan, in the order of the actions; four queries whatever their number."""
    rows = Action.objects.filter(plan=plan).adopted().select_related("owner", "measure")
    actions = list(rows.prefetch_related("steps", "indicators__values"))
    return [
        PlanSheet("Actions", ACTION_COLUMNS, [action_row(a, themes) for a in actions]),
        PlanSheet("Indicateurs", INDICATOR_COLUMNS, list(indicator_rows(actions))),
    ]


def action_row(action: Action, themes: dict[str, str]) -> tuple[Cell, ...]:
    return (
        action.reference,
        action.title,
        action.description,
        themes.get(action.theme_code, action.theme_code),
        action.reen_objective,
        action.get_status_display(),
        action.get_priority_display(),
        owner_of(action),
        action.elected_referent,
        action.partners,
        action.starts_on,
        action.due_on,
        action.done_on,
        action.get_effort_display(),
        action.get_cost_display(),
        action.budget_planned,
        action.budget_spent,
        "\n".join(step.text for step in action.steps.all()),
        action.measure.code if action.measure else "",
    )


def indicator_rows(actions: Iterable[Action]) -> Iterator[tuple[Cell, ...]]:
    for action in actions:
        for indicator in action.indicators.all():
            start = (
                action.reference,
                action.title,
                indicator.label,
                indicator.unit,
                indicator.baseline,
                indicator.target,
            )
            values = list(indicator.values.all())
            for row in values:
                yield (*start, row.on, row.value)
            if not values:
                yield (*start, None, None)
