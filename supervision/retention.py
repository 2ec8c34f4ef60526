"""How long the console keeps what nobody needs any more (page « Données personnelles »)."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from questions.storage import private_storage
from supervision.enums import ExportState
from supervision.models import ApiToken, Consent, OpsnInvitation, TerritoryExport
from supervision.models.export import EXPORTS
from territories.enums import AuditAction
from territories.journal import record
from territories.retention import INVITATION_KEPT

TOKEN_KEPT = timedelta(days=365)
# The page of a file that is gone says so, for whoever opens the mail late.
EXPORT_TOLD = timedelta(days=30)
STRAY_KEPT = timedelta(days=1)  # a file that is being written has no ready row yet


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


def end_consents(*, at: datetime, dry: bool) -> int:
    """End those given to an EPCI that the commune has left: coming back would open its figures with no new decision."""
    rows = Consent._base_manager.exclude(epci=F("collectivite__epci")).select_related(
        "collectivite", "epci"
    )
    rows = list(rows)
    for consent in () if dry else rows:
        with transaction.atomic():
            consent.delete()
            action = AuditAction.CONSENT_WITHDRAWN
            record(action, consent.collectivite, by=None, at=at, ground=consent.epci.name)
    return len(rows)


def delete_exports(*, at: datetime, dry: bool) -> int:
    """Erase the files of exports that have expired, or that no row names, and forget old exports; count the files."""
    rows = TerritoryExport._base_manager.all()
    kept = rows.exclude(state=ExportState.READY, expires_at__lte=at)
    known = set(kept.exclude(asked_at__lt=at - EXPORT_TOLD).values_list("file", flat=True))
    expired = set(rows.filter(state=ExportState.READY).values_list("file", flat=True)) - known
    storage = private_storage()
    names = storage.listdir(EXPORTS)[1] if storage.exists(EXPORTS) else []
    gone = [path for path in (f"{EXPORTS}/{name}" for name in names) if path not in known]
    gone = [p for p in gone if p in expired or storage.get_modified_time(p) < at - STRAY_KEPT]
    if not dry:
        for path in gone:
            storage.delete(path)
        rows.filter(asked_at__lt=at - EXPORT_TOLD).delete()
    return len(gone)
