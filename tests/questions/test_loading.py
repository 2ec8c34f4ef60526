"""The starter questionnaire is loaded once; what editors change afterwards is theirs."""

from datetime import UTC, datetime
from decimal import Decimal

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
    themes = {level: loading.read_themes(level)[:2] for level in Level}
    monkeypatch.setattr(loading, "read_themes", themes.__getitem__)


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

    one, two, *again = capsys.readouterr().out.splitlines()
    assert one.startswith("Niveau 1, édition 2027 : 7 questions et ")
    assert two.startswith("Niveau 2, édition 2027 : ")
    assert again == ["Niveau 1, édition 2027 : déjà là", "Niveau 2, édition 2027 : déjà là"]


# --- Level 2


@pytest.fixture
def level_two(monkeypatch):
    """One theme of level 2: a question of level 1 as it is there, and three of its own."""
    common = {
        "help": "Regardez l’inventaire.",
        "principle": "On garde.",
        "interest": "On dépense moins.",
        "first_step": "Comptez.",
        "sources": [{"label": "ADEME", "year": 2024, "url": "https://www.ademe.fr/"}],
        "measures": ["M-GOV1"],
    }
    theme = {
        "code": "gouvernance",
        "title": "Gouvernance",
        "icon": "compass",
        "introduction": "Qui pilote.",
        "reen_objectives": [1, 4],
        "questions": [
            {"code": "GOV1", "from_level_one": True},
            {
                "code": "GOV12",
                "kind": "amount",
                "text": "Quel budget ?",
                "weight": 1,
                "minimum": 0,
                "plausible_maximum": 90_000.1,
                "bands_reason": "Médiane observée, source ADEME.",
                "condition": {"question": "GOV1", "answers": ["oui"]},
                "options": [
                    {"code": "rien", "label": "Rien", "points": 0},
                    {"code": "1-et-plus", "label": "1 € et plus", "points": 1, "lower_bound": 1},
                ],
                **common,
            },
            {
                "code": "GOV6",
                "kind": "one_of",
                "text": "La stratégie est-elle adoptée ?",
                "weight": 2,
                "applies_to_kinds": ["commune", "cc"],
                "min_population": 3_500,
                "options": [
                    {"code": "non", "label": "Non", "points": 0},
                    {"code": "adoptee", "label": "Adoptée", "points": 2.5},
                ],
                **common,
            },
            {
                "code": "RES9",
                "kind": "number",
                "unit": "serveurs",
                "text": "Combien de serveurs ?",
                "weight": 0,
                "applies_to_facts": ["serveurs"],
                **common,
            },
        ],
    }
    known = {data["code"]: data for data in loading.read_themes(Level.ONE)[0]["questions"]}
    theme["questions"] = [loading._in_full(data, known) for data in theme["questions"]]
    one = loading.read_themes(Level.ONE)
    monkeypatch.setattr(loading, "read_themes", {Level.ONE: one, Level.TWO: [theme]}.__getitem__)


def load_two() -> Loaded:
    load()
    return load_edition(level=Level.TWO, edition="2027", title="Tout", introduction="", at=NOON)


@pytest.mark.usefixtures("level_two")
def test_level_two_is_loaded_with_its_answers_conditions_and_bounds():
    loaded = load_two()

    edition = Questionnaire.objects.current(Level.TWO)
    asked = {q.code: q for q in Question.objects.filter(theme__questionnaire=edition)}
    budget, strategy, servers = asked["GOV12"], asked["GOV6"], asked["RES9"]
    assert loaded == Loaded(edition=True, questions=4, measures=0)
    assert (budget.kind, budget.minimum) == ("amount", 0)
    assert budget.plausible_maximum == Decimal("90000.1")
    assert (budget.condition_code, budget.condition_answers) == ("GOV1", "oui")
    assert budget.bands_reason == "Médiane observée, source ADEME."
    assert [(o.code, o.points, o.lower_bound) for o in budget.options.all()] == [
        ("rien", 0, None),
        ("1-et-plus", 1, 1),
    ]
    assert (strategy.applies_to_kinds, strategy.min_population) == ("commune,cc", 3_500)
    assert [(o.code, float(o.points)) for o in strategy.options.all()] == [
        ("non", 0),
        ("adoptee", 2.5),
    ]
    assert (servers.unit, servers.applies_to_facts) == ("serveurs", "serveurs")
    assert [measure.code for measure in servers.measures.all()] == ["M-GOV1"]


@pytest.mark.usefixtures("level_two")
def test_a_question_of_level_one_is_asked_in_level_two_in_the_same_words():
    load_two()

    first, second = Question.objects.filter(code="GOV1").order_by("theme__questionnaire__level")
    for name in ("text", "help", "kind", "weight", "principle", "interest", "obligation"):
        assert getattr(second, name) == getattr(first, name)
    assert list(second.measures.all()) == list(first.measures.all())
    assert second.sources.count() == first.sources.count() > 0


@pytest.mark.usefixtures("level_two")
def test_a_second_load_of_level_two_changes_nothing():
    load_two()
    before = rows()

    assert load_two() == Loaded(edition=False, questions=0, measures=0)
    assert rows() == before
