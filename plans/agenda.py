"""The deadlines of a plan as an iCalendar feed (RFC 5545), at a private address that can be taken back.

The secret of the address is kept as a digest only, and is good as long as its owner may read the plan.
"""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from accounts.models import User
from plans.documents import owner_of
from plans.enums import Status
from plans.models import Action, CalendarFeed, Plan
from plans.rules import rights
from territories.scoping import everything

LINE = 75  # octets
PRODUCT = "-//Eco-clic//Plan d'action//FR"


def open_feed(*, plan: Plan, by: User, at: datetime) -> str:
    """Return the secret of a new address for this person; the one she had before no longer works."""
    token = secrets.token_urlsafe(32)
    CalendarFeed.objects.update_or_create(
        plan=plan, user=by, defaults={"digest": _digest(token), "created_at": at}
    )
    return token


def close_feed(*, plan: Plan, by: User) -> None:
    """Take the address back: it answers 404 from now on."""
    CalendarFeed.objects.filter(plan=plan, user=by).delete()


def feed_of(token: str) -> CalendarFeed | None:
    """Return the feed of a secret; None when there is none, or when its owner may no longer read the plan."""
    rows = CalendarFeed._base_manager.select_related("plan__collectivite", "user")
    feed = rows.filter(digest=_digest(token)).first()
    if feed is None or not rights(feed.user, feed.plan.collectivite).can_read:
        return None
    return feed


def calendar(plan: Plan, host: str) -> str:
    """Return the feed: one whole-day event per action that has a due date. The same plan gives the same text."""
    with everything():
        rows = Action.objects.filter(plan=plan).adopted().exclude(due_on=None)
        actions = list(rows.exclude(status=Status.DROPPED).select_related("owner"))
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{PRODUCT}",
        "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{_text(f'Plan d’action – {plan.collectivite.name}')}",
        *(line for action in actions for line in _event(action, host)),
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _event(action: Action, host: str) -> Iterable[str]:
    changed = f"{action.updated_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    said = [f"Statut : {action.get_status_display()}"]
    if owner := owner_of(action):
        said.append(f"Responsable : {owner}")
    return (
        "BEGIN:VEVENT",
        f"UID:{action.uid}@{host}",
        f"DTSTAMP:{changed}",
        f"LAST-MODIFIED:{changed}",
        f"SEQUENCE:{action.version - 1}",
        f"DTSTART;VALUE=DATE:{action.due_on:%Y%m%d}",
        f"DTEND;VALUE=DATE:{action.due_on + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_text(f'{action.reference} – {action.title}')}",
        f"DESCRIPTION:{_text(chr(10).join(said))}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    )


def _text(value: str) -> str:
    """Escape a text value (RFC 5545, 3.3.11); control characters have no place in it."""
    value = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    value = value.replace("\r\n", "\n").replace("\n", "\\n")
    return "".join(c for c in value if c >= " ")


def _folded(line: str) -> str:
    """Fold a line at 75 octets without cutting a character (RFC 5545, 3.1)."""
    parts, current = [], ""
    for character in line:
        limit = LINE if not parts else LINE - 1  # the space of a continuation counts
        if len((current + character).encode()) > limit:
            parts.append(current)
            current = ""
        current += character
    return "\r\n ".join([*parts, current])


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
