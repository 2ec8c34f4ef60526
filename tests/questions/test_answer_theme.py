"""The page of a theme: with the script, and without it."""

import re

import pytest
from django.urls import reverse

from questions.enums import AssessmentState
from questions.models import Answer, Question
from tests.questions.factories import (
    MORNING,
    AssessmentFactory,
    MeasureFactory,
    QuestionFactory,
    QuestionnaireFactory,
    answer,
)


def question(code: str) -> Question:
    return Question.objects.get(code=code)


def page(assessment, theme="achats") -> str:
    return reverse("questions:theme", args=[assessment.pk, theme])


def saving(assessment, code: str) -> str:
    return reverse("questions:answer", args=[assessment.pk, question(code).pk])


def posted(go="", **answers) -> dict:
    """Return what the form posts: `posted(ACH1="oui", ACH1_version=1)`."""
    data = {"go": go}
    for name, text in answers.items():
        code, _, field = name.partition("_")
        data[f"q{question(code).pk}-{field or 'state'}"] = text
    return data


def choice(code: str) -> str:
    return Answer.objects.get(question__code=code).choice


def elements(html: str) -> int:
    return len(re.findall(r"<[a-z]", html))


# --- With the button of the page


def test_a_page_is_saved_and_the_next_theme_follows(assessment, alices):
    response = alices.post(page(assessment), posted("next", ACH1="oui", ACH2="oui"))

    assert response.url == page(assessment, "parc")
    assert (choice("ACH1"), choice("ACH2")) == ("oui", "oui")


def test_only_what_was_answered_is_saved(assessment, alices):
    alices.post(page(assessment), posted(ACH1="oui", ACH2_version=0))

    assert [row.question.code for row in Answer.objects.select_related("question")] == ["ACH1"]


def test_the_other_button_stays(assessment, alices):
    response = alices.post(page(assessment), posted(ACH1="oui"), follow=True)

    assert response.request["PATH_INFO"] == page(assessment)
    assert "Vos réponses sont enregistrées." in response.content.decode()


def test_nothing_new_to_save_is_said(assessment, alices):
    alices.post(page(assessment), posted(ACH1="oui"))
    response = alices.post(page(assessment), posted(ACH1="oui", ACH1_version=1), follow=True)

    assert "Rien de nouveau à enregistrer sur cette page." in response.content.decode()


def test_a_non_is_explained_before_going_on(assessment, alices):
    response = alices.post(page(assessment), posted("next", ACH1="non", ACH2="oui"), follow=True)

    html = response.content.decode()
    assert response.request["PATH_INFO"] == page(assessment)
    assert "Le principe de la mesure." in html
    assert html.count("data-explanation") == 1


def test_after_the_last_theme_comes_closing(assessment, alice, alices):
    answer(assessment, by=alice, ACH1="oui", ACH2="oui")

    response = alices.post(page(assessment, "parc"), posted("next", PAR1="oui"))

    assert response.url == reverse("questions:close", args=[assessment.pk])


def test_a_question_left_in_the_last_theme_is_pointed_at(assessment, alice, alices):
    answer(assessment, by=alice, PAR1="oui")

    response = alices.post(page(assessment), posted("next", ACH1="oui"))

    assert response.url == f"{page(assessment)}#q{question('ACH2').pk}"
    html = alices.get(page(assessment)).content.decode()
    assert "Ce thème n’est pas terminé\u00a0: 1 sans réponse." in html


def test_an_error_keeps_what_was_typed_and_saves_the_rest(assessment, alices):
    data = posted(ACH1_comment="Je ne sais pas <encore> 🌿", ACH2="oui")

    response = alices.post(page(assessment), data)

    html = response.content.decode()
    assert response.status_code == 422
    assert "Je ne sais pas &lt;encore&gt; 🌿" in html
    assert "Choisissez aussi une réponse" in html
    assert "<title>Erreur – Achats" in html
    assert choice("ACH2") == "oui"
    assert Answer.objects.count() == 1


def test_two_answers_are_both_shown_and_one_is_chosen(assessment, bob, alices):
    answer(assessment, by=bob, ACH1="oui")

    response = alices.post(page(assessment), posted(ACH1="non", ACH1_version=0, ACH2="oui"))

    html = response.content.decode()
    assert "Bob Martin a enregistré «\u00a0Oui\u00a0»" in html
    assert "Votre réponse «\u00a0Non\u00a0» n’est pas enregistrée" in html
    assert (choice("ACH1"), choice("ACH2")) == ("oui", "oui")
    pk = question("ACH1").pk
    assert re.search(rf'name="q{pk}-version" value="1"', html)
    assert re.search(rf'name="q{pk}-state" value="non" checked', html)


def test_what_the_page_left_blank_and_somebody_else_answered_holds_nobody_up(
    assessment, bob, alices
):
    answer(assessment, by=bob, ACH1="non")

    data = posted("next", ACH1_version=0, ACH1_comment="", ACH2="oui", ACH2_version=0)
    response = alices.post(page(assessment), data)

    assert response.url == page(assessment, "parc")
    assert (choice("ACH1"), choice("ACH2")) == ("non", "oui")


def test_keeping_mine_saves_over_the_version_now_shown(assessment, bob, alices):
    answer(assessment, by=bob, ACH1="oui")
    alices.post(page(assessment), posted(ACH1="non", ACH1_version=0))

    alices.post(page(assessment), posted(ACH1="non", ACH1_version=1))

    assert choice("ACH1") == "non"


def test_keeping_theirs_leaves_it_and_saves_the_rest(assessment, bob, alices):
    answer(assessment, by=bob, ACH1="oui")

    data = posted(ACH1="non", ACH1_version=1, ACH2="oui") | {"theirs": question("ACH1").pk}
    alices.post(page(assessment), data)

    assert (choice("ACH1"), choice("ACH2")) == ("oui", "oui")


def test_the_back_button_brings_no_false_conflict(assessment, alice, bob, alices):
    """The page of the morning is sent whole after Bob changed one of its answers."""
    answer(assessment, by=alice, ACH1="oui")
    answer(assessment, by=bob, ACH1="non")

    response = alices.post(page(assessment), posted(ACH1="oui", ACH1_version=1, ACH2="oui"))

    assert response.status_code == 302
    assert (choice("ACH1"), choice("ACH2")) == ("non", "oui")


def test_sending_twice_changes_nothing_the_second_time(assessment, alices):
    for _ in range(2):
        alices.post(page(assessment), posted(ACH1="oui", ACH1_version=0))

    assert Answer.objects.get().version == 1


def test_carried_answers_are_confirmed_by_the_page(assessment, alice, alices):
    answer(assessment, by=alice, ACH1="oui", ACH2="oui")
    Answer.objects.update(to_confirm=True)
    assert "Confirmer et continuer" in alices.get(page(assessment)).content.decode()

    alices.post(page(assessment), posted(ACH1="oui", ACH1_version=1, ACH2="oui", ACH2_version=1))

    assert not Answer.objects.filter(to_confirm=True).exists()


def test_a_comment_is_kept_and_shown_escaped(assessment, alices):
    text = "<script>alert(1)</script> & “é” 🌿\n" + "x" * 9_900

    alices.post(page(assessment), posted(ACH1="oui", ACH1_comment=text))

    assert Answer.objects.get().comment == text
    html = alices.get(page(assessment)).content.decode()
    assert "&lt;script&gt;alert(1)" in html
    assert "<script>alert" not in html


def test_a_question_that_appears_is_shown_before_going_on(commune, alices):
    edition = QuestionnaireFactory(
        content={
            "achats": [
                "ACH1",
                {"code": "ACH2", "condition_code": "ACH1", "condition_answers": "oui"},
            ]
        }
    )
    assessment = AssessmentFactory(questionnaire=edition, collectivite=commune)
    assert "Question ACH2" not in alices.get(page(assessment)).content.decode()

    response = alices.post(page(assessment), posted("next", ACH1="oui"), follow=True)

    assert "Question ACH2" in response.content.decode()


@pytest.fixture
def depending(commune):
    """ACH2 and the theme of PAR1 are asked after « oui » to ACH1."""
    after = {"condition_code": "ACH1", "condition_answers": "oui"}
    edition = QuestionnaireFactory(
        content={
            "achats": ["ACH1", {"code": "ACH2", **after}, "ACH3"],
            "parc": [{"code": "PAR1", **after}],
        }
    )
    return AssessmentFactory(questionnaire=edition, collectivite=commune)


def test_what_was_given_to_a_question_that_somebody_else_hid_is_kept(depending, bob, alices):
    answer(depending, by=bob, ACH1="non")

    data = posted(ACH1="oui", ACH1_version=0, ACH2="oui", ACH2_version=0, ACH3="oui")
    html = alices.post(page(depending), data).content.decode()

    assert "Deux réponses différentes" in html
    assert (choice("ACH1"), choice("ACH2"), choice("ACH3")) == ("non", "oui", "oui")


def test_what_is_wrong_in_a_question_that_somebody_else_hid_stays_on_the_page(
    depending, bob, alices
):
    answer(depending, by=bob, ACH1="non")

    data = posted(ACH2_version=0, ACH2_comment="À voir avec Bob", ACH3="oui")
    response = alices.post(page(depending), data)

    assert response.status_code == 422
    assert "À voir avec Bob" in response.content.decode()
    assert choice("ACH3") == "oui"


@pytest.mark.parametrize("go", ["", "next"])
def test_a_page_whose_theme_somebody_else_hid_is_saved_and_leads_on(depending, bob, alices, go):
    answer(depending, by=bob, ACH1="non")
    assert alices.get(page(depending, "parc")).status_code == 404

    response = alices.post(page(depending, "parc"), posted(go, PAR1="non"), follow=True)

    assert response.status_code == 200
    assert response.request["PATH_INFO"] == page(depending)
    assert choice("PAR1") == "non"


def test_a_closed_assessment_says_so_and_changes_nothing(assessment, alices):
    assessment.state, assessment.closed_at = AssessmentState.CLOSED, MORNING
    assessment.save()

    response = alices.post(page(assessment), posted(ACH1="oui"), follow=True)

    assert "ses réponses ne changent plus" in response.content.decode()
    assert Answer.objects.count() == 0


def test_the_pages_of_a_commune_that_merged_are_read_and_say_why_they_do_not_change(
    assessment, commune, alices
):
    commune.retired_at = MORNING.date()
    commune.save()

    resumed = alices.get(reverse("questions:resume", args=[assessment.pk]), follow=True)
    response = alices.post(page(assessment), posted(ACH1="oui"), follow=True)

    for shown in (resumed, response):
        assert "Cette collectivité n’existe plus" in shown.content.decode()
        assert "Continuer à répondre" not in shown.content.decode()
    assert "<fieldset" not in alices.get(page(assessment)).content.decode()
    assert Answer.objects.count() == 0


# --- With the script


def test_one_answer_is_saved_and_the_script_told_what_to_show(assessment, alices):
    response = alices.post(saving(assessment, "ACH1"), posted(ACH1="oui", ACH2="non"))

    told = response.json()
    assert (told["version"], told["explanation"], told["reload"]) == (1, "", False)
    assert "1 sur 3" in told["progress"]
    assert [row.question.code for row in Answer.objects.select_related("question")] == ["ACH1"]


def test_a_non_comes_back_with_its_explanation(commune, alices):
    question = QuestionFactory(
        code="ACH1", measures=[MeasureFactory(title="Garder plus longtemps")]
    )
    assessment = AssessmentFactory(questionnaire=question.theme.questionnaire, collectivite=commune)

    told = alices.post(saving(assessment, "ACH1"), posted(ACH1="non")).json()

    assert "Le principe de la mesure." in told["explanation"]
    assert "Garder plus longtemps" in told["explanation"]


def test_the_script_is_told_of_a_conflict_with_both_values(assessment, bob, alices):
    answer(assessment, by=bob, ACH1="oui")

    response = alices.post(saving(assessment, "ACH1"), posted(ACH1="non", ACH1_version=0))

    told = response.json()
    assert (response.status_code, told["version"]) == (409, 1)
    assert "Bob Martin a enregistré «\u00a0Oui\u00a0»" in told["conflict"]
    assert "«\u00a0Non\u00a0»" in told["conflict"]
    assert choice("ACH1") == "oui"


@pytest.mark.parametrize(
    ("data", "word"),
    [
        ({"ACH1": "peut-être"}, "proposées"),
        ({"ACH1_comment": "x"}, "Choisissez aussi"),
        ({}, "Donnez"),
    ],
)
def test_the_script_is_told_what_is_wrong(assessment, alices, data, word):
    response = alices.post(saving(assessment, "ACH1"), posted(**data))

    assert response.status_code == 422
    assert word in response.json()["error"]
    assert Answer.objects.count() == 0


def test_the_script_is_told_that_the_assessment_was_closed(assessment, alices):
    assessment.state, assessment.closed_at = AssessmentState.CLOSED, MORNING
    assessment.save()

    response = alices.post(saving(assessment, "ACH1"), posted(ACH1="oui"))

    assert response.status_code == 409
    assert "clôturée" in response.json()["error"]


def test_an_answer_is_only_posted(assessment, alices):
    assert alices.get(saving(assessment, "ACH1")).status_code == 405


# --- The page itself


@pytest.mark.parametrize("who", ["lea", "omar", "nadia"])
def test_who_reads_gets_the_answers_and_no_form(request, assessment, alice, client_of, who):
    answer(assessment, by=alice, ACH1="non")

    html = client_of(request.getfixturevalue(who)).get(page(assessment)).content.decode()

    assert "Réponse\u00a0: <strong>Non</strong>" in html
    assert "<fieldset" not in html
    assert "answer.js" not in html


def test_an_obligation_is_shown_to_those_it_binds(commune, alices):
    duty = {"obligation": "Une stratégie est due.", "obligation_min_population": 849}
    edition = QuestionnaireFactory(content={"achats": [{"code": "ACH1", **duty}]})
    assessment = AssessmentFactory(questionnaire=edition, collectivite=commune)
    binding = alices.post(saving(assessment, "ACH1"), posted(ACH1="non")).json()["explanation"]

    commune.population = 849
    commune.save()
    free = alices.get(
        reverse("questions:explain", args=[assessment.pk, question("ACH1").pk])
    ).content.decode()

    assert "Une stratégie est due." in binding
    assert "Une stratégie est due." not in free


def test_an_explanation_is_a_page_or_a_fragment(assessment, alice, alices):
    answer(assessment, by=alice, ACH1="non")
    address = reverse("questions:explain", args=[assessment.pk, question("ACH1").pk])

    whole, fragment = alices.get(address), alices.get(f"{address}?fragment")

    assert "<h1>Question ACH1 ?</h1>" in whole.content.decode()
    assert "−20,0 sur 100" in whole.content.decode()
    assert fragment.content.decode().lstrip().startswith("<div data-explanation")


def test_an_unknown_theme_does_not_exist(assessment, alices):
    assert alices.get(page(assessment, "inconnu")).status_code == 404


def test_a_session_that_ended_comes_back_to_the_theme_with_its_answers(assessment, alice, alices):
    alices.post(page(assessment), posted(ACH1="oui"))
    alices.logout()

    refused = alices.post(
        page(assessment),
        posted(ACH2="oui"),
        headers={"referer": f"http://testserver{page(assessment)}"},
    )
    login = alices.post(
        refused.url, {"login": alice.email, "password": "sept-peupliers-bleus"}, follow=True
    )

    assert refused.url.endswith(f"?next={page(assessment)}")
    assert login.request["PATH_INFO"] == page(assessment)
    assert 'value="oui" checked' in login.content.decode()


def test_resuming_goes_to_the_first_question_that_waits(assessment, alice, alices):
    answer(assessment, by=alice, ACH1="oui")

    response = alices.get(reverse("questions:resume", args=[assessment.pk]))

    assert response.url == f"{page(assessment)}#q{question('ACH2').pk}"


def test_what_is_not_known_is_listed_to_come_back_to(assessment, alice, alices):
    address = reverse("questions:unknown", args=[assessment.pk])
    assert "Rien à revoir" in alices.get(address).content.decode()

    answer(assessment, by=alice, ACH2="nsp")

    html = alices.get(address).content.decode()
    assert f"{page(assessment)}#q{question('ACH2').pk}" in html
    assert "Question ACH1" not in html


@pytest.mark.parametrize("count", [1, 3])
def test_a_theme_page_costs_the_same_whatever_its_questions(
    commune, alice, alices, django_assert_max_num_queries, count
):
    codes = [f"ACH{n}" for n in range(count)]
    edition = QuestionnaireFactory(content={"achats": codes, "parc": ["PAR1"]})
    assessment = AssessmentFactory(questionnaire=edition, collectivite=commune)
    answer(assessment, by=alice, **dict.fromkeys(codes, "non"))

    with django_assert_max_num_queries(11):
        alices.get(page(assessment))


def test_a_theme_of_seven_non_stays_light(commune, alice, alices):
    edition = QuestionnaireFactory(
        content={
            "parc": [{"code": f"PAR{n}", "allows_not_applicable": n > 4} for n in range(7)],
            **{f"theme-{n}": [f"X{n}"] for n in range(6)},
        }
    )
    assessment = AssessmentFactory(questionnaire=edition, collectivite=commune)
    answer(assessment, by=alice, **{f"PAR{n}": "non" for n in range(7)})

    html = alices.get(page(assessment, "parc")).content.decode()

    assert elements(html) <= 290


# --- A long theme comes in parts


@pytest.fixture
def long_theme(commune):
    edition = QuestionnaireFactory(content={"parc": [f"PAR{n}" for n in range(1, 11)]})
    return AssessmentFactory(collectivite=commune, questionnaire=edition)


def asked(response) -> list[str]:
    return [row.question.code for row in response.context["rows"]]


def test_a_long_theme_is_asked_in_parts_of_the_same_length(long_theme, alices):
    first = alices.get(page(long_theme, "parc"))
    second = alices.get(page(long_theme, "parc") + "?partie=2")

    assert asked(first) == ["PAR1", "PAR2", "PAR3", "PAR4", "PAR5"]
    assert asked(second) == ["PAR6", "PAR7", "PAR8", "PAR9", "PAR10"]
    assert "Partie 2" in first.content.decode()


@pytest.mark.parametrize("typed", ["0", "9", "deux", "-1", "99999999"])
def test_a_part_that_is_not_there_shows_another(typed, long_theme, alices):
    assert alices.get(page(long_theme, "parc") + f"?partie={typed}").status_code == 200


def test_the_next_part_follows_then_the_next_theme(long_theme, alices):
    first = alices.post(page(long_theme, "parc"), posted("next", PAR1="oui"))
    last = alices.post(page(long_theme, "parc") + "?partie=2", posted("next", PAR6="oui"))

    assert first.url == page(long_theme, "parc") + "?partie=2"
    assert last.url.startswith(page(long_theme, "parc") + "#q")  # the only theme: what is left


def test_what_a_page_posts_is_saved_whatever_the_part_has_become(long_theme, alices):
    alices.post(page(long_theme, "parc") + "?partie=1", posted(PAR9="oui"))

    assert choice("PAR9") == "oui"
