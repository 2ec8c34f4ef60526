"""The answers of many assessments, in words, those that are asked only.

Read some assessments at a time, in their order, so that memory does not grow with their number.
"""

from collections.abc import Iterable, Iterator

from django.db.models import QuerySet

from questions import conditions
from questions.models import Answer, Assessment, Option, Question
from questions.sheets import answer_facts, profile_of, question_facts
from questions.wording import in_words
from supervision.exports.chunks import in_chunks

TOGETHER = 100  # assessments, some thousands of answers


def answers_of(assessments: QuerySet[Assessment]) -> QuerySet[Answer]:
    return Answer.objects.filter(assessment__in=assessments.order_by().values("pk"))


def answer_rows(assessments: QuerySet[Assessment]) -> Iterator[tuple]:
    rows = assessments.select_related("collectivite", "questionnaire")
    rows = rows.order_by("collectivite__search_name", "pk").prefetch_related("answers")
    editions: dict[int, Edition] = {}
    for assessment in in_chunks(rows, TOGETHER):
        given = list(assessment.answers.all())
        if not given:
            continue
        edition = editions.get(assessment.questionnaire_id)
        if edition is None:
            edition = editions[assessment.questionnaire_id] = Edition(assessment.questionnaire_id)
        yield from _rows_of(assessment, given, edition)


class Edition:
    """The questions of an edition in their order, read once for all its assessments."""

    def __init__(self, questionnaire_id: int):
        questions = Question.objects.filter(theme__questionnaire_id=questionnaire_id)
        questions = questions.select_related("theme").order_by("theme__order", "order", "pk")
        self.questions = {question.pk: question for question in questions}
        self.options: dict[int, list[Option]] = {pk: [] for pk in self.questions}
        for option in Option.objects.filter(question__in=self.questions).order_by("sort_order"):
            self.options[option.question_id].append(option)
        self.facts = [question_facts(q, self.options[q.pk]) for q in self.questions.values()]


def _rows_of(assessment: Assessment, given: list[Answer], edition: Edition) -> Iterable[tuple]:
    by_code = {edition.questions[answer.question_id].code: answer for answer in given}
    facts = {code: answer_facts(answer) for code, answer in by_code.items()}
    collectivite = assessment.collectivite
    for asked in conditions.visible(edition.facts, profile_of(assessment), facts):
        answer = by_code.get(asked.code)
        if answer is None:
            continue
        question = edition.questions[answer.question_id]
        yield (
            collectivite.code_insee or "",
            collectivite.siren or "",
            collectivite.name,
            assessment.level,
            assessment.questionnaire.edition,
            assessment.opened_at,
            question.theme.title,
            question.code,
            question.text,
            in_words(question, edition.options[question.pk], answer),
            answer.comment,
            answer.updated_at,
        )
