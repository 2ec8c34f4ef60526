"""Who takes what: a theme or a question is put in the hands of somebody of the team, who is told."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from questions.answering import lock_open
from questions.models import Assessment, Question, Share, Theme
from questions.notices import tell_share
from questions.team import check_in, team_of
from territories.scoping import everything


def share(
    *,
    assessment: Assessment,
    theme: Theme | None = None,
    question: Question | None = None,
    person: User,
    by: User,
    at: datetime,
) -> Share:
    """Put a theme, or one question, in the hands of a person who answers, whoever had it before.

    The same share again changes nothing and tells nobody. Raises AssessmentClosed, NotInTheTeam.
    """
    with transaction.atomic(), everything():
        assessment = lock_open(assessment)
        check_in((mate for mate in team_of(assessment) if mate.answers), [person])
        share = Share.objects.filter(assessment=assessment, theme=theme, question=question).first()
        if share is None:
            share = Share(assessment=assessment, theme=theme, question=question)
        elif share.person_id == person.pk:
            return share
        share.person, share.shared_by, share.shared_at = person, by, at
        share.save()
        tell_share(share)
    return share


def take_back(
    *, assessment: Assessment, theme: Theme | None = None, question: Question | None = None
) -> None:
    """Leave a theme or a question to nobody in particular. Raises AssessmentClosed."""
    with transaction.atomic(), everything():
        assessment = lock_open(assessment)
        Share.objects.filter(assessment=assessment, theme=theme, question=question).delete()
