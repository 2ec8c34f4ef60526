"""The trace of each change to an action, in the words of the screens."""

from datetime import date, datetime
from decimal import Decimal

from accounts.models import User
from plans.enums import Event
from plans.models import Action, ActionHistory

NOTHING = "–"
LONGEST = 200  # characters of a text kept in the trace


def trace(
    event: Event, action: Action, *, by: User | None, at: datetime, changes: dict | None = None
) -> ActionHistory:
    return ActionHistory.objects.create(
        action=action, event=event, changes=changes or {}, author=by, at=at
    )


def differences(action: Action, values: dict) -> dict[str, list[str]]:
    """Return {label: [before, after]} of the fields whose value changes, as people read them."""
    changes = {}
    for name, after in values.items():
        before = getattr(action, name)
        if before != after:
            field = Action._meta.get_field(name)
            changes[str(field.verbose_name)] = [_words(field, before), _words(field, after)]
    return changes


def _words(field, value) -> str:
    if value is None or value == "":
        return NOTHING
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}".replace(".", ",")
    text = str(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
