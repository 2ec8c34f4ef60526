"""The questions that a person has in her hands, wherever she answers, those without an answer first."""

from collections.abc import Iterable
from dataclasses import dataclass

from accounts.models import User
from questions.models import Assessment, Question, Share
from questions.progress import left_in_words
from questions.sheets import AnswerSheet, answer_sheets


@dataclass(frozen=True)
class MyPart:
    """`left` have no answer, or one to confirm, which `left_words` count apart; `done` have theirs."""

    assessment: Assessment
    left: list[Question]
    left_words: str
    done: list[Question]


def assessments_shared_with(user: User):
    """Return the open assessments where something was given to her, by name of collectivité."""
    given = Share.objects.filter(person=user).values("assessment")
    rows = Assessment.objects.open().filter(pk__in=given)
    rows = rows.select_related("questionnaire", "collectivite__departement")
    return rows.order_by("collectivite__search_name", "pk")


def parts_of(user: User, assessments: Iterable[Assessment]) -> list[MyPart]:
    """Return her part of each assessment, all of them read at once."""
    assessments = list(assessments)
    shares: dict[int, list[Share]] = {}
    for share in Share.objects.filter(assessment__in=assessments):
        shares.setdefault(share.assessment_id, []).append(share)
    sheets = answer_sheets(assessments)
    return [_part(user, row, shares.get(row.pk, []), sheets[row.pk]) for row in assessments]


def _part(user: User, assessment: Assessment, shares: list[Share], sheet: AnswerSheet) -> MyPart:
    themes = {share.theme_id: share.person_id for share in shares if share.theme_id}
    questions = {share.question_id: share.person_id for share in shares if share.question_id}
    mine = [
        question
        for question in sheet.visible_questions
        if questions.get(question.pk, themes.get(question.theme_id)) == user.pk
    ]
    missing, to_confirm = set(sheet.progress.missing), set(sheet.progress.to_confirm)
    codes = {question.code for question in mine}
    return MyPart(
        assessment=assessment,
        left=[question for question in mine if question.code in missing | to_confirm],
        left_words=left_in_words(len(codes & missing), len(codes & to_confirm)),
        done=[question for question in mine if question.code not in missing | to_confirm],
    )
