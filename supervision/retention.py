"""How long the console keeps what nobody needs any more (page « Données personnelles »)."""

from datetime import datetime, timedelta

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
