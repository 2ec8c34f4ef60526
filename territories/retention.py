"""How long memberships, requests, invitations and the journal are kept (page « Données personnelles »)."""

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Q

from accounts import retention as accounts_retention
from territories.enums import AuditAction, MemberState
from territories.models import AuditEntry, CollectiviteMember, Invitation, OpsnMember

REQUEST_KEPT = timedelta(days=365)
INVITATION_KEPT = timedelta(days=92)
JOURNAL_KEPT = timedelta(days=3 * 365)

# What the journal says of an invitation: the address alone, or with the role in brackets.
WITH_AN_ADDRESS = (
    AuditAction.INVITATION_SENT,
    AuditAction.INVITATION_CANCELLED,
    AuditAction.OPSN_MEMBER_INVITED,
)


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
    addresses = {
        user.email,
        *EmailAddress.objects.filter(user=user).values_list("email", flat=True),
    }
    for address in addresses:
        forget_address(address)
    memberships = CollectiviteMember._base_manager.filter(user=user)
    memberships.exclude(state=MemberState.LEFT).update(state=MemberState.LEFT, decided_at=at)
    memberships.update(message="")
    OpsnMember._base_manager.filter(user=user).delete()
    accounts_retention.anonymise(user)


@transaction.atomic
def forget_address(address: str) -> int:
    """Take an address out of invitations and of the journal; return how many rows held it."""
    invitations = Invitation._base_manager.filter(email__iexact=address)
    entries = AuditEntry._base_manager.filter(
        Q(ground__iexact=address) | Q(ground__istartswith=f"{address} ("),
        action__in=WITH_AN_ADDRESS,
    )
    return _delete(invitations, dry=False) + entries.update(ground="adresse effacée")


def delete_requests(*, at: datetime, dry: bool) -> int:
    """Delete those refused, and those that nobody answered: the person may ask again."""
    end = at - REQUEST_KEPT
    refused = Q(state=MemberState.REFUSED, decided_at__lt=end)
    unanswered = Q(state=MemberState.PENDING, requested_at__lt=end)
    return _delete(CollectiviteMember._base_manager.filter(refused | unanswered), dry)


def delete_departures(*, at: datetime, dry: bool) -> int:
    """Delete the memberships that ended as long ago as the journal is kept."""
    rows = CollectiviteMember._base_manager.filter(state=MemberState.LEFT)
    return _delete(rows.filter(decided_at__lt=at - JOURNAL_KEPT), dry)


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
