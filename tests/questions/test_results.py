"""The dashboard, the results, the life of an assessment on the screens."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from config.templatetags.presentation import day
from questions.closing import close_assessment
from questions.enums import AssessmentState, Priority
from questions.models import Assessment, Measure, Question
from questions.opening import open_assessment, reopen_assessment
from questions.results import results_of
from tests.questions.factories import (
    MORNING,
    AssessmentFactory,
    MeasureFactory,
    QuestionnaireFactory,
    answer,
)

DASHBOARD = "/espace/"
NEXT_YEAR = MORNING + timedelta(days=365)


def address(name: str, assessment) -> str:
    return reverse(f"questions:{name}", args=[assessment.pk])


def elements(html: str) -> int:
    return len(re.findall(r"<[a-z]", html))


def shown(client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def closed(edition, commune, alice):
    assessment = open_assessment(collectivite=commune, by=alice, at=MORNING)
    answer(assessment, by=alice, ACH1="oui", ACH2="non", PAR1="nsp")
    return close_assessment(assessment=assessment, by=alice, at=MORNING)


def link(code: str, measure: Measure) -> None:
    Question.measures.through.objects.create(
        question=Question.objects.get(code=code), measure=measure
    )


# --- Results


def test_results_say_what_each_answer_costs_the_costliest_first(assessment, alice):
    answer(assessment, by=alice, ACH1="non", ACH2="non", PAR1="nsp")

    results = results_of(Assessment.objects.get())

    assert [(loss.question.code, loss.points) for loss in results.losses] == [
        ("ACH2", 60),
        ("ACH1", 20),
    ]
    assert [question.code for question in results.unknown] == ["PAR1"]


def test_measures_come_from_what_is_lost_alone(assessment, alice):
    link("ACH1", MeasureFactory(code="M-OUI"))
    link("ACH2", MeasureFactory(code="M-NON"))
    link("ACH2", MeasureFactory(code="M-FIRST", priority=Priority.HIGH))
    link("ACH2", MeasureFactory(code="M-DRAFT", live=False))
    link("PAR1", MeasureFactory(code="M-NSP"))
    answer(assessment, by=alice, ACH1="oui", ACH2="non", PAR1="nsp")

    results = results_of(Assessment.objects.get())

    assert [proposal.measure.code for proposal in results.proposals] == ["M-FIRST", "M-NON"]


def test_six_measures_are_shown(assessment, alice):
    for _ in range(7):
        link("ACH1", MeasureFactory())
    answer(assessment, by=alice, ACH1="non")

    results = results_of(Assessment.objects.get())

    assert (len(results.proposals), len(results.all_proposals)) == (6, 7)


def test_what_moved_since_the_last_time_is_said(closed, alice, alices):
    again = reopen_assessment(assessment=closed, by=alice, at=NEXT_YEAR)
    answer(again, by=alice, at=NEXT_YEAR, ACH1="non", ACH2="oui")
    again.refresh_from_db()

    results = results_of(again)

    assert (results.before, results.delta) == (closed, 40)
    assert [(c.question.code, c.before, c.now, c.better) for c in results.changes] == [
        ("ACH1", "Oui", "Non", False),
        ("ACH2", "Non", "Oui", True),
    ]
    assert results.trend == [
        {"label": "nov. 2026", "value": 20},
        {"label": "nov. 2027", "value": 60},
    ]
    assert [(row.theme.code, row.value, row.before) for row in results.themes] == [
        ("achats", 75, 25),
        ("parc", 0, 0),
    ]
    for name in ("results", "evolution"):
        html = shown(alices, address(name, again))
        assert "<strong>+40</strong> points depuis le 24 novembre 2026 (20 sur 100)" in html
    assert "Question ACH1 ? Oui → <strong>Non</strong> (recul)" in html
    assert "Question ACH2 ? Non → <strong>Oui</strong> (progrès)" in html


def test_a_past_assessment_is_compared_with_what_came_before_it(closed, commune, edition, alice):
    AssessmentFactory(
        questionnaire=edition, collectivite=commune, closed=True, closed_at=NEXT_YEAR, index=90
    )

    assert results_of(Assessment.objects.get(pk=closed.pk)).before is None


def test_a_stored_figure_is_shown_as_it_was_stored(closed, alices):
    Assessment.objects.update(index=47, formula_version=0)

    assert "<strong>47</strong>" in shown(alices, address("results", closed))


def test_an_index_is_provisional_until_all_is_answered(assessment, alice, alices):
    answer(assessment, by=alice, ACH1="oui", ACH2="oui")
    assert ">provisoire<" in shown(alices, address("results", assessment))

    answer(assessment, by=alice, PAR1="nsp")

    assert ">provisoire<" not in shown(alices, address("results", assessment))


def test_without_answer_there_is_no_index_and_a_way_to_begin(assessment, alices):
    html = shown(alices, address("results", assessment))

    assert "Pas encore d’indice" in html
    assert address("resume", assessment) in html


def test_long_lists_are_cut_and_can_be_seen_whole(commune, alice, alices):
    codes = [f"ACH{n}" for n in range(12)]
    edition = QuestionnaireFactory(content={"achats": codes})
    assessment = AssessmentFactory(questionnaire=edition, collectivite=commune)
    answer(assessment, by=alice, **dict.fromkeys(codes, "non"))

    short, whole = (shown(alices, address("results", assessment) + tail) for tail in ("", "?tout"))

    assert "Voir 2 autres" in short
    assert (short.count("Question ACH"), whole.count("Question ACH")) == (10, 12)


def test_the_printed_page_bears_the_name_and_the_date(closed, alices):
    html = shown(alices, address("results", closed))

    assert "print-foot" in html
    assert "Sobriété numérique\u00a0: Valmont-sur-Claire" in html


def test_a_first_evaluation_has_nothing_to_compare(closed, alices):
    assert "Rien à comparer encore" in shown(alices, address("evolution", closed))


# --- Dashboard


def test_who_is_nowhere_is_shown_how_to_join(lone, client_of):
    assert reverse("territories:join") in shown(client_of(lone), DASHBOARD)


def test_a_new_member_is_invited_to_begin(edition, alices):
    html = shown(alices, DASHBOARD)

    assert "Commencer l’évaluation" in html
    assert f'action="{reverse("questions:begin")}"' in html


def test_beginning_leads_to_the_first_question(edition, commune, alices):
    response = alices.post(reverse("questions:begin"), follow=True)

    first = Question.objects.get(code="ACH1")
    assessment = Assessment.objects.get()
    assert response.redirect_chain[-1][0] == (
        reverse("questions:theme", args=[assessment.pk, "achats"]) + f"#q{first.pk}"
    )


def test_beginning_is_only_posted_and_only_with_a_collectivite(edition, lone, alices, client_of):
    assert alices.get(reverse("questions:begin")).status_code == 405
    assert client_of(lone).post(reverse("questions:begin")).status_code == 404


def test_beginning_without_a_questionnaire_says_so(alices):
    html = alices.post(reverse("questions:begin"), follow=True).content.decode()

    assert "pas encore publié" in html


def test_the_dashboard_says_how_far_and_what_comes_next(assessment, alice, alices):
    answer(assessment, by=alice, ACH1="non", ACH2="oui")

    html = shown(alices, DASHBOARD)

    assert "<strong>2 sur 3</strong>" in html
    assert "Continuer à répondre" in html
    assert "Alice Martin (référent)" in html


def test_a_complete_one_leads_to_closing(assessment, alice, alices):
    answer(assessment, by=alice, ACH1="oui", ACH2="oui", PAR1="oui")

    assert "Clôturer l’évaluation" in shown(alices, DASHBOARD)


def test_a_closed_one_leads_to_the_next(closed, alices):
    html = shown(alices, DASHBOARD)

    assert address("reopen", closed) in html
    assert "<strong>20</strong>" in html


def test_a_closed_one_whose_next_is_open_leads_to_it(closed, commune, alice, alices):
    results = address("results", closed)
    before = shown(alices, results)
    following = reopen_assessment(assessment=closed, by=alice, at=NEXT_YEAR)

    after = shown(alices, results)

    assert address("reopen", closed) in before
    assert "Continuer l’évaluation en cours" not in before
    assert address("reopen", closed) not in after
    assert f'href="{address("resume", following)}">Continuer l’évaluation en cours' in after


@pytest.mark.parametrize("page", ["theme", "table", "unknown"])
def test_a_closed_one_says_on_each_page_when_it_was_closed(page, closed, alice, alices):
    following = reopen_assessment(assessment=closed, by=alice, at=NEXT_YEAR)
    more = ["achats"] if page == "theme" else []
    says = f"Évaluation clôturée le {day(closed.closed_at)}"
    still_to_do = "tant que vous n’avez pas vérifié"

    of_closed, of_open = (
        shown(alices, reverse(f"questions:{page}", args=[one.pk, *more]))
        for one in (closed, following)
    )

    assert says in of_closed
    assert still_to_do not in of_closed
    assert says not in of_open
    assert (still_to_do in of_open) == (page == "unknown")


def test_a_reader_has_no_button_to_answer(assessment, alice, lea, client_of):
    answer(assessment, by=alice, ACH1="oui")

    html = shown(client_of(lea), DASHBOARD)

    assert "Continuer à répondre" not in html
    assert address("results", assessment) in html


def test_who_waits_sees_hers_and_nothing_of_the_commune(closed, commune, alice, paul, client_of):
    client = client_of(paul)
    html = shown(client, DASHBOARD)
    assert "Votre rattachement est en attente" in html
    assert "Alice" not in html
    assert address("results", closed) not in html

    client.post(reverse("questions:begin"))

    mine = Assessment.objects.get(provisional_for=paul)
    assert address("resume", mine) in shown(client, DASHBOARD)


@pytest.mark.parametrize("who", ["omar", "nadia"])
def test_who_follows_collectivites_is_led_to_the_console(request, client_of, who):
    response = client_of(request.getfixturevalue(who)).get(DASHBOARD)

    assert response.url == reverse("supervision:home")


# --- Closing and opening again


def test_closing_shows_what_is_missing(assessment, alice, alices):
    answer(assessment, by=alice, ACH1="oui")

    html = shown(alices, address("close", assessment))

    assert "Question ACH2 ?" in html
    assert "Question ACH1 ?" not in html
    assert '<form class="cluster" method="post">' not in html


def test_closing_asks_then_closes(assessment, alice, alices):
    answer(assessment, by=alice, ACH1="oui", ACH2="oui", PAR1="oui")
    assert "Les réponses ne changeront plus" in shown(alices, address("close", assessment))

    response = alices.post(address("close", assessment))

    assert response.url == address("results", assessment)
    assessment.refresh_from_db()
    assert assessment.state == AssessmentState.CLOSED


def test_closing_too_early_or_twice_says_so(assessment, alice, alices):
    html = alices.post(address("close", assessment), follow=True).content.decode()
    assert "3 questions attendent encore une réponse" in html

    answer(assessment, by=alice, ACH1="oui", ACH2="oui", PAR1="oui")
    for _ in range(2):
        response = alices.post(address("close", assessment))
    assert response.url == address("results", assessment)


def test_a_provisional_one_is_not_closed(edition, commune, paul, client_of):
    provisional = AssessmentFactory(
        questionnaire=edition, collectivite=commune, provisional_for=paul
    )
    answer(provisional, by=paul, ACH1="oui", ACH2="oui", PAR1="oui")
    client = client_of(paul)

    html = client.post(address("close", provisional), follow=True).content.decode()

    assert "Cette évaluation est provisoire" in html
    provisional.refresh_from_db()
    assert provisional.is_open


def test_opening_again_leads_to_the_answers_to_confirm(closed, alices):
    response = alices.post(address("reopen", closed), follow=True)

    assert Assessment.objects.open().get().carried_from == closed
    assert "Reprise de l’évaluation précédente, à confirmer." in response.content.decode()


def test_an_open_one_is_not_opened_again(assessment, alices):
    html = alices.post(address("reopen", assessment), follow=True).content.decode()

    assert "encore en cours" in html
    assert Assessment.objects.count() == 1


def test_history_lists_every_assessment(closed, alice, alices, foreign_assessment):
    again = reopen_assessment(assessment=closed, by=alice, at=NEXT_YEAR)

    html = shown(alices, reverse("questions:history"))

    assert "0 sur 3 questions" in html
    assert address("results", closed) in html
    assert address("results", again) in html
    assert address("results", foreign_assessment) not in html


def test_history_without_collectivite_leads_to_the_dashboard(lone, client_of):
    assert client_of(lone).get(reverse("questions:history")).url == DASHBOARD


# --- Cost


@pytest.fixture(params=[1, 3])
def full(request, commune, alice):
    """A collectivité with `n` past assessments, and as many « non » and measures as there are questions."""
    themes = ["achats", "parc", "usages"][: request.param]
    QuestionnaireFactory(content={theme: [theme[:3].upper()] for theme in themes})
    codes = [theme[:3].upper() for theme in themes]
    for code in codes:
        link(code, MeasureFactory())
    for year in range(request.param):
        at = MORNING + timedelta(days=365 * year)
        last = open_assessment(collectivite=commune, by=alice, at=at)
        answer(last, by=alice, at=at, **dict.fromkeys(codes, "non" if year % 2 else "oui"))
        close_assessment(assessment=last, by=alice, at=at)
    current = open_assessment(collectivite=commune, by=alice, at=MORNING + timedelta(days=2000))
    answer(current, by=alice, **dict.fromkeys(codes, "non"))
    return current


def test_the_dashboard_costs_the_same(full, alices, django_assert_max_num_queries):

    with django_assert_max_num_queries(13):
        alices.get(DASHBOARD)


def test_the_results_cost_the_same(full, alices, django_assert_max_num_queries):

    with django_assert_max_num_queries(16):
        alices.get(address("results", full))


def test_evolution_costs_the_same(full, alices, django_assert_max_num_queries):
    with django_assert_max_num_queries(13):
        alices.get(address("evolution", full))


def test_history_costs_the_same(full, alices, django_assert_max_num_queries):

    with django_assert_max_num_queries(8):
        alices.get(reverse("questions:history"))


def test_results_and_dashboard_stay_light(commune, alice, alices):
    """Seven themes, thirty questions, all « non », six measures, compared with the time before."""
    edition = QuestionnaireFactory(
        content={f"theme-{t}": [f"Q{t}{n}" for n in range(5 if t < 2 else 4)] for t in range(7)}
    )
    codes = list(Question.objects.values_list("code", flat=True))
    assert len(codes) == 30
    for code in codes[:6]:
        link(code, MeasureFactory())
    first = open_assessment(collectivite=commune, by=alice, at=MORNING)
    answer(first, by=alice, **dict.fromkeys(codes, "non"))
    close_assessment(assessment=first, by=alice, at=MORNING)
    again = open_assessment(collectivite=commune, by=alice, at=NEXT_YEAR)
    answer(again, by=alice, **dict.fromkeys(codes, "non"))

    assert elements(shown(alices, DASHBOARD)) <= 290
    assert elements(shown(alices, address("results", again))) <= 290
    assert edition.themes.count() == 7
