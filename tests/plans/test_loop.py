"""A done action proposes the new answer, and writes it only when somebody confirms."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plans.adoption import adopt_measures
from plans.basis import basis_of
from plans.enums import Event, LoopState, Status
from plans.loop import (
    AnswersChangedMeanwhile,
    NothingToAnswer,
    accept_new_answers,
    closing_of,
    keep_answers,
)
from plans.models import Action
from plans.tracking import change_status
from questions.closing import close_assessment
from questions.enums import QuestionKind
from questions.models import Answer, Assessment, Measure
from territories.enums import MemberRole
from tests.plans.factories import NOON, ActionFactory, answered_commune
from tests.questions.factories import (
    AssessmentFactory,
    MeasureFactory,
    QuestionFactory,
    QuestionnaireFactory,
    ThemeFactory,
    answer,
)
from tests.territories.factories import CollectiviteFactory, MemberFactory


def adopt_and_do(commune, by, *codes) -> list[Action]:
    actions = adopt_measures(
        collectivite=commune,
        measures=Measure.objects.filter(code__in=codes),
        question_codes={},
        by=by,
        at=NOON,
    )
    return [
        change_status(action=a, status=Status.DONE, version=a.version, by=by, at=NOON)
        for a in actions
    ]


def accept(action, commune, by, seen=None):
    seen = closing_of(action, basis_of(commune)).seen if seen is None else seen
    return accept_new_answers(action=action, collectivite=commune, seen=seen, by=by, at=NOON)


def choice_of(code) -> str:
    return (
        Answer.objects.select_related("assessment")
        .get(question__code=code, assessment__state="open")
        .choice
    )


def test_a_done_action_shows_the_new_answer_and_its_effect_and_changes_nothing(commune, alice):
    answered_commune(commune, alice, ACH1="non", ACH2="oui", ACH3="non")
    (action,) = adopt_and_do(commune, alice, "M-ACH1")

    closing = closing_of(action, basis_of(commune))

    assert [(a.before, a.after) for a in closing.answers] == [("Non", "Oui")]
    assert (closing.index_before, closing.index_after) == (33, 67)
    assert choice_of("ACH1") == "non"


def test_the_new_answer_is_written_in_the_open_assessment_and_traced(commune, alice):
    assessment = answered_commune(commune, alice, ACH1="non", ACH2="oui")
    (action,) = adopt_and_do(commune, alice, "M-ACH1")

    accept(action, commune, alice)

    assessment.refresh_from_db()
    action.refresh_from_db()
    assert (choice_of("ACH1"), assessment.index, action.loop) == ("oui", 100, LoopState.ANSWERED)
    last = action.history.first()
    assert (last.event, last.changes) == (Event.ANSWERED, {"Question ACH1 ?": ["Non", "Oui"]})
    assert closing_of(action, basis_of(commune)) is None


def test_a_new_assessment_is_opened_when_there_is_none_and_the_closed_one_does_not_move(
    commune, alice
):
    closed = answered_commune(commune, alice, ACH1="non", ACH2="oui")
    close_assessment(assessment=closed, by=alice, at=NOON)
    (action,) = adopt_and_do(commune, alice, "M-ACH1")

    accept(action, commune, alice)

    closed.refresh_from_db()
    opened = Assessment.objects.open().get()
    assert (closed.index, opened.index, opened.carried_from) == (50, 100, closed)
    assert [a.to_confirm for a in opened.answers.order_by("question__code")] == [False, True]


def test_answers_changed_meanwhile_are_not_written_over(commune, alice, bob):
    assessment = answered_commune(commune, alice, ACH1="non")
    (action,) = adopt_and_do(commune, alice, "M-ACH1")
    seen = closing_of(action, basis_of(commune)).seen
    answer(assessment, by=bob, ACH1="nsp")

    with pytest.raises(AnswersChangedMeanwhile):
        accept(action, commune, alice, seen=seen)

    assert Answer.objects.get().author == bob


def test_confirming_twice_writes_once(commune, alice):
    answered_commune(commune, alice, ACH1="non")
    (action,) = adopt_and_do(commune, alice, "M-ACH1")
    seen = closing_of(action, basis_of(commune)).seen
    accept(action, commune, alice)

    with pytest.raises(NothingToAnswer):
        accept(action, commune, alice, seen=seen)

    assert Answer.objects.get().version == 2


def test_the_answer_may_be_left_as_it_is(commune, alice):
    answered_commune(commune, alice, ACH1="non")
    (action,) = adopt_and_do(commune, alice, "M-ACH1")

    keep_answers(action=action, by=alice, at=NOON)

    action.refresh_from_db()
    assert (action.loop, choice_of("ACH1")) == (LoopState.KEPT, "non")
    assert closing_of(action, basis_of(commune)) is None
    with pytest.raises(NothingToAnswer):
        keep_answers(action=action, by=alice, at=NOON)


def test_an_action_that_is_not_done_or_answers_no_question_proposes_nothing(commune, alice, plan):
    answered_commune(commune, alice, ACH1="non")
    basis = basis_of(commune)

    assert closing_of(ActionFactory(plan=plan, question_code="ACH1"), basis) is None
    assert closing_of(ActionFactory(plan=plan, done=True), basis) is None
    assert closing_of(ActionFactory(plan=plan, done=True, question_code="ACH1"), None) is None


def test_a_figure_is_for_the_commune_to_measure(commune, alice):
    theme = ThemeFactory(questionnaire=QuestionnaireFactory(), code="parc")
    question = QuestionFactory(
        theme=theme,
        code="PAR1",
        kind=QuestionKind.NUMBER,
        options={"peu": (0, 0), "bien": (2, 5)},
        measures=[MeasureFactory(code="M-PAR1")],
    )
    assessment = AssessmentFactory(collectivite=commune, questionnaire=theme.questionnaire)
    answer(assessment, by=alice, PAR1="nsp")
    (action,) = adopt_and_do(commune, alice, "M-PAR1")

    closing = closing_of(action, basis_of(commune))

    assert (closing.answers, closing.figures) == ((), (question,))
    with pytest.raises(NothingToAnswer):
        accept(action, commune, alice)


@pytest.mark.django_db
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    answers=st.lists(st.sampled_from(["oui", "non", "nsp"]), min_size=1, max_size=5), done=st.data()
)
def test_the_projected_index_is_the_one_reached_when_the_answers_are_really_changed(
    answers, done, db
):
    with transaction.atomic():
        member = MemberFactory(role=MemberRole.REFERENT, collectivite=CollectiviteFactory())
        commune, alice = member.collectivite, member.user
        codes = [f"ACH{n}" for n in range(len(answers))]
        assessment = answered_commune(commune, alice, **dict(zip(codes, answers, strict=True)))
        chosen = [f"M-{code}" for code in done.draw(st.sets(st.sampled_from(codes)))]
        projected = basis_of(commune).with_measures(chosen).index

        for action in adopt_and_do(commune, alice, *chosen):
            if closing_of(action, basis_of(commune)):
                accept(action, commune, alice)

        assessment.refresh_from_db()
        assert assessment.index == projected
        transaction.set_rollback(True)
