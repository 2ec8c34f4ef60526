"""What every question of every level keeps, read from the files alone: no database, one pass a promise.

What is particular to the thirty questions of level 1 is in `test_content.py`. A test collects what breaks the promise, by
code: an empty dict is the expected answer, and a failure names all that is to be mended.
"""

import re
from datetime import date
from itertools import pairwise
from urllib.parse import urlsplit

import pytest

from questions.enums import Cost, Level, Priority, ProfileFact, QuestionKind, ThreeSteps, YesNo
from questions.loading import read_themes
from questions.models import Measure, Option, Question, QuestionSource
from questions.scoring import BANDED
from territories.enums import CollectiviteKind

AT_MOST = 140
"""Questions of an edition."""
LONGEST_SENTENCE = 40
"""Words: a secretary reads between two visitors."""
FEWEST_LETTERS = 40
"""Below, a text explains nothing."""
CHOSEN = {QuestionKind.ONE_OF, QuestionKind.SEVERAL_OF}
SAID = {QuestionKind.TEXT, QuestionKind.NAME, QuestionKind.DATE}
TEXTS = ("help", "principle", "interest", "first_step", "bands_reason", "obligation")
DUTY = ("obligation", "obligation_reference", "obligation_url", "obligation_verified_on")
FACTS, KINDS = set(ProfileFact.values), set(CollectiviteKind.values)
# A plain space where French asks for one that does not break, or none at all where it asks for one.
TYPOGRAPHY = re.compile(
    r"\w'\w| [;:?!%»€]|« |[^\s\u00a0][?!»]|\b(n°|art\.) \d|\d (kg|kWh|m²|Ko|To)\b|  "
)
MARKUP = re.compile(r"<[a-z/]|\*\*|\]\(")
A_SHEET = re.compile(r"fiche [a-i]\.\d")
ITS_SUMMARY = re.compile(r"/bonnes-pratiques/$")

THEMES = {level: read_themes(level) for level in Level}
QUESTIONS = {level: [q for t in THEMES[level] for q in t["questions"]] for level in Level}
MEASURES = [m for level in Level for theme in THEMES[level] for m in theme.get("measures") or []]

every_level = pytest.mark.parametrize("level", Level, ids=lambda level: level.name)


def failing(rows: list[dict], says) -> dict:
    """Return by code what `says` finds wrong; what it finds right it returns as None, or empty."""
    return {row["code"]: wrong for row in rows if (wrong := says(row))}


def longest(model, name: str) -> int:
    return model._meta.get_field(name).max_length


def is_link(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme == "https" and "." in parts.netloc and not re.search(r"\s", url)


def options(question: dict) -> list[dict]:
    return question.get("options") or []


def kind(question: dict) -> str:
    return question.get("kind", QuestionKind.YES_NO)


def words_read(row: dict) -> dict[str, str]:
    """Return every text that a collectivité reads of a question or a measure; links and codes are not."""
    found = {name: row.get(name) or "" for name in (*TEXTS, "text", "title", "why", "unit")}
    found |= {f"option {o['code']}": o["label"] for o in options(row)}
    found |= {f"source {n}": s["label"] for n, s in enumerate(row.get("sources") or [])}
    found |= {f"step {n}": step for n, step in enumerate(row.get("how") or [])}
    found |= {f"resource {n}": r["title"] for n, r in enumerate(row.get("resources") or [])}
    names = ("not_applicable_hint", "obligation_reference", "legal_reference")
    return found | {name: row.get(name) or "" for name in names}


@every_level
def test_codes_are_unique_and_short_and_questions_few_enough(level):
    codes = [question["code"] for question in QUESTIONS[level]]

    assert len(codes) == len(set(codes)) <= AT_MOST
    assert max(map(len, codes)) <= longest(Question, "code")


@every_level
def test_no_text_is_too_long_for_its_place(level):
    def too_long(question):
        named = ("text", "unit", "not_applicable_hint", "obligation_reference", "obligation_url")
        texts = [(question.get(name) or "", longest(Question, name)) for name in named]
        texts += [
            (o[name], longest(Option, name))
            for o in options(question)
            for name in ("code", "label")
        ]
        texts += [
            (s[name], longest(QuestionSource, name))
            for s in question["sources"]
            for name in ("label", "url")
        ]
        return [text for text, most in texts if len(text) > most]

    assert failing(QUESTIONS[level], too_long) == {}


@every_level
def test_every_question_asks_helps_and_explains(level):
    def wanting(question):
        short = [n for n in TEXTS[:4] if len((question.get(n) or "").strip()) < FEWEST_LETTERS]
        return short + ([] if "\u00a0?" in question["text"] else ["text"])

    assert failing(QUESTIONS[level], wanting) == {}


@every_level
def test_every_question_has_sources_with_year_and_link(level):
    def unsound(question):
        sources = question.get("sources") or [{"label": "", "year": 0, "url": ""}]
        return [
            s
            for s in sources
            if not (s["label"] and 2000 <= s["year"] <= 2026 and is_link(s["url"]))
        ]

    assert failing(QUESTIONS[level], unsound) == {}


@pytest.mark.parametrize("rows", [*QUESTIONS.values(), MEASURES], ids=["ONE", "TWO", "measures"])
def test_a_link_that_names_a_sheet_of_good_practice_leads_to_it_and_not_to_the_summary(rows):
    def misled(row):
        links = [(s["label"], s["url"]) for s in row.get("sources") or []]
        links += [(r["title"], r["url"]) for r in row.get("resources") or []]
        return [label for label, url in links if A_SHEET.search(label) and ITS_SUMMARY.search(url)]

    assert failing(rows, misled) == {}


@every_level
def test_a_duty_has_its_text_reference_link_and_day_or_none_of_them(level):
    def half_told(question):
        told = [name for name in DUTY if question.get(name)]
        if not told:
            return question.get("obligation_min_population") and ["threshold of no duty"]
        day = question.get("obligation_verified_on")
        sound = is_link(question.get("obligation_url") or "") and isinstance(day, date)
        return None if len(told) == len(DUTY) and sound else told

    assert failing(QUESTIONS[level], half_told) == {}


@every_level
def test_every_question_leads_to_measures_that_exist(level):
    known = {measure["code"] for measure in MEASURES}

    def lost(question):
        proposed = question.get("measures") or ["none"]
        return [code for code in proposed if code not in known]

    assert failing(QUESTIONS[level], lost) == {}


@every_level
def test_not_applicable_is_explained_where_it_is_allowed(level):
    def unexplained(question):
        return bool(question.get("not_applicable_hint")) != bool(
            question.get("allows_not_applicable")
        )

    assert failing(QUESTIONS[level], unexplained) == {}


@every_level
def test_answers_fit_the_kind_of_the_question_and_what_counts_can_be_won(level):
    def unfit(question):
        codes = [option["code"] for option in options(question)]
        if len(codes) != len(set(codes)):
            return "the same answer twice"
        if kind(question) in CHOSEN and len(codes) < 2:
            return "fewer than two answers"
        if kind(question) in SAID and (codes or question["weight"]):
            return "words and dates earn nothing"
        if kind(question) == QuestionKind.NUMBER and not question.get("unit"):
            return "a number of what?"
        worth = max((option["points"] for option in options(question)), default=0)
        counts = kind(question) == QuestionKind.YES_NO or worth > 0
        return "a weight that nothing earns" if question["weight"] and not counts else None

    assert failing(QUESTIONS[level], unfit) == {}


@every_level
def test_bands_cover_every_figure_go_one_way_and_give_their_reason(level):
    def broken(question):
        bands = options(question) if kind(question) in BANDED else []
        if not bands:
            return None
        bounds = [band.get("lower_bound") for band in bands]
        if bounds[0] is not None or None in bounds[1:]:
            return "the first band, and it alone, has no bound"
        if any(low >= high for low, high in pairwise(bounds[1:])):
            return "bounds that do not rise"
        lowest = question.get("minimum", 0)
        highest = question.get("maximum", 100 if kind(question) == QuestionKind.PERCENT else None)
        if bounds[1] <= lowest or (highest is not None and bounds[-1] > highest):
            return "a band out of reach"
        points = [band["points"] for band in bands]
        if points not in (sorted(points), sorted(points, reverse=True)):
            return "points that go up and down"
        return None if not any(points) or question.get("bands_reason") else "no reason"

    assert failing(QUESTIONS[level], broken) == {}


@every_level
def test_what_is_plausible_is_possible(level):
    def impossible(question):
        names = ("minimum", "plausible_minimum", "plausible_maximum", "maximum")
        bounds = [question[name] for name in names if question.get(name) is not None]
        return bounds if bounds != sorted(bounds) else None

    assert failing(QUESTIONS[level], impossible) == {}


def test_what_is_a_part_of_another_figure_is_declared():
    assert {q["code"]: q["whole"] for q in QUESTIONS[Level.TWO] if q.get("whole")} == {
        "ACH2B": "ACH2A",
        "ACH6B": "ACH6A",
        "PAR5B": "PAR5A",
    }


@every_level
def test_a_condition_awaits_answers_that_an_earlier_question_offers(level):
    offered, unmet = {}, {}
    for question in QUESTIONS[level]:
        if condition := question.get("condition"):
            missing = set(condition["answers"]) - offered.get(condition["question"], set())
            if missing or not condition["answers"]:
                unmet[question["code"]] = condition
        yes_no = kind(question) == QuestionKind.YES_NO
        offered[question["code"]] = (
            set(YesNo.values) if yes_no else {option["code"] for option in options(question)}
        )

    assert unmet == {}


@every_level
def test_whom_a_question_concerns_is_told_in_known_codes(level):
    def unknown(question):
        facts, kinds = question.get("applies_to_facts"), question.get("applies_to_kinds")
        return set(facts or ()) - FACTS | set(kinds or ()) - KINDS

    assert failing(QUESTIONS[level], unknown) == {}


@every_level
def test_sentences_are_short(level):
    def long_winded(question):
        sentences = [
            s for name in TEXTS for s in re.split(r"(?<=[.!?…])\s", question.get(name) or "")
        ]
        return [s for s in sentences if len(re.findall(r"[\w’]+", s)) > LONGEST_SENTENCE]

    assert failing(QUESTIONS[level], long_winded) == {}


def test_measures_are_told_apart_complete_and_proposed_by_a_question():
    codes = [measure["code"] for measure in MEASURES]
    proposed = {
        code for level in Level for question in QUESTIONS[level] for code in question["measures"]
    }

    def incomplete(measure):
        steps = (measure["effort"], ThreeSteps), (measure["gain"], ThreeSteps)
        steps += (measure["cost"], Cost), (measure["priority"], Priority)
        wrong = [value for value, choices in steps if value not in choices.values]
        wrong += [r["url"] for r in measure["resources"] if not is_link(r["url"])]
        wrong += [i for i in measure["indicators"] if not (i["label"] and str(i["unit"]).strip())]
        rows = measure["resources"] and measure["indicators"] and 3 <= len(measure["how"]) <= 6
        fits = len(measure["title"]) <= longest(Measure, "title") and measure["why"].strip()
        return wrong or not (rows and fits)

    assert len(codes) == len(set(codes))
    assert set(codes) == proposed
    assert failing(MEASURES, incomplete) == {}


@pytest.mark.parametrize("rows", [*QUESTIONS.values(), MEASURES], ids=["ONE", "TWO", "measures"])
def test_texts_follow_french_typography_and_hold_no_markup(rows):
    def careless(row):
        texts = words_read(row).items()
        return {n: m.group() for n, t in texts if (m := TYPOGRAPHY.search(t) or MARKUP.search(t))}

    assert failing(rows, careless) == {}
