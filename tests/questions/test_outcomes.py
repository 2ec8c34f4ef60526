"""The pages of key figures, footprint and obligations: what they show, and that nothing is missing in silence."""

import csv
import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook
from wagtail.models import Page

from questions import figures, obligations
from questions.enums import Level, QuestionKind
from questions.exports import workbook
from questions.footprint import QUESTIONS
from questions.loading import read_themes
from questions.models import Answer, Assessment, AssessmentProfile
from questions.outcomes import outcomes_of
from questions.results import results_of
from tests.questions.factories import (
    MORNING,
    AssessmentFactory,
    FactorSetFactory,
    QuestionnaireFactory,
    answer,
    answer_numbers,
)
from tests.territories.factories import CollectiviteFactory

PAGES = ("figures", "footprint", "obligations")


def asked(code: str, **traits) -> dict:
    return {"code": code, "kind": QuestionKind.NUMBER, "weight": 0, **traits}


PARC = [asked(code) for code in ("PAR8A", "PAR8B", "PAR8C", "PAR8D", "PAR8E", "PAR5A", "PAR5B")]
PARC.append(asked("PAR2A", condition_code="PAR8A", condition_answers="un"))
CONTENT = {
    "parc": [*PARC, "PAR6"],
    "achats": [asked("ACH2A", kind=QuestionKind.AMOUNT), "ACH3"],
    "reseaux-donnees": ["RES8"],
}


@pytest.fixture
def level_two(commune):
    """Of Alice's commune, with ten agents and no answer yet."""
    edition = QuestionnaireFactory(level=Level.TWO, content=CONTENT)
    assessment = AssessmentFactory(
        questionnaire=edition, collectivite=commune, level=Level.TWO, asked=12, index=40
    )
    facts = {"site_web": True, "batiment_1000": False}
    AssessmentProfile.objects.create(assessment=assessment, agents=10, elus=15, stated=facts)
    return assessment


@pytest.fixture
def counted(level_two):
    FactorSetFactory()
    answer_numbers(level_two, PAR8A=4, PAR8B=6, PAR8C=12, PAR8D=0, PAR5A=8, PAR5B=3)
    return level_two


def shown(client, name: str, assessment) -> str:
    response = client.get(reverse(f"questions:{name}", args=[assessment.pk]))
    assert response.status_code == 200
    return response.content.decode()


def words(html: str) -> str:
    """Return what is read on a page, with plain spaces."""
    text = re.sub(r"<[^>]+>", "", html).replace("&nbsp;", " ").replace("\u00a0", " ")
    return re.sub(r"\s+", " ", text)


def main(html: str) -> str:
    return html[html.index("<main") : html.index("</main>")]


# --- Codes of the real content


def test_the_codes_that_are_read_are_those_of_the_content():
    written = {q["code"] for theme in read_themes(Level.TWO) for q in theme["questions"]}
    read = {
        code for definition in figures.DEFINITIONS for code in (*definition.of, *definition.per)
    }
    read |= {code for codes in QUESTIONS.values() for code in codes}
    read |= {
        code
        for duty in obligations.read_obligations().duties
        for test in duty.met_by
        for code in test.codes
    }

    assert read - {figures.AGENTS, figures.ELUS, ""} - written == set()


def test_the_answers_that_meet_a_duty_are_those_that_the_content_offers():
    offered = {
        question["code"]: {option["code"] for option in question.get("options", [])}
        or {"oui", "non"}
        for theme in read_themes(Level.TWO)
        for question in theme["questions"]
    }

    for duty in obligations.read_obligations().duties:
        for test in duty.met_by:
            assert set(test.answers) <= offered[test.question], duty.code


# --- Key figures


def test_key_figures_are_shown_with_their_definition_and_what_is_missing(counted, alices):
    html = shown(alices, "figures", counted)

    read = words(html)
    assert "Écrans par poste" in read
    assert "1,2 écran Combien" in read
    assert "Calcul : écrans ÷ (portables + fixes)." in read
    assert "38 % la loi : 50 % au moins" in read
    assert "Il manque Question PAR8E ?" in read
    question = counted.questionnaire.themes.get(code="parc").questions.get(code="PAR8E")
    assert (
        f'href="/espace/evaluations/{counted.pk}/themes/parc/?question={question.pk}#q{question.pk}"'
        in html
    )


def test_answers_that_contradict_each_other_are_said_and_make_no_percentage(level_two, alices):
    answer_numbers(level_two, PAR5A=3, PAR5B=9)

    read = words(shown(alices, "figures", level_two))

    assert "Les réponses se contredisent : 9 ne peut pas être une partie de 3." in read
    assert "300 %" not in read


def test_the_results_of_level_two_show_the_key_figures_beside_the_index(counted, alices):
    read = words(main(shown(alices, "results", counted)))

    assert "Chiffres clés" in read
    assert "1,2 Écrans par poste" in read
    assert "38 % Réemploi des appareils réformés (la loi : 50 % au moins)" in read


# --- Footprint


def test_the_footprint_is_a_range_with_what_is_missing(counted, alices):
    html = shown(alices, "footprint", counted)

    read = words(html)
    # laptops: 4 × (181 to 236 ÷ 5 + 1,5051); screens: 12 × (64,7 to 430 ÷ 6 + 3,7887)
    assert "326 à 1 100 kg CO₂e par an ; valeur centrale : 339 kg" in read.replace("\u202f", " ")
    assert "33 à 110 kg par agent" in read
    assert "5 ans, par défaut" in read
    assert "Électricité : 0,0519 kg CO₂e par kWh." in read
    assert "marque" in read


def test_a_family_that_is_not_counted_and_an_age_that_is_not_known_are_missing(counted, alices):
    Answer.objects.filter(question__code="PAR8C").delete()

    read = words(shown(alices, "footprint", counted))

    assert (
        "Ces familles ne sont pas comptées, l’estimation est donc trop basse : Question PAR8C ?"
        in read
    )


def test_a_closed_assessment_keeps_its_footprint(counted, alices):
    factors = FactorSetFactory(rows={"portable": "100 0 0 100 100 0 5"})
    Assessment.objects.filter(pk=counted.pk).update(
        state="closed", closed_at=MORNING, cohort_kind="commune", factors=factors
    )

    read = words(shown(alices, "footprint", counted))

    assert "80 à 80 kg CO₂e par an" in read
    assert "cette estimation ne change plus" in read


def test_without_factors_or_without_devices_the_page_says_what_to_do(level_two, alices):
    assert "Aucun jeu de facteurs" in shown(alices, "footprint", level_two)

    FactorSetFactory()

    assert "dès que le nombre d’appareils" in shown(alices, "footprint", level_two)


def test_the_footprint_leads_to_its_method(counted, alices):
    home = Page.objects.get(depth=2)
    home.add_child(instance=Page(title="La méthode", slug="methode-empreinte"))

    assert "/methode-empreinte/" in shown(alices, "footprint", counted)


# --- Obligations


def test_obligations_say_what_is_met_what_is_not_and_what_is_missing(counted, alice, alices):
    answer(counted, by=alice, PAR6="oui", ACH3="non", RES8="nsp")

    html = shown(alices, "obligations", counted)

    outcomes = outcomes_of(Assessment.objects.get(pk=counted.pk))
    statuses = {row.duty.code: row.status.name for row in outcomes.duties}
    assert statuses["deee"] == "MET"
    assert statuses["reparabilite"] == "UNMET"
    assert statuses["reemploi-reformes"] == "UNMET"
    assert statuses["rgpd-dpo"] == "MISSING"
    assert statuses["archives"] == "UNTOLD"
    read = words(html)
    assert "37,5 %, pour 50 % au moins" in read
    assert "Répondre à : Question RES8 ?" in read
    assert "Jusqu’à 25 000 €" in read.replace("\u202f", " ")


def test_what_does_not_apply_is_folded_with_the_reason(counted, alices):
    html = main(shown(alices, "obligations", counted))

    folded = words(html[html.index("<details") :]).replace("\u202f", " ")
    assert "Adopter une stratégie numérique responsable" in folded
    assert "plus de 50 000 habitants : 850 habitants" in folded
    assert "Adopter une stratégie numérique responsable" not in html[: html.index("<details")]


def test_a_fact_that_is_missing_leads_to_the_profile(counted, alices):
    AssessmentProfile.objects.update(stated={})

    html = main(shown(alices, "obligations", counted))

    assert "Ce qui s’applique peut-être" in html
    assert f'href="/espace/evaluations/{counted.pk}/profil/"' in html


def test_level_one_has_its_obligations_with_what_is_known(assessment, alices):
    read = words(main(shown(alices, "obligations", assessment)))

    assert "Désigner un délégué à la protection des données" in read
    assert "Les réponses du niveau 2 le diront." in read
    assert "Le niveau 2 le demande dans le profil." in read


@pytest.mark.parametrize("name", ["figures", "footprint"])
def test_level_one_has_no_figures_and_its_page_says_so(name, assessment, alices):
    html = main(shown(alices, name, assessment))

    assert "niveau 2" in html
    assert f"/evaluations/{assessment.pk}/resultats/" in html


def test_the_site_is_known_from_the_question_on_its_accessibility(commune, alice):
    edition = QuestionnaireFactory(
        content={"eco": [{"code": "ECO3", "allows_not_applicable": True}]}
    )
    one = AssessmentFactory(questionnaire=edition, collectivite=commune, asked=1)
    answer(one, by=alice, ECO3="nc")

    applies = {row.duty.code: row.applies for row in outcomes_of(one).readings}

    assert applies["accessibilite-mention"] is False


# --- Doors, weight, files


@pytest.mark.parametrize("name", PAGES)
def test_nobody_posts_to_a_page_and_a_stranger_finds_nothing(
    name, counted, alices, client_of, chloe
):
    url = reverse(f"questions:{name}", args=[counted.pk])

    assert alices.post(url).status_code == 405
    assert client_of(chloe).get(url).status_code == 404
    assert client_of(None).get(url).status_code == 302


@pytest.mark.parametrize("name", ["results", *PAGES])
def test_a_page_asks_for_at_most_twenty_queries(
    name, counted, alices, django_assert_max_num_queries
):
    shown(alices, name, counted)

    with django_assert_max_num_queries(20):
        shown(alices, name, counted)


@pytest.mark.parametrize("name", PAGES)
def test_as_many_queries_for_one_answer_as_for_all(name, level_two, alices):
    FactorSetFactory()
    shown(alices, name, level_two)
    answer_numbers(level_two, PAR8A=1)
    with CaptureQueriesContext(connection) as one:
        shown(alices, name, level_two)
    answer_numbers(level_two, PAR8B=1, PAR8C=1, PAR8D=1, PAR8E=1, PAR5A=1, PAR5B=1)

    with CaptureQueriesContext(connection) as all_of_them:
        shown(alices, name, level_two)

    assert len(all_of_them) == len(one)


def test_the_tabs_are_those_of_the_level(counted, foreign_assessment, alices, client_of, chloe):
    two = re.findall(r'<nav class="tabs".*?</nav>', shown(alices, "footprint", counted), re.S)[0]
    one = re.findall(
        r'<nav class="tabs".*?</nav>',
        shown(client_of(chloe), "obligations", foreign_assessment),
        re.S,
    )[0]

    assert re.findall(r">([^<>]+)</a>", two) == [
        "Résultats",
        "Chiffres clés",
        "Empreinte",
        "Obligations",
    ]
    assert re.findall(r">([^<>]+)</a>", one) == ["Résultats", "Obligations"]
    assert 'empreinte/" aria-current="page"' in two


def test_the_workbook_of_level_two_has_its_figures_its_footprint_and_its_duties(counted):
    book = load_workbook(io.BytesIO(workbook(results_of(counted), at=MORNING)))

    rows = {
        name: [[c.value for c in row] for row in book[name].iter_rows()] for name in book.sheetnames
    }
    assert book.sheetnames[-3:] == ["Chiffres clés", "Empreinte", "Obligations"]
    assert ["Écrans par poste", 1.2, "écrans"] in [row[:3] for row in rows["Chiffres clés"]]
    assert ["Ensemble", None, None] in [row[:3] for row in rows["Empreinte"]]
    assert any(row[0].startswith("Il manque") for row in rows["Empreinte"]) is False
    assert {row[1] for row in rows["Obligations"][1:]} == {"oui", "non", "à préciser"}


@pytest.mark.parametrize(
    ("table", "first"),
    [("chiffres", "Chiffre"), ("empreinte", "Famille"), ("obligations", "Obligation")],
)
def test_each_page_has_its_csv(table, first, counted, alices):
    url = reverse("questions:export_csv", args=[counted.pk])

    response = alices.post(url, {"table": table})

    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))
    assert response["Content-Disposition"].endswith(f'-{table}.csv"')
    assert rows[0][0] == first
    assert len({len(row) for row in rows}) == 1
    assert len(rows) > 1


def test_an_unknown_table_is_that_of_the_answers(counted, alices):
    response = alices.post(reverse("questions:export_csv", args=[counted.pk]), {"table": "autre"})

    assert response.content.decode("utf-8-sig").startswith("Thème;Code;")


def test_a_collectivite_of_unknown_population_is_told_so(alice):
    edition = QuestionnaireFactory(content={"parc": ["PAR1"]})
    nowhere = CollectiviteFactory(population=None, kind="syndicat", code_insee=None)
    row = AssessmentFactory(questionnaire=edition, collectivite=nowhere)

    outcomes = outcomes_of(row)

    unknown = next(r for r in outcomes.undecided if r.duty.code == "donnees-ouvertes")
    assert [need.words for need in outcomes.needs(unknown.missing)] == [
        "La population",
        "Le nombre d’agents",
    ]
