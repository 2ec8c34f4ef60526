"""How long the console keeps what nobody needs any more (page « Données personnelles »)."""

from datetime import datetime, timedelta

from django.db.models import Q

from supervision.models import ApiToken, OpsnInvitation
from territories.retention import INVITATION_KEPT

TOKEN_KEPT = timedelta(days=365)


def delete_invitations(*, at: datetime, dry: bool) -> int:
    """Delete those nobody answered; an accepted one is told by the journal."""
    rows = OpsnInvitation._base_manager.filter(expires_at__lt=at - INVITATION_KEPT)
    count = rows.count()
    if not dry:
        rows.delete()
    return count


def delete_tokens(*, at: datetime, dry: bool) -> int:
    """Delete those that ended a year ago, by their date or revoked; the journal tells of them."""
    end = at - TOKEN_KEPT
    rows = ApiToken._base_manager.filter(Q(expires_at__lt=end) | Q(revoked_at__lt=end))
    count = rows.count()
    if not dry:
        rows.delete()
    return count
