"""The journal: who did what, on which collectivité, when. Rows are added, never changed."""

from datetime import datetime

from accounts.models import User
from territories.enums import AuditAction
from territories.models import AuditEntry, Collectivite


def record(
    action: AuditAction,
    collectivite: Collectivite,
    *,
    by: User | None,
    at: datetime,
    subject: User | None = None,
    ground: str = "",
) -> None:
    """Add one entry, in the transaction of the act that it tells of."""
    AuditEntry._base_manager.create(
        action=action, collectivite=collectivite, actor=by, at=at, subject=subject, ground=ground
    )
