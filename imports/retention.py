"""How long imports keep what they hold of people (page « Données personnelles »)."""

from datetime import datetime, timedelta

from django.db import transaction

from imports.enums import RunState
from imports.models import ImportFile, ImportRun
from territories.scoping import everything

FILE_KEPT = timedelta(days=30)
DETAIL_KEPT = timedelta(days=365)
DETAIL = {"report": None, "refused": None, "made": None}


def give_up_waiting(*, at: datetime, dry: bool) -> int:
    """Give up the imports that nobody confirmed, and erase their files; count them."""
    with everything(), transaction.atomic():
        runs = ImportRun.objects.open().filter(started_at__lt=at - FILE_KEPT)
        count = runs.count()
        if not dry:
            ImportFile.objects.filter(run__in=runs).update(content=None, **DETAIL)
            runs.update(state=RunState.CANCELLED, finished_at=at)
    return count


def erase_details(*, at: datetime, dry: bool) -> int:
    """Erase the lines and what was written of old imports, which are no longer undone; count them."""
    with everything():
        files = ImportFile.objects.filter(run__finished_at__lt=at - DETAIL_KEPT).exclude(**DETAIL)
        count = files.count()
        if not dry:
            files.update(**DETAIL)
    return count
