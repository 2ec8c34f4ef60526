"""How long memberships, requests, invitations and the journal are kept (page « Données personnelles »)."""

from datetime import datetime, timedelta

from django.db import transaction

from accounts import retention as accounts_retention
from territories.enums import MemberState
from territories.models import AuditEntry, CollectiviteMember, Invitation, OpsnMember

REFUSAL_KEPT = timedelta(days=365)
INVITATION_KEPT = timedelta(days=92)
JOURNAL_KEPT = timedelta(days=3 * 365)


def anonymise_idle(*, at: datetime, dry: bool) -> int:
    """Anonymise the accounts that were warned, and end what they could do."""
    people = list(accounts_retention.to_anonymise(at))
    if not dry:
        for user in people:
            forget(user, at=at)
    return len(people)


@transaction.atomic
def forget(user, *, at: datetime) -> None:
    """Anonymise one person, on request or after long absence, and end her memberships."""
    memberships = CollectiviteMember._base_manager.filter(user=user)
    memberships.exclude(state=MemberState.LEFT).update(state=MemberState.LEFT, decided_at=at)
    memberships.update(message="")
    OpsnMember._base_manager.filter(user=user).delete()
    accounts_retention.anonymise(user)


def delete_refused(*, at: datetime, dry: bool) -> int:
    return _delete(
        CollectiviteMember._base_manager.filter(
            state=MemberState.REFUSED, decided_at__lt=at - REFUSAL_KEPT
        ),
        dry,
    )


def delete_invitations(*, at: datetime, dry: bool) -> int:
    """Delete those nobody answered; an accepted one is told by the journal."""
    return _delete(Invitation._base_manager.filter(expires_at__lt=at - INVITATION_KEPT), dry)


def trim_journal(*, at: datetime, dry: bool) -> int:
    return _delete(AuditEntry._base_manager.filter(at__lt=at - JOURNAL_KEPT), dry)


def _delete(rows, dry: bool) -> int:
    count = rows.count()
    if not dry:
        rows.delete()
    return count
