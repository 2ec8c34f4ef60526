"""From level 1 to level 2 and back: what is taken over, what is asked to confirm, what is new."""

from datetime import timedelta

import pytest
from django.urls import reverse

from questions.closing import close_assessment
from questions.enums import Channel, Level
from questions.models import Answer, AnswerHistory, Assessment, AssessmentProfile
from questions.opening import CannotOpen, LevelNotOpen, open_assessment, preview_of
from questions.profiling import Facts, state_profile
from questions.returning import NotClosedYet, answer_level_one, level_one_preview
from tests.questions.factories import MORNING, AssessmentFactory, QuestionnaireFactory, answer

pytestmark = pytest.mark.django_db

TOMORROW = MORNING + timedelta(days=1)
NEXT_MONTH = MORNING + timedelta(days=30)
IN_TWO_YEARS = MORNING + timedelta(days=730)


@pytest.fixture
def edition(db):
    return QuestionnaireFactory(content={"achats": ["ACH1", "ACH2"], "parc": ["PAR1"]})


@pytest.fixture
def edition_two(db):
    """Two questions of level 1, one that the first of them opens, one of its own."""
    return QuestionnaireFactory(
        level=Level.TWO,
        content={
            "achats": [
                "ACH1",
                "ACH2",
                {"code": "ACH1B", "condition_code": "ACH1", "condition_answers": "oui"},
            ],
            "parc": [{"code": "RES9", "applies_to_facts": "serveurs"}],
        },
    )


def opened(commune, by, level=Level.TWO, at=NEXT_MONTH) -> Assessment:
    return open_assessment(collectivite=commune, level=level, by=by, at=at)


def closed(commune, by, at=MORNING, level=Level.ONE, **answers) -> Assessment:
    assessment = opened(commune, by, level=level, at=at)
    answer(assessment, by=by, at=at, **answers)
    return close_assessment(assessment=assessment, by=by, at=at)


def values(assessment) -> dict:
    rows = Answer.objects.filter(assessment=assessment)
    return {row.question.code: (row.choice or row.state, row.to_confirm) for row in rows}


def codes(questions) -> list[str]:
    return [question.code for question in questions]


# --- From level 1 to level 2


def test_level_two_begins_with_the_answers_of_level_one(
    edition, edition_two, level_two, alice, bob
):
    first = closed(level_two, alice, ACH1="oui", ACH2="non", PAR1="oui")

    second = opened(level_two, bob)

    assert values(second) == {"ACH1": ("oui", False), "ACH2": ("non", False)}
    assert second.carried_from == first
    assert (second.asked, second.answered) == (4, 2)
    rows = Answer.objects.filter(assessment=second)
    assert {(row.author, row.channel) for row in rows} == {(alice, Channel.CARRIED_OVER)}
    assert AnswerHistory.objects.filter(assessment=second).count() == 2


def test_what_is_old_or_not_known_is_to_be_confirmed(edition, edition_two, level_two, alice):
    closed(level_two, alice, ACH1="oui", ACH2="nsp", PAR1="oui")

    assert values(opened(level_two, alice))["ACH2"] == ("unknown", True)
    Answer.objects.filter(assessment__level=Level.TWO).delete()
    AnswerHistory.objects.filter(assessment__level=Level.TWO).delete()
    Assessment.objects.filter(level=Level.TWO).delete()
    assert values(opened(level_two, alice, at=IN_TWO_YEARS)) == {
        "ACH1": ("oui", True),
        "ACH2": ("unknown", True),
    }


def test_a_level_one_still_open_serves_too(edition, edition_two, level_two, alice):
    answer(opened(level_two, alice, level=Level.ONE), by=alice, ACH1="oui")

    assert values(opened(level_two, alice)) == {"ACH1": ("oui", False)}


def test_the_freshest_of_both_levels_wins(edition, edition_two, level_two, alice):
    closed(level_two, alice, level=Level.TWO, ACH1="non", ACH2="non", RES9="oui")
    closed(level_two, alice, at=NEXT_MONTH, ACH1="oui", ACH2="oui", PAR1="oui")

    second = opened(level_two, alice, at=NEXT_MONTH + timedelta(days=1))

    assert values(second) == {
        "ACH1": ("oui", False),
        "ACH2": ("oui", False),
        "RES9": ("oui", True),
    }
    assert second.carried_from.level == Level.TWO


def test_the_profile_of_the_level_two_before_is_taken_over(edition_two, level_two, alice):
    old = opened(level_two, alice, at=MORNING)
    facts = Facts(agents=12, stated={"serveurs": False})
    state_profile(assessment=old, facts=facts, by=alice, at=MORNING)
    answer(old, by=alice, ACH1="non", ACH2="non")
    close_assessment(assessment=old, by=alice, at=MORNING)

    second = opened(level_two, alice)

    profile = AssessmentProfile.objects.get(assessment=second)
    assert (profile.agents, profile.stated, profile.confirmed_at) == (
        12,
        {"serveurs": False},
        None,
    )
    assert second.asked == 2


def test_the_preview_tells_what_opening_does_and_opens_nothing(
    edition, edition_two, level_two, alice
):
    closed(level_two, alice, ACH1="oui", ACH2="nsp", PAR1="oui")

    shown = preview_of(collectivite=level_two, level=Level.TWO, by=alice, at=NEXT_MONTH)

    assert codes(shown.carried) == ["ACH1"]
    assert codes(shown.to_confirm) == ["ACH2"]
    assert codes(shown.new) == ["ACH1B", "RES9"]
    assert not Assessment.objects.filter(level=Level.TWO).exists()


def test_level_two_waits_for_its_opsn_in_the_preview_too(edition_two, commune, alice):
    with pytest.raises(LevelNotOpen):
        preview_of(collectivite=commune, level=Level.TWO, by=alice, at=MORNING)


def test_the_adviser_who_accompanies_begins_it_and_nobody_else_who_does_not_answer(
    edition, edition_two, level_two, omar, lea, paul, chloe, nadia
):
    for person in (lea, paul, chloe, nadia):
        with pytest.raises(CannotOpen):
            opened(level_two, person)

    assert opened(level_two, omar).opened_by == omar
    with pytest.raises(CannotOpen):
        opened(level_two, omar, level=Level.ONE)


# --- And back


def test_a_closed_level_two_opens_a_level_one_with_its_answers_to_confirm(
    edition, edition_two, level_two, alice
):
    second = closed(level_two, alice, level=Level.TWO, ACH1="non", ACH2="oui", RES9="oui")

    one = answer_level_one(assessment=second, by=alice, at=TOMORROW)

    assert one.level == Level.ONE
    assert values(one) == {"ACH1": ("non", True), "ACH2": ("oui", True)}
    one.refresh_from_db()
    assert (one.asked, one.answered, one.index) == (3, 0, 33)


def test_an_open_level_one_takes_what_is_newer_and_keeps_what_is_newer_still(
    edition, edition_two, level_two, alice, bob
):
    one = opened(level_two, alice, level=Level.ONE, at=MORNING)
    answer(one, by=alice, at=MORNING, ACH1="oui", PAR1="oui")
    second = opened(level_two, bob, at=MORNING)
    answer(second, by=bob, at=TOMORROW, ACH1="non", ACH2="oui", RES9="oui")
    second = close_assessment(assessment=second, by=bob, at=TOMORROW)

    answer_level_one(assessment=second, by=alice, at=NEXT_MONTH)

    assert values(one) == {
        "ACH1": ("non", True),
        "ACH2": ("oui", True),
        "PAR1": ("oui", False),
    }
    changed = Answer.objects.get(assessment=one, question__code="ACH1")
    assert (changed.version, changed.author, changed.channel) == (2, bob, Channel.CARRIED_OVER)
    assert AnswerHistory.objects.filter(assessment=one, question__code="ACH1").count() == 2

    answer(one, by=alice, at=NEXT_MONTH, ACH1="oui")
    assert level_one_preview(assessment=second, at=NEXT_MONTH).taken == {}


def test_only_a_closed_level_two_answers_level_one(edition, edition_two, level_two, alice):
    second = opened(level_two, alice)

    with pytest.raises(NotClosedYet):
        answer_level_one(assessment=second, by=alice, at=TOMORROW)
    assert not Assessment.objects.filter(level=Level.ONE).exists()


def test_who_only_reads_brings_nothing_back(edition, edition_two, level_two, alice, lea, omar):
    second = closed(level_two, alice, level=Level.TWO, ACH1="non", ACH2="oui", RES9="oui")

    for person in (lea, omar):
        with pytest.raises(CannotOpen):
            answer_level_one(assessment=second, by=person, at=TOMORROW)


# --- The pages


def test_the_page_shows_then_opens(alices, edition, edition_two, level_two, alice):
    closed(level_two, alice, ACH1="oui", ACH2="nsp", PAR1="oui")
    page = reverse("questions:begin_two")
    assert page in alices.get("/espace/").content.decode()

    text = alices.get(page).content.decode()
    assert "<dt>Questions nouvelles</dt><dd>2</dd>" in text
    assert not Assessment.objects.filter(level=Level.TWO).exists()

    answered = alices.post(page)
    second = Assessment.objects.get(level=Level.TWO)
    assert answered.url == reverse("questions:resume", args=[second.pk])
    assert alices.get(page).url == answered.url
    assert "Continuer le niveau 2" in alices.get("/espace/").content.decode()


def test_a_level_two_that_is_not_open_is_not_offered(alices, edition, edition_two):
    assert "Niveau 2" not in alices.get("/espace/").content.decode()

    answered = alices.post(reverse("questions:begin_two"), follow=True)

    assert "Parlez-en à votre OPSN" in answered.content.decode()
    assert not Assessment.objects.exists()


def test_the_page_of_the_way_back_shows_then_does(alices, edition, edition_two, level_two, alice):
    second = closed(level_two, alice, level=Level.TWO, ACH1="non", ACH2="oui", RES9="oui")
    page = reverse("questions:answer_level_one", args=[second.pk])
    assert page in alices.get("/espace/").content.decode()

    assert "2 réponses du niveau 2 répondent aussi" in alices.get(page).content.decode()
    answered = alices.post(page)

    one = Assessment.objects.get(level=Level.ONE)
    assert answered.url == reverse("questions:resume", args=[one.pk])
    assert "Le niveau 1 est à jour" in alices.get(page).content.decode()


def test_the_way_back_of_an_open_level_two_says_to_close_it(alices, second):
    page = reverse("questions:answer_level_one", args=[second.pk])

    assert "Clôturez d’abord" in alices.get(page, follow=True).content.decode()
    assert alices.put(page).status_code == 405


def test_the_dashboard_asks_as_much_of_the_database_with_three_evaluations_as_with_one(
    alices, edition, edition_two, level_two, django_assert_max_num_queries
):
    AssessmentFactory(questionnaire=edition_two, collectivite=level_two, level=2)
    alices.get("/espace/")
    with django_assert_max_num_queries(20) as one:
        alices.get("/espace/")
    for _ in range(2):
        AssessmentFactory(questionnaire=edition_two, collectivite=level_two, level=2, closed=True)
    with django_assert_max_num_queries(len(one)):
        alices.get("/espace/")
