"""A level 2 of a hundred and thirty questions costs the database no more than a small one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from questions.answering import GivenAnswer, record_answer
from questions.enums import Level
from questions.models import Question
from tests.questions.factories import (
    MORNING,
    AssessmentFactory,
    QuestionnaireFactory,
    answer,
    value,
)
from tests.questions.test_answer_theme import elements

pytestmark = pytest.mark.django_db

THEMES, EACH = 10, 13


@pytest.fixture
def wide(level_two, alice):
    """One question of each theme has options, one waits for another; fifty are answered."""
    content = {
        f"theme-{t}": [
            {"code": f"Q{t}A", "kind": "one_of", "options": {"jamais": 0, "souvent": 2}},
            *[{"code": f"Q{t}X{n}"} for n in range(EACH - 2)],
            {"code": f"Q{t}Z", "condition_code": f"Q{t}X0", "condition_answers": "oui"},
        ]
        for t in range(THEMES)
    }
    edition = QuestionnaireFactory(level=Level.TWO, content=content)
    assessment = AssessmentFactory(questionnaire=edition, collectivite=level_two, level=Level.TWO)
    given = {f"Q{t}X{n}": "oui" for t in range(THEMES) for n in range(5)}
    answer(assessment, by=alice, **given)
    return assessment


def queries(captured) -> list[str]:
    return [q["sql"] for q in captured if "SAVEPOINT" not in q["sql"]]


def test_saving_one_answer_of_130_asks_nine_times_the_database(alice, wide):
    question = Question.objects.select_related("theme").get(code="Q3X9")
    given = GivenAnswer(question, value("oui"))

    with CaptureQueriesContext(connection) as asked:
        recorded = record_answer(assessment=wide, given=given, by=alice, at=MORNING)

    assert recorded.written == {"Q3X9"}
    assert len(queries(asked.captured_queries)) == 9


@pytest.mark.parametrize(("page", "reviews"), [("?tableau", 0), ("", 1)])
def test_its_whole_request_asks_eleven_times_besides_who_one_is(alices, wide, page, reviews):
    """Her session, herself, and of which OPSN (is her session guarded?); then the evaluation, her role there, and the
    nine of the act.

    The page of a theme also shows where its review is.
    """
    question = Question.objects.get(code="Q3X9")
    address = reverse("questions:answer", args=[wide.pk, question.pk]) + page
    posted = {f"q{question.pk}-state": "oui", f"q{question.pk}-version": 0}

    with CaptureQueriesContext(connection) as asked:
        told = alices.post(address, posted).json()

    who, *rest = _parted(queries(asked.captured_queries))
    assert told["version"] == 1
    assert len(who) == 3
    assert len(rest) == 11 + reviews


def _parted(found: list[str]) -> list:
    """Return the queries that tell who one is, together, then each of the others."""
    tables = ('FROM "django_session"', 'FROM "accounts_user"', 'FROM "territories_opsnmember"')
    who = [sql for sql in found if any(table in sql.partition(" WHERE ")[0] for table in tables)]
    return [who, *(sql for sql in found if sql not in who)]


def test_the_table_of_130_questions_asks_twenty_times_at_most(
    alices, wide, django_assert_max_num_queries
):
    for query in ("", "?etat=sans-reponse", "?etat=a-moi&theme=theme-3"):
        with django_assert_max_num_queries(20):
            page = alices.get(reverse("questions:table", args=[wide.pk]) + query)

        assert elements(page.content.decode()) <= 290
