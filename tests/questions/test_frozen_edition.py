"""Once an edition is published, nothing of its structure changes, whichever way one tries (P8)."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db.models import ProtectedError

from questions.editions import copy_edition
from questions.enums import EditionState, QuestionKind
from questions.models import Measure, Option, Question, Questionnaire, QuestionSource, Theme
from questions.models.edition import EditionPublished
from tests.questions.factories import (
    AssessmentFactory,
    MeasureFactory,
    OptionFactory,
    QuestionFactory,
    QuestionnaireFactory,
    ThemeFactory,
    answer,
)

pytestmark = pytest.mark.django_db

LATER = datetime(2027, 6, 1, tzinfo=UTC)
ACH1 = {"code": "ACH1", "kind": QuestionKind.ONE_OF, "options": {"jamais": 0, "souvent": 2}}
OTHER_STRUCTURE = {
    "code": "ACH9",
    "order": 7,
    "kind": QuestionKind.SEVERAL_OF,
    "unit": "jours",
    "minimum": Decimal(1),
    "maximum": Decimal(9),
    "whole": "ACH2",
    "weight": 4,
    "allows_not_applicable": True,
    "condition_code": "ACH2",
    "condition_answers": "oui",
    "applies_to_kinds": "commune",
    "applies_to_facts": "site_web",
    "min_population": 500,
    "max_population": 900,
    "live": False,
    "expire_at": LATER,
}
WORDS = {
    "text": "Achetez-vous d’occasion ?",
    "help": "Regardez les factures de l’an dernier.",
    "principle": "Autre principe.",
    "interest": "Autre intérêt.",
    "first_step": "Autre pas.",
    "obligation": "Autre obligation.",
    "obligation_url": "https://www.legifrance.gouv.fr/",
    "not_applicable_hint": "Par exemple : vous n’achetez rien.",
}


@pytest.fixture(params=[EditionState.PUBLISHED, EditionState.RETIRED])
def edition(request):
    return QuestionnaireFactory(state=request.param, content={"achats": [ACH1, "ACH2"]})


@pytest.fixture
def draft(db):
    return QuestionnaireFactory(
        edition="2028", state=EditionState.DRAFT, content={"parc": [ACH1 | {"code": "PAR1"}]}
    )


@pytest.fixture
def question(edition):
    return Question.objects.get(theme__questionnaire=edition, code="ACH1")


def stored(row) -> dict:
    return type(row).objects.filter(pk=row.pk).values().get()


def assert_refused(change, *rows) -> None:
    before = [stored(row) for row in rows]

    with pytest.raises(EditionPublished):
        change()

    assert [stored(row) for row in rows] == before


# --- Saving


def test_every_field_of_the_structure_is_tried():
    assert {*OTHER_STRUCTURE, "theme_id"} == set(Question.STRUCTURE)


@pytest.mark.parametrize("field", OTHER_STRUCTURE)
def test_the_structure_of_a_question_is_not_saved(question, field):
    setattr(question, field, OTHER_STRUCTURE[field])

    assert_refused(question.save, question)


@pytest.mark.parametrize("field", OTHER_STRUCTURE)
def test_the_structure_of_a_question_is_not_updated_in_bulk(question, field):
    rows = Question.objects.filter(pk=question.pk)

    assert_refused(lambda: rows.update(**{field: OTHER_STRUCTURE[field]}), question)


@pytest.mark.parametrize("field", OTHER_STRUCTURE)
def test_the_structure_of_a_draft_is_saved(draft, field):
    question = Question.objects.get(theme__questionnaire=draft)
    setattr(question, field, OTHER_STRUCTURE[field])

    question.save()

    assert stored(question)[field] == OTHER_STRUCTURE[field]


@pytest.mark.parametrize("field", WORDS)
def test_the_words_of_a_question_are_saved(question, field):
    setattr(question, field, WORDS[field])

    question.save()

    assert stored(question)[field] == WORDS[field]


def test_the_refusal_is_a_sentence_of_the_form(question):
    question.weight = 5

    with pytest.raises(ValidationError, match="copiez l’édition dans un nouveau brouillon"):
        question.full_clean()


@pytest.mark.parametrize(
    ("field", "value"), [("code", "autre"), ("order", 9), ("live", False), ("expire_at", LATER)]
)
def test_the_structure_of_a_theme_is_not_saved(edition, field, value):
    theme = edition.themes.get()
    setattr(theme, field, value)

    assert_refused(theme.save, theme)


@pytest.mark.parametrize("field", ["title", "introduction", "icon", "reen_objectives"])
def test_the_words_of_a_theme_are_saved(edition, field):
    theme = edition.themes.get()
    setattr(theme, field, "1,2")

    theme.save()

    assert stored(theme)[field] == "1,2"


@pytest.mark.parametrize(
    ("field", "value"),
    [("code", "toujours"), ("points", Decimal(9)), ("lower_bound", Decimal(3)), ("sort_order", 8)],
)
def test_the_structure_of_an_option_is_not_saved(question, field, value):
    option = question.options.first()
    setattr(option, field, value)

    assert_refused(option.save, option)


def test_the_label_of_an_option_is_words(question):
    option = question.options.first()
    option.label = "Jamais, ou presque"

    option.save()

    assert stored(option)["label"] == "Jamais, ou presque"


# --- Adding


def new_theme(edition):
    return ThemeFactory.build(questionnaire=edition)


def new_question(edition):
    return QuestionFactory.build(theme=edition.themes.get())


def new_option(edition):
    question = Question.objects.get(theme__questionnaire=edition, code="ACH1")
    return OptionFactory.build(question=question, code="parfois")


@pytest.mark.parametrize("build", [new_theme, new_question, new_option])
def test_nothing_is_added_to_a_published_edition(edition, build):
    part = build(edition)
    count = type(part).objects.count()

    with pytest.raises(EditionPublished):
        part.save()
    with pytest.raises(EditionPublished):
        type(part).objects.bulk_create([part])

    assert type(part).objects.count() == count


def test_a_question_is_not_added_through_a_theme_read_before_its_edition_was_published(draft):
    theme = Theme.objects.select_related("questionnaire").get(questionnaire=draft)
    assert theme.questionnaire.is_draft
    Questionnaire.objects.filter(pk=draft.pk).update(state=EditionState.PUBLISHED)

    with pytest.raises(EditionPublished):
        QuestionFactory.build(theme=theme).save()


def test_a_question_read_before_its_edition_was_published_is_not_saved(draft):
    question = Question.objects.select_related("theme__questionnaire").get()
    Questionnaire.objects.filter(pk=draft.pk).update(state=EditionState.PUBLISHED)
    question.weight = 5

    assert_refused(question.save, question)


# --- Removing


def test_nothing_of_a_published_edition_is_deleted(edition, question):
    for part in (question.options.first(), question, edition.themes.get()):
        assert_refused(part.delete, part)


@pytest.mark.parametrize("model", [Theme, Question, Option])
def test_nothing_of_a_published_edition_is_deleted_in_bulk(edition, draft, model):
    count = model.objects.count()

    with pytest.raises(EditionPublished, match="on n’en retire plus rien"):
        model.objects.all().delete()

    assert model.objects.count() == count


def test_a_question_of_a_draft_is_deleted_with_its_options(draft):
    Question.objects.filter(theme__questionnaire=draft).delete()

    assert not Option.objects.exists()


def test_a_questionnaire_goes_only_when_it_is_empty(edition):
    with pytest.raises(ProtectedError):
        edition.delete()


def test_a_question_that_was_answered_stays_even_in_a_draft(draft, commune, alice):
    """It cannot come to this by the screens: the database refuses all the same."""
    assessment = AssessmentFactory(questionnaire=draft, collectivite=commune)
    answer(assessment, by=alice, PAR1="souvent")

    with pytest.raises(ProtectedError):
        Question.objects.get(code="PAR1").delete()


# --- Moving


def test_a_question_does_not_leave_a_published_edition_for_a_draft(question, draft):
    question.theme = draft.themes.get()

    assert_refused(question.save, question)


def test_a_question_of_a_draft_does_not_enter_a_published_edition(edition, draft):
    question = Question.objects.get(code="PAR1")
    question.theme = edition.themes.get()

    assert_refused(question.save, question)


def test_a_theme_does_not_leave_a_published_edition_for_a_draft(edition, draft):
    theme = edition.themes.get()
    theme.questionnaire = draft

    assert_refused(theme.save, theme)


def test_an_option_does_not_leave_its_question(question, draft):
    option = question.options.first()
    option.question = Question.objects.get(code="PAR1")

    assert_refused(option.save, option)


# --- Revisions


def published_since(draft) -> Question:
    """A question whose first revision was of another structure, in an edition published since."""
    question = Question.objects.get(theme__questionnaire=draft)
    question.text, question.weight, question.order = "Première version ?", 3, 4
    question.options = [Option(code="jamais", label="Jamais", points=1)]
    question.save_revision()
    question = Question.objects.get(pk=question.pk)
    question.save_revision().publish()
    Questionnaire.objects.filter(pk=draft.pk).update(state=EditionState.PUBLISHED)
    return question


def test_an_older_revision_published_again_brings_back_words_and_no_structure(draft):
    question = published_since(draft)

    question.revisions.order_by("created_at").first().publish()

    now = Question.objects.get(pk=question.pk)
    assert now.text == "Première version ?"
    assert (now.weight, now.order, now.kind) == (1, 1, QuestionKind.ONE_OF)
    assert [(o.code, o.points) for o in now.options.all()] == [("jamais", 0), ("souvent", 2)]


def test_an_older_revision_of_a_draft_brings_back_all_but_its_place(draft):
    question = Question.objects.get(theme__questionnaire=draft)
    question.weight, question.order = 3, 4
    question.save_revision()
    question = Question.objects.get(pk=question.pk)

    question.latest_revision.publish()

    question.refresh_from_db()
    assert (question.weight, question.order) == (3, 1)


def test_an_older_revision_of_a_questionnaire_does_not_bring_its_state_back(draft):
    draft.title = "Ancien titre"
    revision = draft.save_revision()
    Questionnaire.objects.filter(pk=draft.pk).update(
        state=EditionState.PUBLISHED, published_at=LATER, edition="2029"
    )
    draft.refresh_from_db()

    draft.latest_revision = revision
    revision.as_object().save()

    now = Questionnaire.objects.get(pk=draft.pk)
    assert now.title == "Ancien titre"
    assert (now.state, now.published_at, now.edition) == ("published", LATER, "2029")


def test_words_of_a_published_edition_are_published_and_logged(edition, question, editor):
    question.help = "Regardez le budget."
    question.save_revision(user=editor, log_action=True).publish(user=editor)

    question.refresh_from_db()
    assert (question.live, question.has_unpublished_changes) == (True, False)
    assert question.help == "Regardez le budget."
    assert question.latest_revision.user == editor


def test_a_revision_set_to_be_published_later_does_not_stop_the_command(question):
    question.text = "Achetez-vous d’occasion ?"
    question.go_live_at = datetime(2020, 1, 1, tzinfo=UTC)
    question.save_revision(approved_go_live_at=question.go_live_at)

    call_command("publish_scheduled")

    question.refresh_from_db()
    assert (question.text, question.live) == ("Achetez-vous d’occasion ?", True)


# --- What hangs on a question and is words


def test_measures_and_sources_of_a_published_question_change(question):
    measure = MeasureFactory()
    question.measures.set([measure])
    question.sources = [QuestionSource(label="ADEME", year=2025, url="https://www.ademe.fr")]

    question.save()

    question = Question.objects.get(pk=question.pk)
    assert list(question.measures.all()) == [measure]
    assert [source.label for source in question.sources.all()] == ["ADEME"]


def test_a_measure_is_free_of_the_editions(question):
    measure = MeasureFactory()
    question.measures.set([measure])
    question.save()

    measure.delete()

    assert not Measure.objects.exists()
    assert Question.objects.filter(pk=question.pk).exists()


def test_a_copy_of_a_published_edition_is_free(edition, editor):
    draft = copy_edition(edition, edition="2029", by=editor)
    question = Question.objects.get(theme__questionnaire=draft, code="ACH1")
    question.weight = 5

    question.save()

    assert Question.objects.get(pk=question.pk).weight == 5


# --- What nobody could meet


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"applies_to_kinds": "commune, hameau"}, "applies_to_kinds"),
        ({"min_population": 900, "max_population": 500}, "max_population"),
        ({"minimum": 10, "maximum": 1}, "maximum"),
    ],
)
def test_bounds_and_kinds_that_nobody_meets_are_refused_beside_the_field(draft, values, field):
    question = Question.objects.get(theme__questionnaire=draft)
    for name, value in values.items():
        setattr(question, name, value)

    with pytest.raises(ValidationError) as refused:
        question.clean()

    assert list(refused.value.message_dict) == [field]
