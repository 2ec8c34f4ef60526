"""The profile of level 2: proposed, stated, changed; what is hidden is kept and comes back."""

import re
from datetime import UTC, datetime

import pytest
from django.urls import reverse

from questions.answering import AssessmentClosed
from questions.enums import AssessmentState, ProfileFact
from questions.models import AssessmentProfile
from questions.profiling import (
    Facts,
    NoProfileHere,
    ProfileConflict,
    carry_profile,
    councillors,
    effect_of,
    proposed,
    state_profile,
    version_of,
    waits_for_profile,
)
from questions.sheets import answer_sheet
from territories.enums import CollectiviteKind
from territories.models import Collectivite
from tests.questions.factories import AssessmentFactory, answer

pytestmark = pytest.mark.django_db

NOON = datetime(2027, 1, 12, 12, 0, tzinfo=UTC)
NO_SERVER = Facts(agents=12, elus=15, stated={"serveurs": False, "site_web": True})
UNKNOWN = {fact.value: "ne-sait-pas" for fact in ProfileFact}


def address(assessment) -> str:
    return reverse("questions:profile", args=[assessment.pk])


def asked(assessment) -> list[str]:
    return [facts.code for facts in answer_sheet(assessment).visible]


# --- What is proposed


@pytest.mark.parametrize(
    ("population", "members"),
    [(None, None), (0, 7), (99, 7), (100, 11), (499, 11), (500, 15), (3_500, 27), (2_000_000, 69)],
)
def test_the_councillors_of_a_commune_are_those_of_the_code(population, members):
    assert councillors(population) == members


@pytest.mark.parametrize(
    ("kind", "population", "website", "expected"),
    [
        (
            CollectiviteKind.COMMUNE,
            300,
            "",
            {"eclairage": True, "dechets": False, "achats_50m": False},
        ),
        (
            CollectiviteKind.COMMUNE,
            12_000,
            "https://ville.fr",
            {
                "site_web": True,
                "ecoles": True,
                "eclairage": True,
                "dechets": False,
                "achats_50m": False,
            },
        ),
        (CollectiviteKind.CA, 90_000, "", {"dechets": True, "eau": True}),
        (CollectiviteKind.CC, 9_000, "", {"dechets": True, "achats_50m": False}),
        (CollectiviteKind.SYNDICAT, None, "", {}),
    ],
)
def test_facts_are_proposed_by_kind_and_size(kind, population, website, expected):
    facts = proposed(Collectivite(kind=kind, population=population, website=website))

    assert facts.stated == expected


# --- What stating does


def test_stating_facts_hides_what_does_not_concern_and_writes_the_scores_anew(second, alice):
    answer(second, by=alice, RES9="non", ECO9="oui")

    state_profile(assessment=second, facts=NO_SERVER, by=alice, at=NOON)

    second.refresh_from_db()
    profile = AssessmentProfile.objects.get()
    assert asked(second) == ["ACH1", "PAR8A", "PAR2A", "ECO9"]
    assert (second.asked, second.answered, second.points, second.possible) == (4, 1, 1, 3)
    assert (profile.agents, profile.elus, profile.confirmed_by) == (12, 15, alice)
    assert profile.stated == {"serveurs": False, "site_web": True}


def test_a_hidden_answer_is_kept_and_counts_again_when_the_fact_comes_back(second, alice):
    answer(second, by=alice, RES9="oui", ECO9="oui")
    profile = state_profile(assessment=second, facts=NO_SERVER, by=alice, at=NOON)
    assert second.answers.count() == 2

    state_profile(
        assessment=second,
        facts=Facts(stated={"serveurs": True}),
        version=version_of(profile),
        by=alice,
        at=NOON,
    )

    second.refresh_from_db()
    assert "RES9" in asked(second)
    assert (second.answered, second.points) == (2, 2)
    assert second.answers.get(question__code="RES9").choice == "oui"


def test_a_profile_is_not_stated_over_one_that_its_author_has_not_seen(second, alice, bob):
    mine = Facts(sites=4, stated={"serveurs": True})
    state_profile(assessment=second, facts=NO_SERVER, by=bob, at=NOON)

    with pytest.raises(ProfileConflict):
        state_profile(assessment=second, facts=mine, by=alice, at=NOON)
    state_profile(assessment=second, facts=NO_SERVER, by=alice, at=NOON)  # the same: no conflict

    profile = AssessmentProfile.objects.get()
    assert Facts.of(profile) == NO_SERVER
    assert profile.confirmed_by == bob
    assert mine.over(NO_SERVER) == Facts(12, 15, 4, {"serveurs": True, "site_web": True})


def test_the_effect_tells_what_goes_what_comes_and_the_answers_concerned(second, alice):
    answer(second, by=alice, RES9="non")
    sheet = answer_sheet(second)

    effect = effect_of(sheet, NO_SERVER)

    assert [question.code for question in effect.disappearing] == ["RES9"]
    assert (effect.appearing, effect.kept, effect.returning) == ((), 1, 0)
    assert not effect_of(sheet, Facts(stated={"serveurs": True}))

    state_profile(assessment=second, facts=NO_SERVER, by=alice, at=NOON)
    back = effect_of(answer_sheet(second), Facts())
    assert [question.code for question in back.appearing] == ["RES9"]
    assert (back.kept, back.returning) == (0, 1)


def test_level_one_has_no_profile_and_a_closed_assessment_keeps_its_own(assessment, second, alice):
    with pytest.raises(NoProfileHere):
        state_profile(assessment=assessment, facts=NO_SERVER, by=alice, at=NOON)

    second.state, second.closed_at = AssessmentState.CLOSED, NOON
    second.save()
    with pytest.raises(AssessmentClosed):
        state_profile(assessment=second, facts=NO_SERVER, by=alice, at=NOON)
    assert not AssessmentProfile.objects.exists()


def test_the_facts_of_the_evaluation_before_are_taken_over_to_confirm(second, alice, edition_two):
    state_profile(assessment=second, facts=NO_SERVER, by=alice, at=NOON)
    following = AssessmentFactory(
        questionnaire=edition_two, collectivite=second.collectivite, level=2, closed=True
    )

    carry_profile(second, following)

    profile = AssessmentProfile.objects.get(assessment=following)
    assert (profile.agents, profile.stated) == (12, NO_SERVER.stated)
    assert profile.confirmed_at is None
    assert waits_for_profile(following)
    assert not waits_for_profile(second)


# --- The page


def test_the_page_proposes_without_hiding_anything(alices, second):
    page = alices.get(address(second))

    text = page.content.decode()
    assert 'name="elus" value="15"' in text
    assert "rien n’est masqué" in text
    assert not AssessmentProfile.objects.exists()
    assert len(asked(second)) == 5


def test_what_would_go_is_shown_before_it_is_confirmed(alices, alice, second):
    answer(second, by=alice, RES9="non")
    given = UNKNOWN | {"agents": "1 200", "serveurs": "non"}

    shown = alices.post(address(second), given)

    assert "1 question n’apparaîtra plus." in shown.content.decode()
    assert "est gardée" in shown.content.decode()
    assert not AssessmentProfile.objects.exists()

    saved = alices.post(address(second), given | {"etape": "confirmer"})

    profile = AssessmentProfile.objects.get()
    assert saved.url == reverse("questions:resume", args=[second.pk])
    assert (profile.agents, profile.stated) == (1_200, {"serveurs": False})
    assert "RES9" not in asked(second)


def test_the_preview_carries_all_that_was_said(alices, second):
    given = UNKNOWN | {"agents": "12", "serveurs": "non", "video": "oui"}

    text = alices.post(address(second), given).content.decode()

    for field in (
        'name="agents" value="12"',
        'name="serveurs" value="non"',
        'name="video" value="oui"',
    ):
        assert f'<input type="hidden" {field}>' in text


@pytest.mark.parametrize("step", [{}, {"etape": "confirmer"}])
def test_two_profiles_are_both_shown_and_nothing_that_was_said_is_lost(alices, bob, second, step):
    state_profile(assessment=second, facts=NO_SERVER, by=bob, at=NOON)
    given = UNKNOWN | {"sites": "4", "serveurs": "oui"}

    html = alices.post(address(second), given | step).content.decode()

    assert Facts.of(AssessmentProfile.objects.get()) == NO_SERVER
    assert "Bob Martin a enregistré un autre profil à 13:00." in html
    assert "«\u00a0Non\u00a0» est enregistré, vous avez dit «\u00a0Oui\u00a0»" in html
    assert "«\u00a012\u00a0» est enregistré, vous avez dit «\u00a0Ne sait pas\u00a0»" in html
    for field in ('name="agents" value="12"', 'name="sites" value="4"'):
        assert field in html
    assert 'id="serveurs-oui" name="serveurs" value="oui" checked' in html

    version = re.search('name="version" value="([^"]+)"', html)[1]
    resolved = given | {"agents": "12", "elus": "15", "site_web": "oui", "version": version}
    alices.post(address(second), resolved | {"etape": "confirmer"})

    both = Facts(12, 15, 4, {"serveurs": True, "site_web": True})
    assert Facts.of(AssessmentProfile.objects.get()) == both


def test_the_page_is_saved_over_the_profile_that_it_shows(alices, bob, second):
    state_profile(assessment=second, facts=NO_SERVER, by=bob, at=NOON)
    page = alices.get(address(second)).content.decode()
    version = re.search('name="version" value="([^"]+)"', page)[1]

    shown = alices.post(address(second), UNKNOWN | {"version": version}).content.decode()
    assert "1 question apparaîtra." in shown
    assert f'name="version" value="{version}"' in shown
    alices.post(address(second), UNKNOWN | {"version": version, "etape": "confirmer"})

    assert Facts.of(AssessmentProfile.objects.get()) == Facts()


def test_facts_that_change_nothing_are_saved_at_once(alices, second):
    alices.post(address(second), UNKNOWN | {"video": "oui"})

    assert AssessmentProfile.objects.get().stated == {"video": True}


@pytest.mark.parametrize("agents", ["-1", "douze", "12,5", "999999999"])
def test_a_count_that_is_none_is_refused_and_what_was_typed_stays(alices, second, agents):
    page = alices.post(address(second), UNKNOWN | {"agents": agents, "serveurs": "non"})

    assert page.status_code == 422
    assert f'value="{agents}"' in page.content.decode()
    assert not AssessmentProfile.objects.exists()


def test_going_on_passes_by_the_profile_until_it_is_confirmed_and_holds_nobody_up(
    alices, alice, second
):
    resume = reverse("questions:resume", args=[second.pk])

    assert alices.get(resume).url == address(second)
    assert "/themes/achats/" in alices.get(f"{resume}?profil=plus-tard").url

    state_profile(assessment=second, facts=NO_SERVER, by=alice, at=NOON)
    assert "/themes/achats/" in alices.get(resume).url


def test_a_reader_reads_the_profile_and_does_not_change_it(client_of, lea, second):
    client = client_of(lea)

    assert "Enregistrer le profil" not in client.get(address(second)).content.decode()
    assert client.post(address(second), UNKNOWN).status_code == 404


def test_the_adviser_states_it_for_the_commune(client_of, omar, second):
    client_of(omar).post(address(second), UNKNOWN | {"video": "non"})

    assert AssessmentProfile.objects.get().confirmed_by == omar


def test_there_is_none_at_level_one_nor_elsewhere(alices, client_of, chloe, assessment, second):
    assert alices.get(address(assessment)).status_code == 404
    assert client_of(chloe).get(address(second)).status_code == 404
    assert alices.put(address(second)).status_code == 405


def test_a_closed_evaluation_says_so(alices, second):
    second.state, second.closed_at = AssessmentState.CLOSED, NOON
    second.save()

    answered = alices.post(address(second), UNKNOWN | {"etape": "confirmer"}, follow=True)

    assert "clôturée" in answered.content.decode()
    assert not AssessmentProfile.objects.exists()
