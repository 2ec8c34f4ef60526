"""The starter questionnaire is loaded once; what editors change afterwards is theirs."""

from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from wagtail.models import Page

from questions import loading
from questions.enums import EditionState, Level
from questions.loading import Loaded, load_edition
from questions.models import Measure, Question, Questionnaire
from tests.questions.factories import QuestionnaireFactory

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
FIRST = "piloter-la-sobriete-numerique"


@pytest.fixture(autouse=True)
def two_themes(monkeypatch):
    """Two themes of the real content are enough, and five times faster."""
    themes = loading.read_themes(Level.ONE)[:2]
    monkeypatch.setattr(loading, "read_themes", lambda level: themes)


def load(edition: str = "2027") -> Loaded:
    return load_edition(
        level=Level.ONE, edition=edition, title="Les repères", introduction="", at=NOON
    )


def rows() -> list:
    return [
        list(model.objects.order_by("pk").values()) for model in (Questionnaire, Question, Measure)
    ]


def guide_page(slug: str = FIRST) -> Page:
    return Page.objects.get(depth=1).add_child(instance=Page(title="Le guide", slug=slug))


def test_an_edition_is_loaded_published_and_complete():
    loaded = load()

    edition = Questionnaire.objects.current(Level.ONE)
    question = Question.objects.get(code="GOV1")
    assert loaded == Loaded(edition=True, questions=7, measures=Measure.objects.count())
    assert (edition.edition, edition.published_at) == ("2027", NOON)
    assert [theme.code for theme in edition.themes.all()] == ["gouvernance", "sensibilisation"]
    assert [measure.code for measure in question.measures.all()] == ["M-GOV1"]
    assert question.sources.count() >= 1
    assert (question.live, question.has_unpublished_changes) == (True, False)


def test_a_second_load_changes_nothing():
    load()
    before = rows()

    assert load() == Loaded(edition=False, questions=0, measures=0)
    assert rows() == before


def test_a_measure_that_was_edited_stays_so_and_one_that_was_deleted_too():
    load()
    Measure.objects.filter(code="M-GOV1").update(title="Notre titre")
    Measure.objects.get(code="M-GOV3").delete()

    load()

    assert Measure.objects.get(code="M-GOV1").title == "Notre titre"
    assert not Measure.objects.filter(code="M-GOV3").exists()


def test_a_measure_is_shared_with_the_next_edition_as_it_was_edited():
    load()
    Measure.objects.filter(code="M-GOV1").update(title="Notre titre")
    count = Measure.objects.count()

    loaded = load("2028")

    assert loaded.measures == 0
    assert Measure.objects.count() == count
    assert Measure.objects.get(code="M-GOV1").title == "Notre titre"


def test_an_edition_does_not_replace_the_one_that_is_published():
    published = QuestionnaireFactory(edition="2030")

    load()

    assert Questionnaire.objects.current(Level.ONE) == published
    assert Questionnaire.objects.get(edition="2027").state == EditionState.DRAFT


def test_a_question_has_its_guide_when_the_page_is_there():
    guide = guide_page()

    load()

    assert Question.objects.get(code="GOV1").guide == guide
    assert Question.objects.get(code="GOV2").guide is None


def test_a_guide_that_comes_later_is_linked_by_the_next_load():
    load()
    guide = guide_page()

    load()

    assert Question.objects.get(code="GOV1").guide == guide


def test_a_guide_that_an_editor_took_away_does_not_come_back(editor):
    guide_page()
    load()
    question = Question.objects.get(code="GOV1")
    question.guide = None
    question.save_revision(user=editor).publish(user=editor)

    load()

    assert Question.objects.get(code="GOV1").guide is None


def test_the_command_says_what_it_did(capsys):
    call_command("load_questionnaire")
    call_command("load_questionnaire")

    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("Niveau 1, édition 2027 : 7 questions et ")
    assert second == "Niveau 1, édition 2027 : déjà là"
