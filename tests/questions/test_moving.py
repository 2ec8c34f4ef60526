"""Going to another edition with an evaluation half done: asked for, shown first, nothing lost."""

from datetime import timedelta

import pytest
from django.urls import reverse

from questions.answering import AssessmentClosed
from questions.conditions import Profile
from questions.editions import copy_edition, publish_edition
from questions.enums import AssessmentState, EditionState, Level
from questions.factors import day_of
from questions.models import (
    Answer,
    Assessment,
    AssessmentProfile,
    Discussion,
    Mark,
    Question,
    Share,
)
from questions.moving import AlreadyThere, move_of, move_to_current_edition
from questions.opening import open_assessment
from questions.profiling import Facts, state_profile
from questions.results import results_of
from questions.sheets import answer_sheet
from territories.enums import AuditAction, CollectiviteKind
from territories.models import AuditEntry
from tests.questions.factories import (
    MORNING,
    AssessmentFactory,
    OptionFactory,
    QuestionFactory,
    QuestionnaireFactory,
    answer,
)

pytestmark = pytest.mark.django_db

TOMORROW = MORNING + timedelta(days=1)


@pytest.fixture
def edition(db):
    return QuestionnaireFactory(content={"achats": ["ACH1", "ACH2", "ACH3"], "parc": ["PAR1"]})


@pytest.fixture
def half_done(edition, commune, alice):
    """Three answers of four."""
    assessment = open_assessment(collectivite=commune, by=alice, at=MORNING)
    answer(assessment, by=alice, ACH1="oui", ACH2="non", PAR1="oui")
    return assessment


@pytest.fixture
def next_edition(edition, half_done, nadia):
    """ACH1 weighs more, ACH2 is gone, ACH3 moved to another theme, PAR1 in other words, PAR9 is new."""
    draft = copy_edition(edition, edition="2028", by=nadia)
    questions = Question.objects.filter(theme__questionnaire=draft)
    questions.filter(code="ACH1").update(weight=5)
    questions.get(code="ACH2").delete()
    questions.filter(code="PAR1").update(text="Autrement dit ?")
    parc = draft.themes.get(code="parc")
    questions.filter(code="ACH3").update(theme=parc)
    QuestionFactory(theme=parc, code="PAR9", order=9)
    return publish_edition(draft, by=nadia, at=TOMORROW)


def moved(assessment, by) -> Assessment:
    return move_to_current_edition(assessment=assessment, by=by, at=TOMORROW)


def test_the_move_tells_what_is_kept_lost_and_new(half_done, next_edition):
    move = move_of(half_done)

    assert move.edition == next_edition
    assert [taken.question.code for taken in move.taken] == ["ACH1", "PAR1"]
    assert [question.code for question in move.to_confirm] == ["PAR1"]
    assert [(question.code, words) for question, words in move.lost] == [("ACH2", "Non")]
    assert [question.code for question in move.new] == ["PAR9"]


def test_looking_at_it_changes_nothing(half_done, next_edition, edition, alices):
    page = reverse("questions:change_edition", args=[half_done.pk])

    text = alices.get(page).content.decode()

    half_done.refresh_from_db()
    assert "Question ACH2 ? <strong>Non</strong>" in text
    assert "Garder l’édition actuelle" in text
    assert (half_done.questionnaire, half_done.state) == (edition, AssessmentState.OPEN)
    assert Assessment.objects.count() == 1


def test_once_confirmed_it_goes_on_in_the_new_edition_and_the_old_one_is_kept(
    half_done, next_edition, alice
):
    new = moved(half_done, alice)

    half_done.refresh_from_db()
    new.refresh_from_db()
    rows = Answer.objects.filter(assessment=new).order_by("question__code")
    assert (new.questionnaire, new.state, new.opened_at) == (next_edition, "open", MORNING)
    assert [(row.question.code, row.choice, row.to_confirm) for row in rows] == [
        ("ACH1", "oui", False),
        ("PAR1", "oui", True),
    ]
    assert (new.asked, new.answered, new.points, new.possible) == (4, 1, 6, 8)
    assert half_done.state == AssessmentState.ARCHIVED
    assert Answer.objects.filter(assessment=half_done).count() == 3
    assert new.carried_from == half_done
    entry = AuditEntry.objects.get(action=AuditAction.EDITION_CHANGED)
    assert (entry.actor, entry.ground) == (alice, "2027 → 2028")


def test_what_the_team_wrote_goes_along_where_the_question_is_still_asked(
    half_done, next_edition, edition, alice, bob
):
    kept = Question.objects.get(theme__questionnaire=edition, code="ACH1")
    gone = Question.objects.get(theme__questionnaire=edition, code="ACH2")
    for question in (kept, gone):
        Discussion.objects.create(assessment=half_done, question=question)
        Mark.objects.create(assessment=half_done, question=question, marked_by=bob)
    Share.objects.create(assessment=half_done, theme=kept.theme, person=bob, shared_by=alice)
    Share.objects.create(assessment=half_done, question=kept, person=bob, shared_by=alice)

    new = moved(half_done, alice)

    for model in (Discussion, Mark):
        assert model.objects.get(assessment=new).question.code == "ACH1"
        assert model.objects.get(assessment=half_done).question.code == "ACH2"
    assert new.shares.get(question=None).theme.questionnaire == next_edition
    assert new.shares.get(theme=None).question.theme.questionnaire == next_edition


def test_the_profile_of_level_two_goes_along(second, edition_two, alice, nadia):
    state_profile(assessment=second, facts=Facts(stated={"serveurs": False}), by=alice, at=MORNING)
    draft = copy_edition(edition_two, edition="2028", by=nadia)
    publish_edition(draft, by=nadia, at=TOMORROW)

    new = moved(second, alice)

    for one in (second, new):
        profile = AssessmentProfile.objects.get(assessment=one)
        assert (profile.stated, profile.confirmed_by) == ({"serveurs": False}, alice)
        assert profile.confirmed_at == MORNING


@pytest.fixture
def archived(second, edition_two, alice, nadia):
    """Answered until MORNING, and moved a day later."""
    state_profile(assessment=second, facts=Facts(stated={"serveurs": False}), by=alice, at=MORNING)
    answer(second, by=alice, ACH1="oui", ECO9="non")
    publish_edition(copy_edition(edition_two, edition="2028", by=nadia), by=nadia, at=TOMORROW)
    moved(second, alice)
    second.refresh_from_db()
    return second


def test_the_archive_asks_what_it_asked_whatever_becomes_of_the_collectivite(archived, level_two):
    before = Profile(level_two.kind, level_two.population, frozenset({"serveurs"}))

    level_two.kind, level_two.population = CollectiviteKind.CA, 90_000
    level_two.save()

    sheet = answer_sheet(Assessment.objects.get(pk=archived.pk))
    assert sheet.profile == before
    assert (sheet.score.index, sheet.progress.asked) == (archived.index, archived.asked)


def test_the_archive_speaks_of_the_day_of_its_last_answer(archived, alices):
    AssessmentFactory(
        questionnaire=archived.questionnaire,
        collectivite=archived.collectivite,
        level=archived.level,
        closed=True,
    )
    Assessment.objects.closed().update(closed_at=TOMORROW)

    html = alices.get(reverse("questions:results", args=[archived.pk])).content.decode()

    assert "Évaluation archivée, état du 24 novembre 2026" in html
    assert day_of(archived) == MORNING.date()
    assert results_of(archived).before is None


@pytest.mark.parametrize(
    "change",
    [
        lambda question: question.options.filter(code="b").update(label="Plus de 80 %"),
        lambda question: OptionFactory(question=question, code="c", points=3),
        lambda question: Question.objects.filter(pk=question.pk).update(maximum=80),
    ],
)
def test_an_answer_is_confirmed_again_when_its_options_or_bounds_are_others(
    commune, alice, nadia, change
):
    choice = {"code": "ACH1", "kind": "one_of", "options": {"a": 0, "b": 1}}
    edition = QuestionnaireFactory(content={"achats": [choice, "ACH2"]})
    assessment = open_assessment(collectivite=commune, by=alice, at=MORNING)
    answer(assessment, by=alice, ACH1="b", ACH2="oui")
    draft = copy_edition(edition, edition="2028", by=nadia)
    change(Question.objects.get(theme__questionnaire=draft, code="ACH1"))
    publish_edition(draft, by=nadia, at=TOMORROW)

    assert [question.code for question in move_of(assessment).to_confirm] == ["ACH1"]


def test_an_answer_stands_when_only_the_points_or_the_order_of_its_options_are_others(
    commune, alice, nadia
):
    choice = {"code": "ACH1", "kind": "one_of", "options": {"a": 0, "b": 1}}
    edition = QuestionnaireFactory(content={"achats": [choice]})
    assessment = open_assessment(collectivite=commune, by=alice, at=MORNING)
    answer(assessment, by=alice, ACH1="b")
    draft = copy_edition(edition, edition="2028", by=nadia)
    option = Question.objects.get(theme__questionnaire=draft).options.filter(code="b")
    option.update(points=5, sort_order=-1)
    publish_edition(draft, by=nadia, at=TOMORROW)

    assert move_of(assessment).to_confirm == []


def test_a_provisional_one_stays_hers_and_leaves_no_trace_in_the_journal(
    edition, next_edition, commune, paul
):
    mine = Assessment.objects.create(
        collectivite=commune, questionnaire=edition, level=1, provisional_for=paul
    )

    assert moved(mine, paul).provisional_for == paul
    assert not AuditEntry.objects.filter(action=AuditAction.EDITION_CHANGED).exists()


def test_there_is_nothing_to_go_to_while_the_edition_is_the_published_one(half_done, alice, alices):
    with pytest.raises(AlreadyThere):
        moved(half_done, alice)

    page = reverse("questions:change_edition", args=[half_done.pk])
    assert "déjà la dernière édition" in alices.post(page, follow=True).content.decode()


def test_a_closed_evaluation_stays_in_its_edition(half_done, next_edition, alice, alices):
    half_done.state, half_done.closed_at = AssessmentState.CLOSED, MORNING
    half_done.save()

    with pytest.raises(AssessmentClosed):
        moved(half_done, alice)
    page = reverse("questions:change_edition", args=[half_done.pk])
    assert alices.get(page).url == reverse("questions:results", args=[half_done.pk])


def test_the_dashboard_says_that_an_edition_was_published_and_the_page_does_it(
    alices, half_done, next_edition
):
    page = reverse("questions:change_edition", args=[half_done.pk])
    assert page in alices.get("/espace/").content.decode()

    answered = alices.post(page)

    new = Assessment.objects.get(questionnaire=next_edition)
    assert answered.url == reverse("questions:resume", args=[new.pk])
    assert page not in alices.get("/espace/").content.decode()


def test_the_dashboard_speaks_of_no_edition_while_none_follows_the_retired_one(
    alices, half_done, edition, second, edition_two
):
    for retired in (edition, edition_two):
        retired.state, retired.retired_at = EditionState.RETIRED, MORNING
        retired.save()

    assert "Une nouvelle édition" not in alices.get("/espace/").content.decode()

    QuestionnaireFactory(level=Level.TWO, edition="2029")
    html = alices.get("/espace/").content.decode()
    assert html.count("Une nouvelle édition du questionnaire est publiée") == 1
    assert reverse("questions:change_edition", args=[second.pk]) in html


@pytest.mark.parametrize("who", ["lea", "omar", "chloe"])
def test_who_does_not_answer_for_the_commune_moves_nothing(
    request, client_of, half_done, next_edition, who
):
    client = client_of(request.getfixturevalue(who))

    page = reverse("questions:change_edition", args=[half_done.pk])
    assert client.get(page).status_code == client.post(page).status_code == 404
