"""An open evaluation goes on in its edition; going to the one published since is asked for, and shown before it is done.

The old one is archived with all its answers, so that nothing is lost; what the new edition still asks is taken over.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import User
from questions.answering import AssessmentClosed, lock_open, write_scores
from questions.carrying import Taken, carry_over, takable
from questions.enums import CHOSEN
from questions.models import (
    Assessment,
    Discussion,
    Evidence,
    Mark,
    Question,
    Questionnaire,
    Share,
)
from questions.opening import archive, published_edition
from questions.profiling import carry_profile
from questions.sheets import AnswerSheet, answer_sheet
from questions.wording import in_words
from territories.enums import AuditAction
from territories.journal import record
from territories.scoping import everything

# What hangs on a question of an evaluation, and goes with it where the new edition asks the same.
ON_A_QUESTION = (Discussion, Evidence, Mark, Share)


class AlreadyThere(Exception):
    """The evaluation is of the published edition."""

    def __str__(self) -> str:
        return "Cette évaluation suit déjà la dernière édition du questionnaire."


@dataclass(frozen=True)
class Move:
    """What going to another edition keeps, loses and asks anew; lists in the order in which questions are asked."""

    edition: Questionnaire
    sheet: AnswerSheet
    taken: tuple[Taken, ...]
    lost: tuple[tuple[Question, str], ...]
    """Questions that are not asked any more, or not in the same way, with the answer in words."""
    new: tuple[Question, ...]

    @property
    def to_confirm(self) -> list[Question]:
        return [taken.question for taken in self.taken if taken.to_confirm]


def move_of(assessment: Assessment) -> Move:
    """Tell what going to the published edition would do. Raises AssessmentClosed, AlreadyThere, NoPublishedEdition."""
    edition = published_edition(assessment.level)
    if not assessment.is_open:
        raise AssessmentClosed
    if edition.pk == assessment.questionnaire_id:
        raise AlreadyThere
    old = answer_sheet(assessment)
    imagined = Assessment(
        collectivite=assessment.collectivite, questionnaire=edition, level=assessment.level
    )
    new = answer_sheet(imagined)
    kept = dict(takable(old, new))
    taken = tuple(
        Taken(question, kept[code], kept[code].to_confirm or _asks_otherwise(old, new, code))
        for code, question in new.questions.items()
        if code in kept
    )
    lost = tuple(
        (question, in_words(question, old.options[code], old.answers[code]))
        for code, question in old.questions.items()
        if code in old.answers and code not in kept
    )
    asked = tuple(q for code, q in new.questions.items() if code not in old.questions)
    return Move(edition, new, taken, lost, asked)


def move_to_current_edition(*, assessment: Assessment, by: User, at: datetime) -> Assessment:
    """Open the same evaluation in the published edition, archive this one, and return the new one.

    Raises AssessmentClosed, AlreadyThere, NoPublishedEdition.
    """
    with transaction.atomic(), everything():
        old = lock_open(assessment)
        move = move_of(old)
        archive(old)
        new = Assessment.objects.create(
            collectivite=old.collectivite,
            questionnaire=move.edition,
            level=old.level,
            provisional_for=old.provisional_for,
            carried_from=old,
            opened_by=old.opened_by,
            opened_at=old.opened_at,
            last_activity_at=old.last_activity_at,
        )
        carry_profile(old, new, to_confirm=False)
        carry_over(new, move.taken, at=at)
        _take_along(old, new, move.sheet)
        write_scores(new, answer_sheet(new), at=None)
        if not new.is_provisional:
            ground = f"{old.questionnaire.edition} → {move.edition.edition}"
            record(AuditAction.EDITION_CHANGED, new.collectivite, by=by, at=at, ground=ground)
    return new


def _asks_otherwise(old: AnswerSheet, new: AnswerSheet, code: str) -> bool:
    return _asked(old, code) != _asked(new, code)


def _asked(sheet: AnswerSheet, code: str) -> tuple:
    """Return what a person reads before she answers: the question, its bounds, the options that she chooses from."""
    question = sheet.questions[code]
    offered = sheet.options[code] if question.kind in CHOSEN else ()
    labels = {option.code: option.label for option in offered}
    return question.text, question.minimum, question.maximum, labels


def _take_along(old: Assessment, new: Assessment, sheet: AnswerSheet) -> None:
    """Move what people wrote beside the questions; a theme that is gone leaves its share in the archive."""
    themes = {theme.code: theme for theme in sheet.themes}
    for model in ON_A_QUESTION:
        for row in model.objects.filter(assessment=old).select_related("question"):
            if row.question and (question := sheet.questions.get(row.question.code)):
                model.objects.filter(pk=row.pk).update(assessment=new, question=question)
    shares = Share.objects.filter(assessment=old, theme__isnull=False).select_related("theme")
    for share in shares:
        if theme := themes.get(share.theme.code):
            Share.objects.filter(pk=share.pk).update(assessment=new, theme=theme)
