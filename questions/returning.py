"""A closed level 2 answers the questions that it shares with level 1, where somebody then confirms them."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from accounts.models import User
from questions.answering import Value, lock_open, write_scores
from questions.carrying import Preview, Taken, preview, update_from
from questions.enums import AssessmentState, Level
from questions.models import Answer, Assessment
from questions.opening import CannotOpen, open_assessment, published_edition
from questions.sheets import answer_sheet
from territories.scoping import everything


class NotClosedYet(CannotOpen):
    sentence = "Clôturez d’abord le niveau 2 : ses réponses pourront alors répondre au niveau 1."


def level_one_preview(*, assessment: Assessment, at: datetime) -> Preview:
    """Tell what a closed level 2 answers to the level 1 of today, open or imagined. Raises NotClosedYet, NoPublishedEdition."""
    if assessment.level != Level.TWO or assessment.state != AssessmentState.CLOSED:
        raise NotClosedYet
    with everything():
        shown = preview(_level_one(assessment, at), [assessment], at=at)
        current = shown.sheet.answers
        news = {c: taken for c, taken in shown.taken.items() if _is_news(taken, current.get(c))}
        return replace(shown, taken=news)


def answer_level_one(*, assessment: Assessment, by: User, at: datetime) -> Assessment:
    """Bring the answers of a closed level 2 into level 1, opened if need be, to confirm; return that level 1.

    Raises CannotOpen, NotClosedYet, NoPublishedEdition.
    """
    with transaction.atomic(), everything():
        one = open_assessment(collectivite=assessment.collectivite, level=Level.ONE, by=by, at=at)
        one = lock_open(one)
        update_from(one, level_one_preview(assessment=assessment, at=at).taken.values(), at=at)
        write_scores(one, answer_sheet(one), at=None)
    return one


def _level_one(assessment: Assessment, at: datetime) -> Assessment:
    rows = Assessment.objects.official().open().select_related("collectivite", "questionnaire")
    found = rows.filter(collectivite=assessment.collectivite_id, level=Level.ONE).first()
    return found or Assessment(
        collectivite=assessment.collectivite,
        questionnaire=published_edition(Level.ONE),
        level=Level.ONE,
        opened_at=at,
    )


def _is_news(taken: Taken, current: Answer | None) -> bool:
    """An answer given to level 1 since then is the newer one: it stays."""
    if current is None:
        return True
    same = Value.of(current) == taken.value
    return not same and (current.to_confirm or current.updated_at < taken.answer.updated_at)
