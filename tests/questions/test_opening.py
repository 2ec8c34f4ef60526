"""An assessment is opened, opened again, adopted."""

from datetime import timedelta

import pytest

from questions.closing import close_assessment
from questions.enums import AssessmentState, Channel, EditionState, Level
from questions.models import Answer, AnswerHistory, Assessment, Questionnaire
from questions.opening import (
    CannotOpen,
    LevelNotOpen,
    NoPublishedEdition,
    StillOpen,
    WasArchived,
    adopt_provisional,
    archive,
    open_assessment,
    reopen_assessment,
)
from questions.sheets import answer_sheet
from territories.affiliation import approve_membership
from territories.enums import AuditAction, MemberRole
from territories.models import AuditEntry, CollectiviteMember
from tests.questions.factories import MORNING, AssessmentFactory, QuestionnaireFactory, answer

NOON = MORNING + timedelta(hours=3)
NEXT_YEAR = MORNING + timedelta(days=365)


def opened(commune, by, at=MORNING, **kwargs) -> Assessment:
    return open_assessment(collectivite=commune, by=by, at=at, **kwargs)


def closed_by(alice, commune, **answers) -> Assessment:
    assessment = opened(commune, alice)
    answer(assessment, by=alice, **answers)
    return close_assessment(assessment=assessment, by=alice, at=NOON)


def test_an_assessment_is_opened_on_the_published_edition(edition, commune, alice):
    assessment = opened(commune, alice)

    assert assessment.questionnaire == edition
    assert (assessment.asked, assessment.answered, assessment.index) == (3, 0, None)
    assert assessment.provisional_for is None
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor) == (AuditAction.ASSESSMENT_OPENED, alice)


def test_opening_twice_gives_the_same_one(edition, commune, alice, bob):
    assert opened(commune, alice) == opened(commune, bob)
    assert Assessment.objects.count() == 1


def test_a_person_who_waits_opens_one_that_is_hers_alone(edition, commune, paul):
    assessment = opened(commune, paul)

    assert assessment.provisional_for == paul
    assert list(Assessment.objects.official()) == []
    assert AuditEntry.objects.count() == 0


def test_a_provisional_one_stands_beside_the_official_one(edition, commune, alice, paul):
    assert opened(commune, alice) != opened(commune, paul)


@pytest.mark.parametrize("who", ["lea", "chloe", "omar", "nadia", "lone"])
def test_who_does_not_answer_for_a_commune_opens_nothing(request, edition, commune, who):
    with pytest.raises(CannotOpen):
        opened(commune, request.getfixturevalue(who))

    assert Assessment.objects.count() == 0


def test_nothing_is_opened_without_a_published_edition(commune, alice):
    with pytest.raises(NoPublishedEdition):
        opened(commune, alice)


def test_level_two_waits_for_the_opsn(edition, commune, alice):
    QuestionnaireFactory(level=Level.TWO)
    with pytest.raises(LevelNotOpen):
        opened(commune, alice, level=Level.TWO)

    commune.level_two_opened_at = MORNING
    commune.save()

    assert opened(commune, alice, level=Level.TWO).level == Level.TWO


def test_a_commune_that_no_longer_exists_is_not_assessed(edition, commune, alice):
    commune.retired_at = MORNING.date()
    commune.save()

    with pytest.raises(CannotOpen):
        opened(commune, alice)


def test_a_new_evaluation_takes_the_old_answers_over_to_confirm(edition, commune, alice, bob):
    old = closed_by(alice, commune, ACH1="oui", ACH2="non", PAR1="nsp")

    new = reopen_assessment(assessment=old, by=bob, at=NEXT_YEAR)

    assert new != old
    assert new.carried_from == old
    rows = Answer.objects.filter(assessment=new)
    assert {row.channel for row in rows} == {Channel.CARRIED_OVER}
    assert all(row.to_confirm for row in rows)
    assert {row.author for row in rows} == {alice}
    assert (new.asked, new.answered, new.index) == (3, 0, old.index)
    assert answer_sheet(new).progress.to_confirm == ("ACH1", "ACH2", "PAR1")
    assert AnswerHistory.objects.filter(assessment=new).count() == 3


def test_the_closed_one_does_not_move_when_the_new_one_does(edition, commune, alice):
    old = closed_by(alice, commune, ACH1="oui", ACH2="non", PAR1="nsp")
    new = reopen_assessment(assessment=old, by=alice, at=NEXT_YEAR)

    answer(new, by=alice, at=NEXT_YEAR, ACH2="oui")

    old.refresh_from_db()
    assert (old.index, old.state) == (20, AssessmentState.CLOSED)
    assert Answer.objects.get(assessment=old, question__code="ACH2").choice == "non"


def test_opening_after_a_closed_one_carries_over_too(edition, commune, alice):
    old = closed_by(alice, commune, ACH1="oui", ACH2="non", PAR1="nsp")

    assert opened(commune, alice, at=NEXT_YEAR).carried_from == old


def test_an_open_one_is_not_opened_again(assessment, alice):
    with pytest.raises(StillOpen):
        reopen_assessment(assessment=assessment, by=alice, at=NOON)


def test_an_archived_one_is_not_opened_again_and_is_not_said_to_be_open(assessment, alice):
    archive(assessment)

    with pytest.raises(WasArchived):
        reopen_assessment(assessment=assessment, by=alice, at=NOON)

    assert list(Assessment.objects.all()) == [assessment]


def test_who_only_reads_does_not_open_again(edition, commune, alice, lea):
    old = closed_by(alice, commune, ACH1="oui", ACH2="non", PAR1="nsp")

    with pytest.raises(CannotOpen):
        reopen_assessment(assessment=old, by=lea, at=NEXT_YEAR)


def test_in_another_edition_only_answers_that_mean_the_same_are_taken_over(edition, commune, alice):
    old = closed_by(alice, commune, ACH1="oui", ACH2="non", PAR1="nsp")
    Questionnaire.objects.update(state=EditionState.RETIRED)
    QuestionnaireFactory(
        edition="2028",
        content={
            "achats": ["ACH1", {"code": "ACH2", "kind": "number"}],
            "usages": ["PAR1", "USA1"],
        },
    )

    new = reopen_assessment(assessment=old, by=alice, at=NEXT_YEAR)

    taken = Answer.objects.filter(assessment=new).values_list("question__code", flat=True)
    assert sorted(taken) == ["ACH1", "PAR1"]
    assert new.asked == 4


# --- Becoming the commune's


@pytest.fixture
def waiting(paul):
    return CollectiviteMember.objects.get(user=paul)


def test_a_provisional_one_becomes_that_of_the_commune(edition, commune, paul, waiting, nadia):
    provisional = opened(commune, paul)
    answer(provisional, by=paul, ACH1="oui")

    approve_membership(member=waiting, by=nadia, at=NOON)

    provisional.refresh_from_db()
    assert provisional.provisional_for is None
    assert list(Assessment.objects.official()) == [provisional]
    assert AuditEntry.objects.filter(action=AuditAction.ASSESSMENT_OPENED).count() == 1


def test_it_fills_the_gaps_of_the_one_that_is_open_and_is_kept(
    edition, commune, alice, paul, waiting
):
    official, provisional = opened(commune, alice), opened(commune, paul)
    answer(official, by=alice, ACH1="oui")
    answer(provisional, by=paul, ACH1="non", ACH2="oui")

    approve_membership(member=waiting, by=alice, at=NOON)

    values = Answer.objects.filter(assessment=official).values_list("question__code", "choice")
    assert dict(values) == {"ACH1": "oui", "ACH2": "oui"}
    assert Answer.objects.get(assessment=official, question__code="ACH2").author == paul
    official.refresh_from_db()
    provisional.refresh_from_db()
    assert (official.answered, official.index) == (2, 80)
    assert (provisional.state, provisional.provisional_for) == (AssessmentState.ARCHIVED, paul)
    assert Answer.objects.filter(assessment=provisional).count() == 2


def test_a_reader_speaks_for_nobody_so_hers_is_only_kept(edition, commune, paul, waiting):
    provisional = opened(commune, paul)
    waiting.role = MemberRole.LECTEUR

    adopt_provisional(waiting, None, NOON)

    provisional.refresh_from_db()
    assert provisional.state == AssessmentState.ARCHIVED
    assert list(Assessment.objects.official()) == []


def test_adopting_leaves_those_of_others_alone(
    edition, commune, other_commune, paul, waiting, nadia
):
    elsewhere = AssessmentFactory(
        questionnaire=edition, collectivite=other_commune, provisional_for=paul
    )

    approve_membership(member=waiting, by=nadia, at=NOON)

    elsewhere.refresh_from_db()
    assert elsewhere.provisional_for == paul
