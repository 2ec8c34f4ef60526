"""The table: every question, filtered by the address, answered in place with or without the script."""

import pytest
from django.urls import reverse

from questions.enums import Level
from questions.models import Answer, Discussion, Mark, Question, Remark, Share
from questions.sheets import answer_sheet
from questions.tabling import FILTERS, PER_PAGE, TEAM_FILTERS, table_of
from questions.teamwork import teamwork_of
from tests.questions.factories import MORNING, AssessmentFactory, QuestionnaireFactory, answer

pytestmark = pytest.mark.django_db


def address(assessment, **asked) -> str:
    query = "&".join(f"{name}={text}" for name, text in asked.items())
    return reverse("questions:table", args=[assessment.pk]) + (f"?{query}" if query else "")


def asked_of(assessment, code) -> Question:
    return Question.objects.get(theme__questionnaire=assessment.questionnaire, code=code)


def table(assessment, reader=0, **asked):
    work = teamwork_of(assessment, today=MORNING.date())
    return table_of(answer_sheet(assessment), work, reader=reader, asked=asked)


def shown(assessment, **asked) -> list[str]:
    return [question.code for question in table(assessment, **asked).page]


def fields(assessment, code, version=0, **posted) -> dict:
    prefix = f"q{asked_of(assessment, code).pk}"
    return {f"{prefix}-version": version} | {f"{prefix}-{k}": v for k, v in posted.items()}


# --- What it shows


def test_one_theme_is_open_at_a_time_the_first_where_something_is_left(second, alice):
    assert shown(second) == ["ACH1"]
    assert shown(second, theme="donnees") == ["RES9", "ECO9"]

    answer(second, by=alice, ACH1="non")

    assert shown(second) == ["PAR8A", "PAR2A"]
    folded = {s.theme.code: (len(s.questions), s.answered, s.asked) for s in table(second).sections}
    assert folded == {"achats": (0, 1, 1), "parc": (2, 0, 2), "donnees": (0, 0, 2)}


def test_a_filter_keeps_questions_of_all_themes_or_of_one(second, alice, bob):
    answer(second, by=alice, ACH1="oui", RES9="nsp")
    Answer.objects.filter(question__code="ACH1").update(comment="Voir la facture", to_confirm=True)
    Answer.objects.create(
        assessment=second, question=asked_of(second, "PAR8A"), state="answered", number=4_000
    )
    Mark.objects.create(assessment=second, question=asked_of(second, "ECO9"), marked_by=alice)
    talk = Discussion.objects.create(assessment=second, question=asked_of(second, "PAR2A"))
    Remark.objects.create(discussion=talk, author=alice, text="Qui sait ?")
    Share.objects.create(assessment=second, theme=asked_of(second, "RES9").theme, person=bob)
    Share.objects.create(assessment=second, question=asked_of(second, "ECO9"), person=alice)

    kept = {name: shown(second, etat=name, reader=bob.pk) for name in FILTERS | TEAM_FILTERS}

    assert kept == {
        "sans-reponse": ["ACH1B", "PAR2A", "ECO9"],
        "a-confirmer": ["ACH1"],
        "ne-sait-pas": ["RES9"],
        "a-verifier": ["PAR8A"],
        "commentees": ["ACH1", "PAR2A"],
        "a-moi": ["RES9"],
        "a-revoir": ["ECO9"],
    }
    assert shown(second, etat="sans-reponse", theme="donnees") == ["ECO9"]


def test_an_address_that_makes_no_sense_shows_everything(second):
    assert shown(second, etat="nimporte", theme="ailleurs", page="x") == shown(second)


def test_level_one_has_no_filter_of_a_team(assessment):
    only = table_of(answer_sheet(assessment), None, reader=0, asked={"etat": "a-moi"})

    assert set(only.filters) == set(FILTERS)
    assert only.kept == ""


def test_a_long_list_is_in_pages(commune, alices):
    codes = [f"PAR{n}" for n in range(PER_PAGE + 5)]
    edition = QuestionnaireFactory(level=Level.TWO, content={"parc": codes})
    long = AssessmentFactory(questionnaire=edition, collectivite=commune, level=Level.TWO)

    assert len(shown(long)) == PER_PAGE
    assert len(shown(long, page="2")) == 5
    assert "?theme=parc&amp;page=2" in alices.get(address(long)).content.decode()
    assert "Page suivante" in alices.get(address(long)).content.decode()


# --- Answering in place


def test_without_the_script_a_button_saves_the_rows_of_the_page(alices, second):
    data = fields(second, "PAR8A", value="environ 12") | fields(
        second, "PAR2A", value="6", state="valeur", comment="Inventaire."
    )

    answered = alices.post(address(second, theme="parc"), data)

    assert answered.url == address(second, theme="parc")
    rows = {row.question.code: (row.number, row.comment) for row in Answer.objects.all()}
    assert rows == {"PAR8A": (12, ""), "PAR2A": (6, "Inventaire.")}


def test_the_button_says_that_it_confirms_the_rows_that_wait(alices, alice, second):
    answer(second, by=alice, ACH1="non")
    button = 'type="submit">{}</button>'.format
    before = alices.get(address(second, theme="achats")).content.decode()

    Answer.objects.update(to_confirm=True)

    for asked in ({"theme": "achats"}, {"etat": "a-confirmer"}):
        page = alices.get(address(second, **asked)).content.decode()
        assert button("Confirmer et enregistrer") in page
        assert button("Enregistrer") not in page
    assert button("Enregistrer") in before


def test_what_is_wrong_stays_on_the_page_and_the_rest_is_saved(alices, second):
    data = fields(second, "PAR8A", value="douze") | fields(second, "PAR2A", value="6")

    page = alices.post(address(second, theme="parc"), data)

    assert page.status_code == 422
    assert 'value="douze"' in page.content.decode()
    assert page.content.decode().count("par exemple 12") == 2  # above, and in its row
    assert [row.question.code for row in Answer.objects.all()] == ["PAR2A"]


def test_a_row_that_somebody_moved_out_of_the_filter_is_saved_or_shown_all_the_same(
    alices, bob, second
):
    answer(second, by=bob, ACH1="non")
    data = fields(second, "ACH1", version=0, state="oui")

    page = alices.post(address(second, etat="sans-reponse"), data)

    assert page.status_code == 200
    assert "Garder ma réponse" in page.content.decode()
    assert Answer.objects.get().choice == "non"

    alices.post(address(second), fields(second, "ACH1", version=1, state="oui"))
    assert Answer.objects.get().choice == "oui"


def test_a_comment_that_is_there_is_kept_by_the_row(alices, alice, second):
    answer(second, by=alice, ACH1="non")
    Answer.objects.update(comment="Depuis 2024 & après")

    page = alices.get(address(second, theme="achats")).content.decode()
    assert "Depuis 2024 &amp; après</textarea>" in page


def test_the_script_saves_at_the_same_address_as_step_by_step_and_gets_no_explanation(
    alices, second
):
    asked = asked_of(second, "ACH1")
    page = alices.get(address(second)).content.decode()
    saving = reverse("questions:answer", args=[second.pk, asked.pk]) + "?tableau"
    assert f'data-question="{saving}"' in page

    told = alices.post(saving, fields(second, "ACH1", state="non")).json()

    assert (told["version"], told["explanation"]) == (1, "")
    assert "1 sur 5" in told["progress"]
    assert "stepper" not in told["progress"]


def test_a_closed_evaluation_is_read_and_refuses_with_a_sentence(alices, second):
    second.state, second.closed_at = "closed", MORNING
    second.save()

    assert "Enregistrer" not in alices.get(address(second)).content.decode()
    answered = alices.post(address(second), fields(second, "ACH1", state="oui"), follow=True)
    assert "ses réponses ne changent plus" in answered.content.decode()


def test_a_reader_reads_and_who_is_elsewhere_sees_nothing(client_of, lea, chloe, second):
    reads = client_of(lea)

    assert "pas encore de réponse" in reads.get(address(second)).content.decode()
    assert reads.post(address(second), fields(second, "ACH1", state="oui")).status_code == 404
    assert client_of(chloe).get(address(second)).status_code == 404
    assert reads.put(address(second)).status_code == 405


def test_the_ways_to_answer_lead_to_each_other(alices, second):
    guided = alices.get(reverse("questions:theme", args=[second.pk, "achats"])).content.decode()

    assert f'href="{address(second)}"' in guided
    assert "?profil=plus-tard" in alices.get(address(second)).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_a_page_asks_the_same_of_the_database_whatever_its_rows(
    commune, alices, alice, bob, django_assert_max_num_queries, count
):
    codes = [f"PAR{n}" for n in range(count)]
    edition = QuestionnaireFactory(level=Level.TWO, content={"parc": codes})
    some = AssessmentFactory(questionnaire=edition, collectivite=commune, level=Level.TWO)
    answer(some, by=alice, **dict.fromkeys(codes, "non"))
    for code in codes:
        question = asked_of(some, code)
        talk = Discussion.objects.create(assessment=some, question=question)
        Remark.objects.create(discussion=talk, author=alice, text="Oui")
        Share.objects.create(assessment=some, question=question, person=bob)

    with django_assert_max_num_queries(18):
        alices.get(address(some))


def test_what_is_typed_for_a_question_that_somebody_else_hid_meanwhile_is_kept(second, bob, alices):
    """ACH1B was on her page: it is asked after « oui » to ACH1."""
    answer(second, by=bob, ACH1="non")
    data = fields(second, "ACH1B", state="non", comment="À revoir.")

    response = alices.post(address(second, theme="achats"), data, follow=True)

    kept = Answer.objects.get(question__code="ACH1B")
    assert (kept.choice, kept.comment) == ("non", "À revoir.")
    assert "Vos réponses sont enregistrées." in response.content.decode()
