"""What a team did around the questions of an assessment, read at once: shares, marks, discussions, evidence, reviews."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Count

from accounts.models import User
from questions.enums import ReviewState
from questions.models import (
    Assessment,
    Discussion,
    Evidence,
    Mark,
    Question,
    Share,
    Theme,
    ThemeReview,
)
from questions.sheets import AnswerSheet
from territories.rules import is_accompanied

EXPIRES_SOON = timedelta(days=30)


@dataclass(frozen=True)
class Around:
    """What there is around one question; `person` is in charge of it, by itself or with its theme."""

    person: User | None = None
    remarks: int = 0
    is_settled: bool = False
    pieces: int = 0
    expired: int = 0
    """Pieces whose date is past, or will be within a month."""
    is_marked: bool = False


@dataclass(frozen=True)
class Standing:
    """Where the review of a theme is; `changed`: an answer was written after it was validated."""

    review: ThemeReview | None = None
    changed: bool = False

    @property
    def is_submitted(self) -> bool:
        return self.review is not None and self.review.state == ReviewState.SUBMITTED

    @property
    def is_validated(self) -> bool:
        return self.review is not None and self.review.state == ReviewState.VALIDATED

    @property
    def is_sent_back(self) -> bool:
        return self.review is not None and self.review.state == ReviewState.SENT_BACK

    @property
    def holds(self) -> bool:
        """Validated, and nothing was written since."""
        return self.is_validated and not self.changed

    @property
    def words(self) -> str:
        if self.review is None:
            return ""
        if self.is_validated and self.changed:
            return "validé, changé depuis"
        return self.review.get_state_display()


@dataclass(frozen=True)
class Teamwork:
    """Shares, discussions, evidence and marks by question, shares and reviews by theme (their ids)."""

    theme_shares: Mapping[int, Share] = field(default_factory=dict)
    question_shares: Mapping[int, Share] = field(default_factory=dict)
    marks: Mapping[int, Mark] = field(default_factory=dict)
    discussions: Mapping[int, Discussion] = field(default_factory=dict)
    pieces: Mapping[int, list[date | None]] = field(default_factory=dict)
    reviews: Mapping[int, ThemeReview] = field(default_factory=dict)
    today: date = date.min

    def share_of(self, question: Question) -> Share | None:
        """Return its own share, which prevails, or that of its theme."""
        own = self.question_shares.get(question.pk)
        return own or self.theme_shares.get(question.theme_id)

    def around(self, question: Question) -> Around:
        share, discussion = self.share_of(question), self.discussions.get(question.pk)
        ends = self.pieces.get(question.pk, [])
        return Around(
            person=share and share.person,
            remarks=discussion.remarks_count if discussion else 0,
            is_settled=discussion is not None and discussion.resolved_at is not None,
            pieces=len(ends),
            expired=sum(end is not None and end <= self.today + EXPIRES_SOON for end in ends),
            is_marked=question.pk in self.marks,
        )

    def standing(self, theme: Theme, sheet: AnswerSheet) -> Standing:
        return standing(self.reviews.get(theme.pk), sheet)


def teamwork_of(assessment: Assessment, *, today: date) -> Teamwork:
    """Read all of it in five queries; the rights are those by which the assessment was found."""
    of_it = {"assessment_id": assessment.pk}
    shares = Share._base_manager.filter(**of_it).select_related("person")
    shares = list(shares.order_by("pk"))
    marks = Mark._base_manager.filter(**of_it).select_related("marked_by")
    discussions = Discussion._base_manager.filter(**of_it).select_related("resolved_by")
    discussions = discussions.annotate(remarks_count=Count("remarks"))
    pieces: dict[int, list[date | None]] = {}
    for question, end in Evidence._base_manager.filter(**of_it).values_list(
        "question_id", "expires_on"
    ):
        pieces.setdefault(question, []).append(end)
    return Teamwork(
        theme_shares={share.theme_id: share for share in shares if share.theme_id},
        question_shares={share.question_id: share for share in shares if share.question_id},
        marks={mark.question_id: mark for mark in marks},
        discussions={discussion.question_id: discussion for discussion in discussions},
        pieces=pieces,
        reviews=reviews_of(assessment),
        today=today,
    )


def reviews_of(assessment: Assessment) -> dict[int, ThemeReview]:
    """Return the reviews by theme, in one query."""
    rows = ThemeReview._base_manager.filter(assessment_id=assessment.pk)
    return {row.theme_id: row for row in rows.select_related("submitted_by", "reviewed_by")}


def standing(review: ThemeReview | None, sheet: AnswerSheet) -> Standing:
    """Return where a review is, beside the answers of its theme, hidden ones too."""
    if review is None or review.reviewed_at is None:
        return Standing(review)
    written = (
        answer.updated_at
        for code, answer in sheet.answers.items()
        if sheet.questions[code].theme_id == review.theme_id
    )
    return Standing(review, changed=any(at > review.reviewed_at for at in written))


def review_in_words(assessment: Assessment, sheet: AnswerSheet) -> str:
    """Return how many themes the adviser validated, as closing says it: it never waits for her.

    Nothing where there is no adviser, and never was one.
    """
    reviews, themes = reviews_of(assessment), sheet.asked_themes
    validated = sum(standing(reviews.get(theme.pk), sheet).holds for theme in themes)
    if not validated and not is_accompanied(assessment.collectivite):
        return ""
    if validated == len(themes):
        return "Votre OPSN a validé tous les thèmes."
    done = f"{validated} thème{'s' if validated > 1 else ''} sur {len(themes)}"
    return (
        f"Votre OPSN a validé {done}. "
        if validated
        else "Votre OPSN n’a pas encore validé de thème. "
    ) + "Vous pouvez clôturer sans attendre sa relecture."
