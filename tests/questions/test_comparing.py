"""What changed between an edition and its copy, and whether their answers can still be compared."""

import pytest

from questions.comparing import Change, Verdict, compare, verdict
from questions.editions import copy_edition
from questions.enums import QuestionKind
from questions.models import Question, QuestionSource, Theme
from tests.questions.factories import (
    MeasureFactory,
    OptionFactory,
    QuestionFactory,
    QuestionnaireFactory,
)

pytestmark = pytest.mark.django_db

ACH1 = {
    "code": "ACH1",
    "kind": QuestionKind.ONE_OF,
    "options": {"jamais": 0, "souvent": 2},
    "weight": 2,
}


@pytest.fixture
def edition():
    return QuestionnaireFactory(content={"achats": [ACH1, "ACH2"], "parc": ["PAR1"]})


@pytest.fixture
def draft(edition, editor):
    return copy_edition(edition, edition="2028", by=editor)


def question_of(draft, code: str) -> Question:
    return Question.objects.get(theme__questionnaire=draft, code=code)


def changes(edition, draft) -> list[tuple]:
    return [(change.code, change.what, change.verdict) for change in compare(edition, draft)]


def test_a_copy_has_no_change(edition, draft):
    assert compare(edition, draft) == []


@pytest.mark.parametrize(
    ("field", "value", "what", "reach"),
    [
        ("help", "Regardez le budget.", "textes changés", Verdict.TEXT_ONLY),
        ("text", "Achetez-vous moins ?", "textes changés", Verdict.TEXT_ONLY),
        ("order", 5, "ordre changé", Verdict.TEXT_ONLY),
        ("weight", 3, "poids : 2 → 3", Verdict.COMPATIBLE),
        ("maximum", 10, "bornes changées", Verdict.COMPATIBLE),
        ("allows_not_applicable", True, "conditions d’affichage changées", Verdict.COMPATIBLE),
        ("condition_code", "ACH2", "conditions d’affichage changées", Verdict.COMPATIBLE),
        ("min_population", 500, "conditions d’affichage changées", Verdict.COMPATIBLE),
        (
            "kind",
            QuestionKind.SEVERAL_OF,
            "type de réponse ou réponses proposées changés",
            Verdict.NOT_COMPARABLE,
        ),
        (
            "unit",
            "jours",
            "type de réponse ou réponses proposées changés",
            Verdict.NOT_COMPARABLE,
        ),
    ],
)
def test_each_field_has_its_reach(edition, draft, field, value, what, reach):
    Question.objects.filter(pk=question_of(draft, "ACH1").pk).update(**{field: value})

    assert changes(edition, draft) == [("ACH1", what, reach)]


def test_another_answer_makes_the_question_not_comparable(edition, draft):
    OptionFactory(question=question_of(draft, "ACH1"), code="parfois", points=1)

    assert changes(edition, draft) == [
        ("ACH1", "type de réponse ou réponses proposées changés", Verdict.NOT_COMPARABLE)
    ]


def test_other_points_stay_comparable(edition, draft):
    question_of(draft, "ACH1").options.filter(code="souvent").update(points=3)

    assert changes(edition, draft) == [("ACH1", "points des réponses changés", Verdict.COMPATIBLE)]


def test_answers_in_another_order_or_other_words_are_text(edition, draft):
    question_of(draft, "ACH1").options.filter(code="souvent").update(
        label="La plupart du temps", sort_order=-1
    )

    assert changes(edition, draft) == [("ACH1", "textes changés", Verdict.TEXT_ONLY)]


def test_sources_and_measures_are_text(edition, draft):
    question = question_of(draft, "ACH1")
    question.measures.set([MeasureFactory()])
    question.save()
    QuestionSource.objects.create(
        question=question_of(draft, "ACH2"),
        label="ADEME",
        year=2025,
        url="https://www.ademe.fr",
    )

    assert changes(edition, draft) == [
        ("ACH1", "textes changés", Verdict.TEXT_ONLY),
        ("ACH2", "textes changés", Verdict.TEXT_ONLY),
    ]


def test_a_question_moved_to_another_theme_stays_comparable(edition, draft):
    question = question_of(draft, "ACH2")
    question.theme = Theme.objects.get(questionnaire=draft, code="parc")
    question.save()

    assert changes(edition, draft) == [("ACH2", "thème : Achats → Parc", Verdict.COMPATIBLE)]


def test_questions_added_and_removed_are_told_with_their_words(edition, draft):
    QuestionFactory(theme=draft.themes.get(code="parc"), code="PAR2", text="Réparez-vous ?")
    question_of(draft, "ACH2").delete()

    assert compare(edition, draft) == [
        Change("PAR2", "Réparez-vous ?", "question ajoutée", Verdict.COMPATIBLE),
        Change("ACH2", "Question ACH2 ?", "question retirée", Verdict.COMPATIBLE),
    ]


def test_themes_are_compared_too(edition, draft):
    Theme.objects.filter(questionnaire=draft, code="achats").update(title="Achats et locations")
    Theme.objects.create(questionnaire=draft, code="usages", title="Usages", order=3)
    question_of(draft, "PAR1").delete()
    draft.themes.get(code="parc").delete()

    assert changes(edition, draft) == [
        ("achats", "textes changés", Verdict.TEXT_ONLY),
        ("usages", "thème ajouté", Verdict.COMPATIBLE),
        ("parc", "thème retiré", Verdict.COMPATIBLE),
        ("PAR1", "question retirée", Verdict.COMPATIBLE),
    ]


@pytest.mark.parametrize(
    ("reaches", "expected"),
    [
        ([], Verdict.IDENTICAL),
        ([Verdict.TEXT_ONLY], Verdict.TEXT_ONLY),
        ([Verdict.TEXT_ONLY, Verdict.COMPATIBLE], Verdict.COMPATIBLE),
        (
            [Verdict.COMPATIBLE, Verdict.NOT_COMPARABLE, Verdict.TEXT_ONLY],
            Verdict.NOT_COMPARABLE,
        ),
    ],
)
def test_the_verdict_is_the_gravest_change(edition, reaches, expected):
    assert verdict(edition, [Change("ACH1", "", "", reach) for reach in reaches]) == expected


def test_the_first_edition_of_a_level_has_nothing_to_be_compared_with():
    assert verdict(None, []) == Verdict.FIRST
