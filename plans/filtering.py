"""The list of a plan, filtered and sorted by what stands in the address."""

from datetime import date

from django.db.models import Case, F, IntegerField, QuerySet, Value, When
from django.db.models.functions import Lower

from plans.enums import Status
from questions.enums import Priority

NOBODY = "sans"
LATE, SOON = "retard", "bientot"


def _rank(field: str, values) -> Case:
    whens = [When(**{field: value}, then=Value(rank)) for rank, value in enumerate(values)]
    return Case(*whens, default=Value(len(whens)), output_field=IntegerField())


ORDERS = {
    "numero": F("number"),
    "titre": Lower("title"),
    "statut": _rank("status", Status.values),
    "priorite": _rank("priority", Priority.values),
    "echeance": F("due_on"),
    "budget": F("budget_planned"),
}
DEFAULT_ORDER = "numero"


def filtered(actions: QuerySet, wanted: dict, today: date) -> QuerySet:
    """Keep the actions that meet every filter that is set (cleaned data of FilterForm)."""
    for name, field in (("statut", "status"), ("theme", "theme_code"), ("priorite", "priority")):
        if wanted.get(name):
            actions = actions.filter(**{field: wanted[name]})
    if owner := wanted.get("responsable"):
        actions = actions.without_owner() if owner == NOBODY else actions.filter(owner=owner)
    if wanted.get("quand") == LATE:
        actions = actions.late(today)
    elif wanted.get("quand") == SOON:
        actions = actions.due_within(today)
    return actions


def ordered(actions: QuerySet, order: str) -> QuerySet:
    """Sort by a column; « -echeance » is the last first. What has no value comes last."""
    name = order.removeprefix("-")
    column = ORDERS.get(name, ORDERS[DEFAULT_ORDER])
    descending = order.startswith("-")
    first = column.desc(nulls_last=True) if descending else column.asc(nulls_last=True)
    return actions.order_by(first, "number")
