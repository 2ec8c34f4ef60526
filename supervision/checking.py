"""Every figure computed anew from the raw answers, and what is stored otherwise. Nothing is repaired: a person looks.

Open assessments too: the participation is counted from what they store. Assessments are read a few hundred at a time:
memory does not grow with the country.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, islice

from django.db.models import Count

from questions import conditions, scoring, theme_indices
from questions.counting import copied, periods
from questions.enums import AssessmentState
from questions.models import Answer, Assessment, Theme, ThemeScore
from questions.practices import concerned, pack, positions, practised
from questions.progress import progress
from questions.scoring import Answers, QuestionFacts, Score, stored
from questions.sheets import answer_facts, profile_of
from supervision.exports.answers import Edition
from territories.scoping import everything

AT_A_TIME = 300
RECOMPUTED = (AssessmentState.OPEN, AssessmentState.CLOSED)
COUNTERS = ("asked", "answered", "not_applicable", "unknown")
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


class Content(Edition):
    """An edition, and what is the same for all its assessments."""

    def __init__(self, questionnaire_id: int):
        super().__init__(questionnaire_id)
        place = positions(self.questions)
        self.codes = {pk: question.code for pk, question in self.questions.items()}
        self.places = {code: place[pk] for pk, code in self.codes.items()}
        self.themes: dict[int, Theme] = {q.theme_id: q.theme for q in self.questions.values()}


def drifts() -> Iterator[Drift]:
    """Yield every drift of the assessments of the whole country; what is archived is in no figure."""
    with everything():
        editions: dict[int, Content] = {}
        for group in _by_collectivite():
            yield from _periods_drifts(group)
        rows = Assessment.objects.filter(state__in=RECOMPUTED).order_by("pk")
        rows = rows.select_related("collectivite", "profile")  # what `profile_of` asks
        for some in _batches(rows.iterator(AT_A_TIME)):
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


def drifts_of(rows: list[Assessment], editions: dict[int, Content]) -> Iterator[Drift]:
    """Yield the drifts of these; editions are read once and kept in `editions`."""
    given = _given(rows)
    scores: dict[int, dict[int, ThemeScore]] = {row.pk: {} for row in rows}
    for score in ThemeScore.objects.filter(assessment__in=rows):
        scores[score.assessment_id][score.theme_id] = score
    for row in rows:
        edition = editions.get(row.questionnaire_id)
        if edition is None:
            edition = editions[row.questionnaire_id] = Content(row.questionnaire_id)
        codes = edition.codes
        answers = {codes[pk]: answer_facts(answer) for pk, answer in given[row.pk].items()}
        yield from _drifts_of_one(row, scores[row.pk], edition, answers)


def _given(rows: list[Assessment]) -> dict[int, dict[int, Answer]]:
    """Return the answers of these assessments by key of question."""
    given: dict[int, dict[int, Answer]] = {row.pk: {} for row in rows}
    for answer in Answer.objects.filter(assessment__in=rows).only(*ANSWER_COLUMNS).iterator(5_000):
        given[answer.assessment_id][answer.question_id] = answer
    return given


def _drifts_of_one(
    row: Assessment, scores: dict[int, ThemeScore], edition: Content, answers: Answers
) -> Iterator[Drift]:
    visible = conditions.visible(edition.facts, profile_of(row), answers)
    by_theme = scoring.score_by_theme(visible, answers)
    same_formula = row.formula_version == scoring.FORMULA_VERSION
    done = progress(visible, answers)
    begun = {question.theme for question in visible if question.code in answers}
    expected = {"asked": done.asked, "answered": done.answered}
    if same_formula:
        expected |= _scored(sum(by_theme.values(), Score()), bool(begun))
    if not row.is_open:
        expected |= _packed(visible, answers, edition, by_theme if same_formula else None)
    yield from _differences(row.pk, row, expected)

    copies = copied(row)
    for key, theme in edition.themes.items():
        score = scores.get(key)
        if score is None:
            yield Drift(row.pk, f"score de « {theme} »", "absent", "présent")
            continue
        of_theme = done.of(theme.code)
        expected = copies | {name: getattr(of_theme, name) for name in COUNTERS}
        if same_formula:
            expected |= _scored(by_theme.get(theme.code, Score()), theme.code in begun)
        yield from _differences(row.pk, score, expected, f" de « {theme} »")


def _scored(score: Score, begun: bool) -> dict:
    """Return the columns of a score; there is an index from the first answer on."""
    return {
        "points": stored(score.points),
        "possible": stored(score.possible),
        "index": score.index if begun else None,
    }


def _packed(
    visible: tuple[QuestionFacts, ...],
    answers: Answers,
    edition: Content,
    by_theme: dict[str, Score] | None,
) -> dict:
    """Return the columns that closing packs; no indices where they are of an older formula."""
    columns = {
        "concerned": pack(concerned(visible, answers), edition.places),
        "practised": pack(practised(visible, answers), edition.places),
    }
    if by_theme is not None:
        themes = edition.themes.items()
        indices = {pk: by_theme.get(theme.code, Score()).index for pk, theme in themes}
        columns["theme_indices"] = theme_indices.pack(indices)
    return columns


def _differences(assessment: int, stored_on, expected: dict, of: str = "") -> Iterator[Drift]:
    for name, value in expected.items():
        kept = getattr(stored_on, name)
        kept = bytes(kept) if isinstance(kept, memoryview) else kept
        if kept != value:
            yield Drift(assessment, f"{name}{of}", kept, value)


def _batches(rows: Iterable[Assessment]) -> Iterator[list[Assessment]]:
    rows = iter(rows)
    while some := list(islice(rows, AT_A_TIME)):
        yield some


def count_recomputed() -> dict[str, int]:
    """Return how many assessments there are to recompute, by state."""
    with everything():
        rows = Assessment.objects.filter(state__in=RECOMPUTED).order_by()
        found = dict(rows.values_list("state").annotate(count=Count("*")))
    return {state: found.get(state, 0) for state in RECOMPUTED}
