"""« À revoir »: a mark on a question, that anybody of the team puts and takes away."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from questions.answering import lock_open
from questions.models import Assessment, Mark, Question
from territories.scoping import everything


def mark(
    *, assessment: Assessment, question: Question, marked: bool, by: User, at: datetime
) -> None:
    """Mark a question, or take its mark away; done twice it is done once. Raises AssessmentClosed."""
    with transaction.atomic(), everything():
        assessment = lock_open(assessment)
        if not marked:
            Mark.objects.filter(assessment=assessment, question=question).delete()
            return
        Mark.objects.get_or_create(
            assessment=assessment,
            question=question,
            defaults={"marked_by": by, "marked_at": at},
        )
