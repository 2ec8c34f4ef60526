"""The review of a theme: the collectivité submits it, the adviser validates it or sends it back with a word.

Nothing waits for it: the adviser reviews a theme that nobody submitted, and an assessment closes without any review.
"""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from questions.answering import lock_open
from questions.enums import ReviewState
from questions.models import Answer, Assessment, Theme, ThemeReview
from questions.notices import tell_review, tell_submission
from territories.enums import AuditAction
from territories.journal import record
from territories.rules import is_accompanied
from territories.scoping import everything


class NoReviewer(Exception):
    """No OPSN accompanies the collectivité."""

    def __str__(self) -> str:
        return (
            "Aucun OPSN n’accompagne votre niveau 2 en ce moment : personne ne relirait ce thème. "
            "Vous pouvez continuer à répondre, et clôturer."
        )


def submit_theme(*, assessment: Assessment, theme: Theme, by: User, at: datetime) -> ThemeReview:
    """Ask the adviser to review a theme; asked twice, she is told once. Raises AssessmentClosed, NoReviewer."""
    with transaction.atomic(), everything():
        review = _locked(assessment, theme)
        if review.state == ReviewState.SUBMITTED:
            return review
        if not is_accompanied(review.assessment.collectivite):
            raise NoReviewer
        review.state = ReviewState.SUBMITTED
        review.submitted_by, review.submitted_at = by, at
        review.save()
        tell_submission(review)
    return review


def validate_theme(*, assessment: Assessment, theme: Theme, by: User, at: datetime) -> ThemeReview:
    """Say that the answers of a theme are good as they are now. Raises AssessmentClosed."""
    with transaction.atomic(), everything():
        review = _locked(assessment, theme)
        if review.state == ReviewState.VALIDATED and not _has_changed(review):
            return review
        return _conclude(review, ReviewState.VALIDATED, "", by, at)


def send_back_theme(
    *, assessment: Assessment, theme: Theme, note: str, by: User, at: datetime
) -> ThemeReview:
    """Ask the collectivité to take a theme up again, and say why. Raises AssessmentClosed."""
    with transaction.atomic(), everything():
        review = _locked(assessment, theme)
        if (review.state, review.note) == (ReviewState.SENT_BACK, note):
            return review
        return _conclude(review, ReviewState.SENT_BACK, note, by, at)


def _locked(assessment: Assessment, theme: Theme) -> ThemeReview:
    """Return the review of a theme, or a new one; the assessment is held until the end of the transaction."""
    assessment = lock_open(assessment)
    found = ThemeReview.objects.filter(assessment=assessment, theme=theme)
    review = found.select_related("submitted_by").first()
    review = review or ThemeReview()
    review.assessment, review.theme = assessment, theme
    return review


def _has_changed(review: ThemeReview) -> bool:
    answers = Answer.objects.filter(assessment=review.assessment, question__theme=review.theme)
    return answers.filter(updated_at__gt=review.reviewed_at).exists()


def _conclude(
    review: ThemeReview, state: ReviewState, note: str, by: User, at: datetime
) -> ThemeReview:
    review.state, review.note = state, note
    review.reviewed_by, review.reviewed_at = by, at
    review.save()
    collectivite = review.assessment.collectivite
    record(
        AuditAction.THEME_REVIEWED,
        collectivite,
        by=by,
        at=at,
        opsn=collectivite.opsn,
        ground=f"{review.theme} : {state.label}",
    )
    tell_review(review)
    return review
