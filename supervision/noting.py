"""What an OPSN writes about a collectivité: a visit, who follows it."""

from datetime import date, datetime

from django.db import transaction

from accounts.models import User
from supervision import rules
from supervision.models import Assignment, VisitNote
from territories.affiliation import NotEntitled
from territories.enums import AuditAction
from territories.journal import record
from territories.models import Collectivite, OpsnMember
from territories.scoping import everything


def note_visit(
    *,
    collectivite: Collectivite,
    visited_on: date,
    text: str,
    next_visit_on: date | None = None,
    by: User,
    at: datetime,
) -> VisitNote:
    """Keep what was said; the text stays out of the journal. Raises NotEntitled."""
    with transaction.atomic(), everything():
        if not rules.can_follow(by, collectivite):
            raise NotEntitled
        note = VisitNote.objects.create(
            collectivite=collectivite,
            opsn=collectivite.opsn,
            author=by,
            visited_on=visited_on,
            text=text,
            next_visit_on=next_visit_on,
            created_at=at,
        )
        _record(AuditAction.VISIT_NOTED, collectivite, by, at)
    return note


def assign_adviser(
    *, collectivite: Collectivite, adviser: OpsnMember | None, by: User, at: datetime
) -> None:
    """Say who follows a collectivité; None for nobody. Raises NotEntitled, also for an adviser of another OPSN."""
    with transaction.atomic(), everything():
        if not rules.can_follow(by, collectivite):
            raise NotEntitled
        if adviser is None:
            Assignment.objects.filter(collectivite=collectivite).delete()
        elif adviser.opsn_id != collectivite.opsn_id:
            raise NotEntitled
        else:
            Assignment.objects.update_or_create(
                collectivite=collectivite, defaults={"adviser": adviser, "assigned_at": at}
            )
        subject = adviser and adviser.user
        _record(AuditAction.ADVISER_CHANGED, collectivite, by, at, subject=subject)


def _record(action: AuditAction, collectivite: Collectivite, by: User, at: datetime, **more):
    record(action, collectivite, by=by, at=at, opsn=collectivite.opsn, **more)
