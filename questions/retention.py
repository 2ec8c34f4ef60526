"""How long provisional assessments and files are kept (page « Données personnelles »). Those of a collectivité are hers."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models.functions import Coalesce

from questions.models import Answer, AnswerHistory, Assessment, Evidence
from questions.storage import EVIDENCE, private_storage

PROVISIONAL_KEPT = timedelta(days=365)
STRAY_KEPT = timedelta(days=1)  # a file is written a moment before its row


def delete_provisional(*, at: datetime, dry: bool) -> int:
    """Delete the provisional assessments that nobody touched for a year, with all that was written in them."""
    stale = (
        Assessment._base_manager.exclude(provisional_for=None)
        .annotate(touched=Coalesce("last_activity_at", "opened_at"))
        .filter(touched__lt=at - PROVISIONAL_KEPT, successors=None)
    )
    if dry:
        return stale.count()
    with transaction.atomic():
        # Held: one that becomes the commune's at this moment is no longer found, and stays.
        found = [assessment.pk for assessment in stale.select_for_update(of=("self",))]
        AnswerHistory._base_manager.filter(assessment__in=found).delete()
        Answer._base_manager.filter(assessment__in=found).delete()
        Assessment._base_manager.filter(pk__in=found).delete()
    return len(found)


def delete_stray_files(*, at: datetime, dry: bool) -> int:
    """Erase the files of evidence that no row names: of a deleted assessment, or of a server that stopped midway."""
    storage = private_storage()
    known = set(Evidence._base_manager.values_list("file", flat=True))
    stray = [
        path
        for path in _files(storage)
        if path not in known and storage.get_modified_time(path) < at - STRAY_KEPT
    ]
    if not dry:
        for path in stray:
            storage.delete(path)
    return len(stray)


def _files(storage) -> Iterator[str]:
    if not storage.exists(EVIDENCE):
        return
    folders, _ = storage.listdir(EVIDENCE)
    for folder in folders:
        _, names = storage.listdir(f"{EVIDENCE}/{folder}")
        yield from (f"{EVIDENCE}/{folder}/{name}" for name in names)
