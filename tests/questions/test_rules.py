"""Person × assessment: who may read, answer, close."""

import pytest

from questions import rules
from questions.enums import AssessmentState
from questions.models import Assessment
from territories.enums import MemberState
from territories.models import CollectiviteMember
from territories.scoping import acting_as
from tests.questions.factories import MORNING, AssessmentFactory


@pytest.mark.parametrize(
    ("who", "reads", "writes"),
    [
        ("alice", True, True),
        ("bob", True, True),
        ("lea", True, False),
        ("omar", True, False),
        ("nadia", True, False),
        ("chloe", False, False),
        ("sonia", False, False),
        ("paul", False, False),
        ("lone", False, False),
        ("editor", False, False),
    ],
)
def test_an_assessment_of_a_commune(request, assessment, who, reads, writes):
    user = request.getfixturevalue(who)
    with acting_as(user):
        seen = Assessment.objects.filter(pk=assessment.pk).exists()

    assert seen is reads
    assert rules.writes(user, assessment) is writes
    assert rules.can_answer(user, assessment) is writes


@pytest.mark.parametrize("who", ["alice", "bob", "omar", "nadia", "chloe", "lone"])
def test_a_provisional_one_is_its_authors_alone(request, edition, commune, paul, who):
    provisional = AssessmentFactory(
        questionnaire=edition, collectivite=commune, provisional_for=paul
    )
    user = request.getfixturevalue(who)
    with acting_as(user):
        assert not Assessment.objects.exists()
    assert not rules.writes(user, provisional)

    with acting_as(paul):
        assert Assessment.objects.get() == provisional
    assert rules.writes(paul, provisional)


def test_who_was_refused_still_reads_hers_and_writes_no_more(edition, commune, paul):
    provisional = AssessmentFactory(
        questionnaire=edition, collectivite=commune, provisional_for=paul
    )
    CollectiviteMember.objects.filter(user=paul).update(state=MemberState.REFUSED)

    with acting_as(paul):
        assert Assessment.objects.exists()
    assert not rules.writes(paul, provisional)


@pytest.mark.parametrize("state", [AssessmentState.CLOSED, AssessmentState.ARCHIVED])
def test_nobody_answers_in_a_closed_one(assessment, alice, state):
    assessment.state, assessment.closed_at = state, MORNING

    assert not rules.can_answer(alice, assessment)


def test_nobody_answers_for_a_commune_that_has_merged(assessment, together, alice, omar):
    assert rules.can_answer(omar, together)

    for one in (assessment, together):
        one.collectivite.retired_at = MORNING.date()

    assert not rules.can_answer(alice, assessment)
    assert not rules.can_answer(omar, together)


def test_a_deactivated_account_does_nothing(assessment, alice, paul):
    for user in (alice, paul):
        user.is_active = False
        user.save()

    assert not rules.writes(alice, assessment)
    assert not rules.waits_for(paul, assessment.collectivite)
