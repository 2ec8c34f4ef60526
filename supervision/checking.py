"""Every figure computed anew from the raw answers, and what is stored otherwise. Nothing is repaired: a person looks.

Assessments are read a few hundred at a time: memory does not grow with the country.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, islice

from questions import conditions, scoring, theme_indices
from questions.conditions import Profile
from questions.counting import copied, periods
from questions.enums import AssessmentState
from questions.models import Answer, Assessment, AssessmentProfile, ThemeScore
from questions.practices import concerned, pack, positions, practised
from questions.sheets import answer_facts
from supervision.exports.answers import Edition
from territories.scoping import everything

AT_A_TIME = 300
ANSWER_COLUMNS = (
    "assessment_id", "question_id", "state", "choice", "choices", "number", "to_confirm",
)  # fmt: skip


@dataclass(frozen=True)
class Drift:
    """What is stored is not what the answers give."""

    assessment: int
    what: str
    stored: object
    computed: object

    def __str__(self) -> str:
        return (
            f"évaluation {self.assessment}, {self.what} : {self.stored} au lieu de {self.computed}"
        )


def drifts() -> Iterator[Drift]:
    """Yield every drift of the closed assessments of the whole country."""
    with everything():
        editions: dict[int, Edition] = {}
        for group in _by_collectivite():
            yield from _periods_drifts(group)
        rows = Assessment.objects.closed().order_by("pk").iterator(AT_A_TIME)
        for some in _batches(rows):
            yield from drifts_of(some, editions)


def _by_collectivite() -> Iterator[list[Assessment]]:
    """Yield what each collectivité has of each level, oldest closing first."""
    rows = Assessment.objects.exclude(closed_at=None).defer(
        "concerned", "practised", "theme_indices"
    )
    rows = rows.order_by("collectivite", "level", "closed_at", "pk").iterator(AT_A_TIME)
    for _, group in groupby(rows, key=lambda row: (row.collectivite_id, row.level)):
        yield list(group)


def _periods_drifts(group: list[Assessment]) -> Iterator[Drift]:
    for row, counted in zip(group, periods(group), strict=True):
        for name, value in counted.items():
            if getattr(row, name) != value:
                yield Drift(row.pk, name, getattr(row, name), value)


def drifts_of(rows: list[Assessment], editions: dict[int, Edition]) -> Iterator[Drift]:
    """Yield the drifts of these; editions are read once and kept in `editions`."""
    given = _given(rows)
    scores: dict[int, list[ThemeScore]] = {}
    for score in ThemeScore.objects.filter(assessment__in=rows).select_related("theme"):
        scores.setdefault(score.assessment_id, []).append(score)
    stated = dict(
        AssessmentProfile.objects.filter(assessment__in=rows).values_list("assessment", "stated")
    )
    for row in rows:
        edition = editions.get(row.questionnaire_id)
        if edition is None:
            edition = editions[row.questionnaire_id] = Edition(row.questionnaire_id)
        without = {code for code, value in stated.get(row.pk, {}).items() if value is False}
        profile = Profile(row.cohort_kind, row.cohort_population, frozenset(without))
        yield from _drifts_of_one(row, scores.get(row.pk, []), edition, profile, given[row.pk])


def _given(rows: list[Assessment]) -> dict[int, dict[int, Answer]]:
    """Return the answers of these assessments by key of question."""
    given: dict[int, dict[int, Answer]] = {row.pk: {} for row in rows}
    for answer in Answer.objects.filter(assessment__in=rows).only(*ANSWER_COLUMNS).iterator(5_000):
        given[answer.assessment_id][answer.question_id] = answer
    return given


def _drifts_of_one(row, scores, edition: Edition, profile, given) -> Iterator[Drift]:
    codes = {pk: question.code for pk, question in edition.questions.items()}
    answers = {codes[pk]: answer_facts(answer) for pk, answer in given.items()}
    visible = conditions.visible(edition.facts, profile, answers)
    place = positions(codes)
    places = {code: place[pk] for pk, code in codes.items()}
    by_theme = scoring.score_by_theme(visible, answers)
    expected = {
        "concerned": pack(concerned(visible, answers), places),
        "practised": pack(practised(visible, answers), places),
    }
    if row.formula_version == scoring.FORMULA_VERSION:
        expected["index"] = scoring.score(visible, answers).index
        themes = {question.theme_id: question.theme.code for question in edition.questions.values()}
        expected["theme_indices"] = theme_indices.pack(
            {pk: by_theme.get(code, scoring.Score()).index for pk, code in themes.items()}
        )
    for name, value in expected.items():
        stored = getattr(row, name)
        stored = bytes(stored) if isinstance(stored, memoryview) else stored
        if stored != value:
            yield Drift(row.pk, name, stored, value)
    copies = copied(row)
    for score in scores:
        theme = by_theme.get(score.theme.code, scoring.Score())
        if row.formula_version == scoring.FORMULA_VERSION and score.index != theme.index:
            yield Drift(row.pk, f"indice de « {score.theme} »", score.index, theme.index)
        for name, value in copies.items():
            if getattr(score, name) != value:
                yield Drift(row.pk, f"{name} de « {score.theme} »", getattr(score, name), value)


def _batches(rows: Iterable[Assessment]) -> Iterator[list[Assessment]]:
    rows = iter(rows)
    while some := list(islice(rows, AT_A_TIME)):
        yield some


def count_closed() -> int:
    with everything():
        return Assessment.objects.filter(state=AssessmentState.CLOSED).count()
