"""An edition is copied, published and retired; assessments keep the one they began with."""

from datetime import UTC, datetime
from threading import Thread

import pytest
from django.db import connection, transaction
from wagtail.models import ModelLogEntry, Page

from questions.editions import (
    NotInThatState,
    NotReadyToPublish,
    concerned_assessments,
    copy_edition,
    publish_edition,
    reasons_not_to_publish,
    retire_edition,
)
from questions.enums import EditionState, Level, QuestionKind
from questions.models import Question, Questionnaire, QuestionSource, Theme
from questions.models.edition import EditionPublished
from questions.opening import open_assessment
from tests.questions.factories import (
    AssessmentFactory,
    MeasureFactory,
    QuestionFactory,
    QuestionnaireFactory,
    ThemeFactory,
    answer,
)

pytestmark = pytest.mark.django_db

NOON = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
EXPIRY = datetime(2027, 6, 1, tzinfo=UTC)
CONTENT = {"achats": ["ACH1", "ACH2", "ACH3"], "parc": ["PAR1", "PAR2"]}


@pytest.fixture
def edition():
    return QuestionnaireFactory(content=CONTENT)


@pytest.fixture
def draft(edition, editor):
    return copy_edition(edition, edition="2028", by=editor)


def draft_with(*questions: dict) -> Questionnaire:
    return QuestionnaireFactory(
        edition="2028", state=EditionState.DRAFT, content={"achats": questions}
    )


def actions(edition) -> list[tuple]:
    entries = ModelLogEntry.objects.for_instance(edition).order_by("timestamp")
    return [(entry.action, entry.user) for entry in entries]


# --- Copy


def test_a_copy_has_the_same_themes_questions_and_all_that_hangs_on_them(editor):
    measure, guide = MeasureFactory(), Page.objects.get(depth=1)
    edition = QuestionnaireFactory(
        content={
            "achats": [
                {
                    "code": "ACH1",
                    "kind": QuestionKind.ONE_OF,
                    "options": {"jamais": 0, "souvent": 2},
                    "measures": [measure],
                    "guide": guide,
                    "weight": 3,
                }
            ]
        }
    )
    question = Question.objects.get()
    QuestionSource.objects.create(question=question, label="ADEME", year=2025, url="https://a.fr")

    draft = copy_edition(edition, edition="2028", by=editor)

    copy = Question.objects.get(theme__questionnaire=draft)
    assert (draft.state, draft.copied_from, draft.title) == ("draft", edition, edition.title)
    assert (copy.code, copy.weight, copy.guide, copy.live) == ("ACH1", 3, guide, True)
    assert [(o.code, o.points) for o in copy.options.all()] == [("jamais", 0), ("souvent", 2)]
    assert [(s.label, s.year) for s in copy.sources.all()] == [("ADEME", 2025)]
    assert list(copy.measures.all()) == [measure]
    assert actions(draft) == [("wagtail.create", editor)]


def test_a_copy_leaves_its_source_as_it_was(edition, editor):
    before = list(Question.objects.order_by("pk").values())

    draft = copy_edition(edition, edition="2028", by=editor)

    edition.refresh_from_db()
    of_source = Question.objects.filter(theme__questionnaire=edition)
    assert edition.state == EditionState.PUBLISHED
    assert list(of_source.order_by("pk").values()) == before
    assert Theme.objects.filter(questionnaire=draft).count() == 2


def test_a_copy_takes_neither_history_nor_dates(edition, editor):
    Question.objects.filter(code="ACH1").first().save_revision().publish()

    draft = copy_edition(edition, edition="2028", by=editor)

    copy = Question.objects.get(theme__questionnaire=draft, code="ACH1")
    assert copy.latest_revision is None
    assert copy.first_published_at is None
    assert not copy.has_unpublished_changes


# --- Publish and retire


def test_publishing_replaces_the_edition_of_the_same_level(edition, draft, nadia):
    level_two = QuestionnaireFactory(level=Level.TWO)

    publish_edition(draft, by=nadia, at=NOON)

    for row in (edition, draft, level_two):
        row.refresh_from_db()
    assert (draft.state, draft.published_at) == (EditionState.PUBLISHED, NOON)
    assert (edition.state, edition.retired_at) == (EditionState.RETIRED, NOON)
    assert level_two.state == EditionState.PUBLISHED
    assert Questionnaire.objects.current(Level.ONE) == draft
    assert actions(draft)[-1] == ("wagtail.publish", nadia)
    assert actions(edition) == [("wagtail.unpublish", nadia)]


@pytest.mark.parametrize("state", [EditionState.PUBLISHED, EditionState.RETIRED])
def test_only_a_draft_is_published(state, nadia):
    edition = QuestionnaireFactory(state=state, content=CONTENT)

    with pytest.raises(NotInThatState):
        publish_edition(edition, by=nadia, at=NOON)


def test_a_draft_that_is_not_ready_leaves_everything_as_it_was(edition, nadia):
    draft = draft_with()

    with pytest.raises(NotReadyToPublish):
        publish_edition(draft, by=nadia, at=NOON)

    edition.refresh_from_db()
    draft.refresh_from_db()
    assert (edition.state, draft.state) == (EditionState.PUBLISHED, EditionState.DRAFT)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_change_that_meets_a_publication_waits_for_it_and_is_refused():
    draft = draft_with({"code": "ACH1"})
    question = Question.objects.get()
    question.weight = 5
    refused = []

    def change() -> None:
        try:
            question.save()
        except EditionPublished as error:
            refused.append(error)
        finally:
            connection.close()

    thread = Thread(target=change)
    with transaction.atomic():
        publish_edition(draft, by=None, at=NOON)
        thread.start()
        thread.join(timeout=1)
        waits = thread.is_alive()
    thread.join(timeout=10)

    assert waits
    assert len(refused) == 1
    assert Question.objects.get().weight == 1


@pytest.mark.parametrize("state", [EditionState.DRAFT, EditionState.RETIRED])
def test_only_a_published_edition_is_retired(state, nadia):
    with pytest.raises(NotInThatState):
        retire_edition(QuestionnaireFactory(state=state), by=nadia, at=NOON)


def test_a_retired_edition_is_no_longer_offered(edition, nadia):
    retire_edition(edition, by=nadia, at=NOON)

    assert Questionnaire.objects.current(Level.ONE) is None


def test_concerned_assessments_are_the_official_ones_of_this_edition(edition, commune, alice):
    AssessmentFactory(questionnaire=edition, collectivite=commune)
    AssessmentFactory(questionnaire=edition, collectivite=commune, closed=True)
    AssessmentFactory(questionnaire=edition, collectivite=commune, closed=True)
    AssessmentFactory(questionnaire=edition, collectivite=commune, provisional_for=alice)
    AssessmentFactory(questionnaire=QuestionnaireFactory(edition="2026", state="retired"))

    assert concerned_assessments(edition) == {"open": 1, "closed": 2}
    assert concerned_assessments(None) == {"open": 0, "closed": 0}


# --- Reasons not to publish


def test_a_complete_draft_has_no_reason_against_it(draft):
    assert reasons_not_to_publish(draft) == []


def test_an_edition_without_question_is_not_published():
    assert reasons_not_to_publish(draft_with()) == ["Cette édition n’a encore aucune question."]


def test_a_theme_without_question_is_named(draft):
    ThemeFactory(questionnaire=draft, title="Usages", order=3)

    assert reasons_not_to_publish(draft) == ["Le thème « Usages » n’a aucune question."]


def test_a_code_carried_twice_is_named(draft):
    QuestionFactory(theme=draft.themes.get(code="parc"), code="ACH1")

    assert reasons_not_to_publish(draft) == ["Le code ACH1 est porté par plusieurs questions."]


@pytest.mark.parametrize("fields", [{"live": False}, {"has_unpublished_changes": True}])
def test_words_still_in_draft_are_published_first(fields):
    draft = draft_with({"code": "ACH1", **fields})

    assert reasons_not_to_publish(draft) == [
        "« ACH1 – Question ACH1 ? » a des changements en brouillon : publiez-les d’abord."
    ]


def test_a_question_that_would_disappear_at_a_date_is_refused():
    draft = draft_with({"code": "ACH1", "expire_at": EXPIRY})

    assert reasons_not_to_publish(draft) == [
        "« ACH1 – Question ACH1 ? » a une date de dépublication : retirez-la."
    ]


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        (
            {"kind": "one_of", "options": {"seul": 1}},
            "ACH1 : proposez au moins deux réponses.",
        ),
        (
            {"kind": "several_of", "options": {"a": 0, "b": 0}},
            "ACH1 : aucune réponse ne rapporte de points. Donnez-en, ou mettez son poids à 0.",
        ),
        (
            {"kind": "number"},
            "ACH1 : aucune réponse ne rapporte de points. Donnez-en, ou mettez son poids à 0.",
        ),
        (
            {"kind": "text"},
            "ACH1 : aucune réponse ne rapporte de points. Donnez-en, ou mettez son poids à 0.",
        ),
        ({"principle": ""}, "ACH1 : il manque le principe, montré sur un « non »."),
    ],
)
def test_a_question_that_cannot_be_scored_or_explained_is_named(question, reason):
    assert reasons_not_to_publish(draft_with({"code": "ACH1", **question})) == [reason]


@pytest.mark.parametrize("kind", ["text", "date", "number"])
def test_a_question_that_counts_for_nothing_needs_neither_points_nor_principle(kind):
    draft = draft_with({"code": "ACH1", "kind": kind, "weight": 0, "principle": ""})

    assert reasons_not_to_publish(draft) == []


@pytest.mark.parametrize(
    ("condition", "answers", "reason"),
    [
        ("XXX9", "oui", "ACH1 : sa condition cite XXX9, qui n’est pas dans l’édition."),
        ("ACH1", "oui", "ACH1 : sa condition revient sur elle-même."),
        ("ACH2", "", "ACH1 : dites pour quelles réponses à ACH2."),
        ("ACH2", " , ", "ACH1 : dites pour quelles réponses à ACH2."),
        (
            "ACH2",
            "oui, souvent",
            "ACH1 : sa condition attend « souvent », que ACH2 ne propose pas.",
        ),
        ("ACH3", "oui", "ACH1 : sa condition attend « oui », que ACH3 ne propose pas."),
    ],
)
def test_a_condition_that_nobody_could_meet_is_refused(condition, answers, reason):
    draft = draft_with(
        {"code": "ACH1", "condition_code": condition, "condition_answers": answers},
        {"code": "ACH2"},
        {"code": "ACH3", "kind": "one_of", "options": {"jamais": 0, "souvent": 1}},
    )

    assert reasons_not_to_publish(draft) == [reason]


@pytest.mark.parametrize(
    ("condition", "answers"),
    [("ACH2", "oui"), ("ACH2", "non, oui"), ("ACH3", "souvent,jamais")],
)
def test_a_condition_on_answers_that_are_offered_is_accepted(condition, answers):
    draft = draft_with(
        {"code": "ACH1", "condition_code": condition, "condition_answers": answers},
        {"code": "ACH2"},
        {"code": "ACH3", "kind": "one_of", "options": {"jamais": 0, "souvent": 1}},
    )

    assert reasons_not_to_publish(draft) == []


def test_questions_that_wait_for_each_other_are_all_named():
    draft = draft_with(
        {"code": "ACH1", "condition_code": "ACH2", "condition_answers": "oui"},
        {"code": "ACH2", "condition_code": "ACH3", "condition_answers": "oui"},
        {"code": "ACH3", "condition_code": "ACH1", "condition_answers": "oui"},
    )

    assert reasons_not_to_publish(draft) == [
        f"{code} : sa condition revient sur elle-même." for code in ("ACH1", "ACH2", "ACH3")
    ]


# --- Assessments that began with the one before


def figures(assessment) -> dict:
    assessment.refresh_from_db()
    names = ("questionnaire_id", "asked", "answered", "points", "possible", "index")
    scores = assessment.theme_scores.order_by("theme__order").values_list(
        "theme__code", "points", "possible", "index", "asked", "answered"
    )
    return {name: getattr(assessment, name) for name in names} | {"themes": list(scores)}


def publish_another_edition(draft, nadia) -> None:
    """Weight changed, question removed, added, moved."""
    questions = Question.objects.filter(theme__questionnaire=draft)
    questions.filter(code="ACH1").update(weight=5)
    questions.get(code="ACH2").delete()
    QuestionFactory(theme=draft.themes.get(code="parc"), code="PAR9", weight=4)
    moved = questions.get(code="ACH3")
    moved.theme = draft.themes.get(code="parc")
    moved.save()
    publish_edition(draft, by=nadia, at=NOON)


def test_an_assessment_half_done_does_not_move_when_another_edition_is_published(
    edition, draft, commune, alice, nadia
):
    assessment = open_assessment(collectivite=commune, by=alice, at=NOON)
    answer(assessment, by=alice, ACH1="oui", ACH2="non", PAR1="oui")
    before = figures(assessment)

    publish_another_edition(draft, nadia)

    assert before["answered"] == 3
    assert figures(assessment) == before


def test_an_assessment_half_done_goes_on_with_its_own_questions_and_weights(
    edition, draft, commune, alice, nadia
):
    assessment = open_assessment(collectivite=commune, by=alice, at=NOON)
    answer(assessment, by=alice, ACH1="oui", ACH2="non", PAR1="oui")

    publish_another_edition(draft, nadia)
    answer(assessment, by=alice, ACH3="non", PAR2="oui")

    after = figures(assessment)
    assert (after["asked"], after["answered"], after["possible"]) == (5, 5, 5)
    assert (after["questionnaire_id"], after["points"], after["index"]) == (edition.pk, 3, 60)


def test_a_new_assessment_takes_the_edition_that_is_published(
    edition, draft, other_commune, chloe, nadia
):
    publish_another_edition(draft, nadia)

    assessment = open_assessment(collectivite=other_commune, by=chloe, at=NOON)

    assert assessment.questionnaire == draft
