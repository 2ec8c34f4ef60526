"""The journal: who did what, on which collectivité, when. Rows are added, never changed."""

from datetime import datetime

from accounts.models import User
from territories.enums import AuditAction
from territories.models import AuditEntry, Collectivite, Opsn


def record(
    action: AuditAction,
    collectivite: Collectivite | None,
    *,
    by: User | None,
    at: datetime,
    opsn: Opsn | None = None,
    subject: User | None = None,
    ground: str = "",
) -> None:
    """Add one entry, in the transaction of the act that it tells of; `opsn` is in whose name it was done."""
    AuditEntry._base_manager.create(
        action=action,
        collectivite=collectivite,
        opsn=opsn,
        actor=by,
        at=at,
        subject=subject,
        ground=ground[:300],
    )
