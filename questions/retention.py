"""How long provisional assessments are kept (page « Données personnelles »). Those of a collectivité are hers to keep."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models.functions import Coalesce

from questions.models import Answer, AnswerHistory, Assessment

PROVISIONAL_KEPT = timedelta(days=365)


def delete_provisional(*, at: datetime, dry: bool) -> int:
    """Delete the provisional assessments that nobody touched for a year, with all that was written in them."""
    stale = (
        Assessment._base_manager.exclude(provisional_for=None)
        .annotate(touched=Coalesce("last_activity_at", "opened_at"))
        .filter(touched__lt=at - PROVISIONAL_KEPT, successors=None)
    )
    found = list(stale.values_list("pk", flat=True))
    if not dry:
        with transaction.atomic():
            AnswerHistory._base_manager.filter(assessment__in=found).delete()
            Answer._base_manager.filter(assessment__in=found).delete()
            Assessment._base_manager.filter(pk__in=found).delete()
    return len(found)
