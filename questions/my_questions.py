"""The questions that a person has in her hands, wherever she answers, those without an answer first."""

from collections.abc import Iterable
from dataclasses import dataclass

from accounts.models import User
from questions.models import Assessment, Question, Share
from questions.sheets import AnswerSheet, answer_sheet


@dataclass(frozen=True)
class MyPart:
    """`left` have no answer, or one to confirm; `done` have theirs."""

    assessment: Assessment
    left: list[Question]
    done: list[Question]


def assessments_shared_with(user: User):
    """Return the open assessments where something was given to her, by name of collectivité."""
    given = Share.objects.filter(person=user).values("assessment")
    rows = Assessment.objects.open().filter(pk__in=given)
    rows = rows.select_related("questionnaire", "collectivite__departement")
    return rows.order_by("collectivite__search_name", "pk")


def parts_of(user: User, assessments: Iterable[Assessment]) -> list[MyPart]:
    """Return her part of each assessment; questions of an edition are read once."""
    assessments = list(assessments)
    shares: dict[int, list[Share]] = {}
    for share in Share.objects.filter(assessment__in=assessments):
        shares.setdefault(share.assessment_id, []).append(share)
    sheets: dict[int, AnswerSheet] = {}
    parts = []
    for assessment in assessments:
        edition = assessment.questionnaire_id
        sheet = answer_sheet(assessment, like=sheets.get(edition))
        sheets.setdefault(edition, sheet)
        parts.append(_part(user, assessment, shares.get(assessment.pk, []), sheet))
    return parts


def _part(user: User, assessment: Assessment, shares: list[Share], sheet: AnswerSheet) -> MyPart:
    themes = {share.theme_id: share.person_id for share in shares if share.theme_id}
    questions = {share.question_id: share.person_id for share in shares if share.question_id}
    mine = [
        question
        for question in sheet.visible_questions
        if questions.get(question.pk, themes.get(question.theme_id)) == user.pk
    ]
    waiting = set(sheet.progress.left)
    return MyPart(
        assessment=assessment,
        left=[question for question in mine if question.code in waiting],
        done=[question for question in mine if question.code not in waiting],
    )
