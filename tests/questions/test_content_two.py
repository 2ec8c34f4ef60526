"""Level 2 as it is written: each question keeps the promises of the editors, for a village as for an agglomeration."""

import re
from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from questions.checking import reasons_not_to_publish
from questions.conditions import Profile, applies, visible
from questions.enums import Letter, ProfileFact, QuestionKind, YesNo
from questions.loading import load_edition, read_themes
from questions.models import Question, Questionnaire
from questions.scoring import (
    BANDED,
    AnswerFacts,
    OptionFacts,
    QuestionFacts,
    letter,
    score,
    score_by_theme,
)
from tests.questions.test_content import assert_well_formed

THEMES = [
    "gouvernance",
    "sensibilisation",
    "achats",
    "parc",
    "reseaux-donnees",
    "usages",
    "ecoconception",
    "territoires",
    "inclusion",
]
# Codes that figures, footprint and obligations read.
READ_ELSEWHERE = set(
    """
    PAR8A PAR8B PAR8C PAR8D PAR8E PAR8F PAR8G PAR8H PAR8I PAR8J PAR2A PAR2B PAR2C PAR2E PAR5A PAR5B PAR3A PAR13 PAR10
    ACH2A ACH2B ACH6A ACH6B ACH12 GOV12 GOV5 GOV6 GOV7 GOV6D SEN1A SEN2A SEN4A RES5 RES8 RES8N RES8R RES9 RES13 RES18
    USA3A USA7 ECO3 ECO3A ECO4 ECO5 ECO6 ECO9A INC5 INC10
""".split()  # noqa: SIM905 - read as they are told
)

themes = read_themes(2)
questions = [question for theme in themes for question in theme["questions"]]
new_measures = [measure for theme in themes for measure in theme.get("measures") or []]
level_one = [question["code"] for theme in read_themes(1) for question in theme["questions"]]
old_measures = [measure["code"] for theme in read_themes(1) for measure in theme["measures"]]
own = [question for question in questions if question["code"] not in level_one]


def by_code(row) -> str:
    return row["code"]


# --- Each question


def test_there_are_nine_themes_and_a_hundred_and_thirty_questions_or_so():
    codes = [question["code"] for question in questions]

    assert [theme["code"] for theme in themes] == THEMES
    assert 125 <= len(codes) <= 140
    assert len(set(codes)) == len(codes)
    assert set(level_one) <= set(codes)
    assert READ_ELSEWHERE.issubset(codes)


def test_every_kind_of_question_is_asked_and_every_fact_decides_of_something():
    assert {question.get("kind", "yes_no") for question in questions} == set(QuestionKind.values)
    asked_for = {fact for question in questions for fact in question.get("applies_to_facts") or ()}
    assert asked_for <= set(ProfileFact.values)
    assert {"site_web", "serveurs", "objets_connectes", "teleservices"} <= asked_for


@pytest.mark.parametrize("question", questions, ids=by_code)
def test_a_question_asks_helps_explains_and_leads_to_a_measure(question):
    known = {*old_measures, *(measure["code"] for measure in new_measures)}

    assert "\u00a0?" in question["text"]
    assert len(question["text"]) <= 250
    assert len(question["help"]) >= 40
    for name in ("principle", "interest", "first_step"):
        assert question[name].strip(), name
    assert question["sources"]
    for source in question["sources"]:
        assert source["label"].strip()
        assert 1970 <= source["year"] <= 2026
        assert_well_formed(source["url"])
    assert question["measures"]
    assert set(question["measures"]) <= known


@pytest.mark.parametrize("question", questions, ids=by_code)
def test_an_obligation_has_its_reference_its_link_and_its_date(question):
    for name in ("obligation_reference", "obligation_url", "obligation_verified_on"):
        assert bool(question.get(name)) == bool(question.get("obligation")), name


@pytest.mark.parametrize("question", own, ids=by_code)
def test_a_figure_says_its_unit_its_bounds_and_why_its_bands(question):
    kind, options = question.get("kind", "yes_no"), question.get("options") or []
    if kind == QuestionKind.NUMBER:
        assert question["unit"].strip()
    if kind in BANDED and question["weight"]:
        assert len(options) >= 2
        assert re.search(r"\b(19|20)\d{2}\b|source", question["bands_reason"], re.IGNORECASE)
    for low, high in (("minimum", "maximum"), ("plausible_minimum", "plausible_maximum")):
        if question.get(low) is not None and question.get(high) is not None:
            assert question[low] < question[high]


@pytest.mark.parametrize("row", [*questions, *new_measures], ids=by_code)
def test_no_text_holds_markup_or_promises_carbon_for_sorting_mails(row):
    text = " ".join(str(value) for value in row.values())

    assert not re.search(r"<[a-z/]|\*\*|\]\(", text)
    assert "avec succès" not in text
    assert not re.search(r"supprim\w+ (vos|ses|les) (courriels|mails)[^.]*CO", text, re.IGNORECASE)


def test_a_chain_of_three_questions_is_asked_somewhere():
    mothers = {q["code"]: q["condition"]["question"] for q in questions if q.get("condition")}

    assert any(mother in mothers for mother in mothers.values())


# --- Who is asked what, and what letters they can reach

VILLAGE, TOWN, AGGLO = (
    Profile("commune", 300),
    Profile("commune", 12_000),
    Profile("ca", 90_000),
)
SMALL = Profile(
    "commune",
    300,
    frozenset(ProfileFact.values) - {"site_web", "eclairage", "ecoles", "teleservices"},
)


def facts_of(question: dict, theme: str) -> QuestionFacts:
    condition = question.get("condition") or {"question": "", "answers": ()}
    return QuestionFacts(
        code=question["code"],
        theme=theme,
        kind=question.get("kind", QuestionKind.YES_NO),
        weight=question["weight"],
        options=tuple(
            OptionFacts(
                option["code"],
                Decimal(str(option.get("points", 0))),
                None if option.get("lower_bound") is None else Decimal(str(option["lower_bound"])),
            )
            for option in question.get("options") or ()
        ),
        condition_code=condition["question"],
        condition_answers=frozenset(condition["answers"]),
        applies_to_kinds=frozenset(question.get("applies_to_kinds") or ()),
        applies_to_facts=frozenset(question.get("applies_to_facts") or ()),
        min_population=question.get("min_population"),
        max_population=question.get("max_population"),
    )


content = [facts_of(q, theme["code"]) for theme in themes for q in theme["questions"]]


def extreme(question: QuestionFacts, best: bool) -> AnswerFacts:
    """Return the answer that earns the most, or the least."""
    if question.kind == QuestionKind.YES_NO:
        return AnswerFacts(choice=YesNo.YES if best else YesNo.NO)
    if not question.options:
        return AnswerFacts(number=Decimal(1))
    pick = (max if best else min)(question.options, key=lambda option: option.points)
    if question.kind in BANDED:
        return AnswerFacts(number=_within(question, pick))
    if question.kind == QuestionKind.SEVERAL_OF:
        return AnswerFacts(choices=(pick.code,))
    return AnswerFacts(choice=pick.code)


def _within(question: QuestionFacts, band: OptionFacts) -> Decimal:
    if band.lower_bound is not None:
        return band.lower_bound
    return min(o.lower_bound for o in question.options if o.lower_bound is not None) - Decimal(
        "0.01"
    )


def answered(best: set[str]) -> dict[str, AnswerFacts]:
    return {q.code: extreme(q, q.code in best) for q in content}


@pytest.mark.parametrize(
    ("profile", "at_first", "at_most"),
    [(VILLAGE, 96, 131), (TOWN, 100, 136), (AGGLO, 104, 140), (SMALL, 85, 120)],
    ids=["village", "town", "agglomeration", "village that stated its facts"],
)
def test_the_number_of_questions_by_profile(profile, at_first, at_most):
    assert len(visible(content, profile, {})) == at_first
    assert sum(applies(question, profile) for question in content) == at_most


@pytest.mark.parametrize(
    "profile", [VILLAGE, TOWN, AGGLO, SMALL], ids=["village", "town", "agglo", "stated"]
)
def test_every_letter_can_be_reached(profile):
    """From all the worst to all the best, one question after the other."""
    reached, best = set(), set()
    for question in [None, *content]:
        best |= {question.code} if question else set()
        answers = answered(best)
        reached.add(letter(score(visible(content, profile, answers), answers).index))

    assert reached == set(Letter)
    everything = answered({question.code for question in content})
    themes_asked = score_by_theme(visible(content, profile, everything), everything)
    assert {theme: letter(found.index) for theme, found in themes_asked.items()} == dict.fromkeys(
        THEMES, Letter.A
    )


def test_every_theme_counts_for_every_profile():
    for profile in (VILLAGE, TOWN, AGGLO, SMALL):
        answers = answered(set())
        counted = score_by_theme(visible(content, profile, answers), answers)
        assert [theme for theme in THEMES if not counted[theme].possible] == []


def test_which_mention_of_accessibility_is_shown_is_asked_only_of_those_who_show_one():
    mention = next(question for question in questions if question["code"] == "ECO3A")

    assert mention["condition"] == {"question": "ECO3", "answers": ["oui"]}
    assert [option["code"] for option in mention["options"]] == ["totale", "partielle", "non"]


def test_the_majority_of_questions_is_more_than_yes_or_no():
    kinds = Counter(question.get("kind", "yes_no") for question in questions)

    assert kinds["yes_no"] < len(questions) / 2


# --- Loaded


@pytest.mark.any_database
@pytest.mark.django_db
def test_it_is_published_in_full_and_passes_the_check():
    at = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
    for level in (1, 2):
        load_edition(level=level, edition="2027", title="Niveau", introduction="", at=at)

    edition = Questionnaire.objects.current(2)
    asked = Question.objects.filter(theme__questionnaire=edition)
    assert reasons_not_to_publish(edition) == []
    assert asked.count() == len(questions)
    assert not asked.filter(sources=None).exists()
    assert not asked.filter(measures=None).exists()
    assert not asked.filter(live=False).exists()
