"""How long what surrounds a plan is kept (page « Données personnelles »). The plan itself is the commune's to keep."""

from datetime import datetime, timedelta

from plans.models import ActionImport, DigestSent

IMPORT_KEPT = timedelta(days=30)
DIGEST_KEPT = timedelta(days=92)


def delete_imports(*, at: datetime, dry: bool) -> int:
    """Delete the previews of files: what was applied is in the plan, with its trace."""
    return _delete(ActionImport._base_manager.filter(at__lt=at - IMPORT_KEPT), dry)


def delete_digests(*, at: datetime, dry: bool) -> int:
    """Delete the notes of which weekly mails left."""
    return _delete(DigestSent._base_manager.filter(sent_at__lt=at - DIGEST_KEPT), dry)


def _delete(rows, dry: bool) -> int:
    count = rows.count()
    if not dry:
        rows.delete()
    return count
