"""Answers, their history, and the scores written with them."""

from datetime import timedelta
from decimal import Decimal

import pytest

from questions.answering import (
    AnswerConflict,
    AssessmentClosed,
    CollectiviteRetired,
    GivenAnswer,
    QuestionNotAsked,
    Value,
    record_answer,
    record_answers,
)
from questions.closing import close_assessment
from questions.enums import AnswerState, AssessmentState, Channel, QuestionKind
from questions.models import Answer, AnswerHistory, Question, ThemeScore
from tests.questions.factories import (
    MORNING,
    AssessmentFactory,
    QuestionFactory,
    QuestionnaireFactory,
    answer,
    value,
)

NOON = MORNING + timedelta(hours=3)


def question(code: str) -> Question:
    return Question.objects.get(code=code)


def given(code: str, text: str, version: int = 0, comment: str = "") -> GivenAnswer:
    return GivenAnswer(question(code), value(text, comment), version)


def test_an_answer_is_written_with_its_author_its_channel_and_its_history(assessment, alice):
    record_answer(assessment=assessment, given=given("ACH1", "oui"), by=alice, at=MORNING)

    row = Answer.objects.get()
    assert (row.choice, row.author, row.channel, row.version) == ("oui", alice, "agent", 1)
    line = AnswerHistory.objects.get()
    assert (line.version, line.value, line.author, line.at) == (
        1,
        {"choice": "oui"},
        alice,
        MORNING,
    )


def test_each_change_adds_a_line_of_history_and_rewrites_none(assessment, alice, bob):
    answer(assessment, by=alice, ACH1="oui")
    answer(assessment, by=bob, at=NOON, ACH1="nsp")

    assert Answer.objects.get().state == AnswerState.UNKNOWN
    lines = AnswerHistory.objects.order_by("version").values_list("version", "state", "author")
    assert list(lines) == [(1, "answered", alice.pk), (2, "unknown", bob.pk)]


def test_the_same_value_again_adds_nothing(assessment, alice, bob):
    answer(assessment, by=alice, ACH1="oui")

    recorded = answer(assessment, by=bob, at=NOON, ACH1="oui")

    row = Answer.objects.get()
    assert recorded.written == frozenset()
    assert (row.version, row.author, row.updated_at) == (1, alice, MORNING)
    assert AnswerHistory.objects.count() == 1
    assessment.refresh_from_db()
    assert assessment.last_activity_at == MORNING


@pytest.mark.parametrize(
    ("kind", "columns"),
    [
        (QuestionKind.SEVERAL_OF, {"choices": ("a", "b")}),
        (QuestionKind.NUMBER, {"number": Decimal("12.50")}),
        (QuestionKind.TEXT, {"text": "Une charte 🌿 <b>"}),
        (QuestionKind.DATE, {"date": MORNING.date()}),
    ],
)
def test_a_value_of_each_kind_comes_back_from_the_row_and_from_its_history(
    commune, alice, kind, columns
):
    asked = QuestionFactory(kind=kind)
    assessment = AssessmentFactory(collectivite=commune, questionnaire=asked.theme.questionnaire)
    wanted = Value(state=AnswerState.ANSWERED, comment="vu", **columns)

    record_answer(assessment=assessment, given=GivenAnswer(asked, wanted), by=alice, at=MORNING)

    assert Value.of(Answer.objects.get()) == wanted
    assert Value.from_history(AnswerHistory.objects.get()) == wanted


def test_who_saves_over_a_version_she_has_not_seen_is_told_both_values(assessment, alice, bob):
    answer(assessment, by=alice, ACH1="oui")

    with pytest.raises(AnswerConflict) as told:
        record_answer(assessment=assessment, given=given("ACH1", "non"), by=bob, at=NOON)

    assert told.value.mine.value.choice == "non"
    assert (told.value.theirs.choice, told.value.theirs.author) == ("oui", alice)
    assert Answer.objects.get().choice == "oui"
    assert AnswerHistory.objects.count() == 1


def test_a_conflict_keeps_nothing_else_of_the_page_from_being_saved(assessment, alice, bob):
    answer(assessment, by=alice, ACH1="oui")

    recorded = record_answers(
        assessment=assessment,
        given=[given("ACH1", "non"), given("ACH2", "oui")],
        by=bob,
        at=NOON,
    )

    assert [conflict.question.code for conflict in recorded.conflicts] == ["ACH1"]
    assert recorded.written == {"ACH2"}
    assert Answer.objects.get(question__code="ACH2").choice == "oui"


def test_two_people_who_say_the_same_are_not_in_conflict(assessment, alice, bob):
    answer(assessment, by=alice, ACH1="oui")

    recorded = record_answer(assessment=assessment, given=given("ACH1", "oui"), by=bob, at=NOON)

    assert recorded.conflicts == ()


def test_what_a_whole_page_sends_back_unchanged_is_no_change(assessment, alice, bob):
    answer(assessment, by=alice, ACH1="oui")
    answer(assessment, by=bob, at=NOON, ACH1="non")

    recorded = record_answers(
        assessment=assessment, given=[given("ACH1", "oui", version=1)], by=alice, at=NOON
    )

    assert recorded.conflicts == ()
    assert Answer.objects.get().choice == "non"


def test_a_comment_that_changed_is_a_change(assessment, alice):
    answer(assessment, by=alice, ACH1="oui")

    record_answer(
        assessment=assessment, given=given("ACH1", "oui", 1, "é" * 10_000), by=alice, at=NOON
    )

    row = Answer.objects.get()
    assert (row.version, row.comment) == (2, "é" * 10_000)


def test_the_same_value_confirms_an_answer_that_was_carried_over(assessment, alice):
    answer(assessment, by=alice, ACH1="oui")
    Answer.objects.update(to_confirm=True, channel=Channel.CARRIED_OVER)

    answer(assessment, by=alice, at=NOON, ACH1="oui")

    row = Answer.objects.get()
    assert (row.to_confirm, row.channel, row.version) == (False, Channel.AGENT, 2)


def test_scores_are_written_with_the_answer(assessment, alice):
    answer(assessment, by=alice, ACH1="oui", ACH2="non", PAR1="nsp")

    assessment.refresh_from_db()
    assert (assessment.index, assessment.points, assessment.possible) == (20, 1, 5)
    assert (assessment.answered, assessment.asked) == (3, 3)
    assert assessment.last_activity_at == MORNING
    scores = {score.theme.code: score for score in ThemeScore.objects.all()}
    assert (scores["achats"].index, scores["achats"].points, scores["achats"].possible) == (
        25,
        1,
        4,
    )
    assert (scores["parc"].index, scores["parc"].unknown) == (0, 1)


def test_a_theme_has_no_index_before_its_first_answer(assessment, alice):
    answer(assessment, by=alice, ACH1="oui")

    assert ThemeScore.objects.get(theme__code="parc").index is None
    assert ThemeScore.objects.get(theme__code="parc").asked == 1


def test_an_answer_that_becomes_hidden_is_kept_and_counts_no_more(commune, alice):
    edition = QuestionnaireFactory(
        content={
            "achats": [
                "ACH1",
                {"code": "ACH2", "condition_code": "ACH1", "condition_answers": "oui"},
            ]
        }
    )
    assessment = AssessmentFactory(collectivite=commune, questionnaire=edition)
    shown = answer(assessment, by=alice, ACH1="oui")
    answer(assessment, by=alice, ACH2="oui")

    hidden = answer(assessment, by=alice, ACH1="non")

    assert (shown.asks_otherwise, hidden.asks_otherwise) == (True, True)
    assessment.refresh_from_db()
    assert (assessment.asked, assessment.answered, assessment.index) == (1, 1, 0)
    assert Answer.objects.get(question__code="ACH2").choice == "oui"


@pytest.mark.parametrize("state", [AssessmentState.CLOSED, AssessmentState.ARCHIVED])
def test_a_closed_assessment_takes_no_answer(assessment, alice, state):
    assessment.state, assessment.closed_at = state, MORNING
    assessment.save()

    with pytest.raises(AssessmentClosed) as refused:
        record_answer(assessment=assessment, given=given("ACH1", "oui"), by=alice, at=NOON)

    assert refused.type is AssessmentClosed  # and not because its commune has merged
    assert Answer.objects.count() == 0


def test_what_a_commune_left_open_when_it_merged_is_neither_changed_nor_closed(assessment, alice):
    answer(assessment, by=alice, ACH1="oui", ACH2="oui", PAR1="oui")
    assessment.collectivite.retired_at = NOON.date()
    assessment.collectivite.save()

    with pytest.raises(CollectiviteRetired):
        answer(assessment, by=alice, at=NOON, ACH1="non")
    with pytest.raises(CollectiviteRetired):
        close_assessment(assessment=assessment, by=alice, at=NOON)

    assessment.refresh_from_db()
    assert (assessment.state, assessment.index) == (AssessmentState.OPEN, 100)


def test_a_question_of_another_edition_is_refused_with_the_whole_page(assessment, alice):
    stranger = QuestionFactory(
        theme__questionnaire__edition="2031", theme__questionnaire__state="draft"
    )

    with pytest.raises(QuestionNotAsked):
        record_answers(
            assessment=assessment,
            given=[given("ACH1", "oui"), GivenAnswer(stranger, value("oui"))],
            by=alice,
            at=MORNING,
        )

    assert Answer.objects.count() == 0
