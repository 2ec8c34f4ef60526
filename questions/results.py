"""What an assessment says: its index, its themes, what each « non » costs, what moved, what to do first."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from django.utils import timezone
from django.utils.formats import date_format

from questions import scoring
from questions.enums import Letter
from questions.models import Assessment, Question, Theme, ThemeScore
from questions.priorities import SHOWN, MeasureFacts, Proposal, proposals
from questions.sheets import AnswerSheet, answer_sheet
from questions.wording import in_words


@dataclass(frozen=True)
class ThemeRow:
    """A theme with its score and that of the time before; `label`, `value` and `before` are read by the charts."""

    theme: Theme
    score: ThemeScore
    before: int | None = None

    @property
    def label(self) -> str:
        return self.theme.title

    @property
    def value(self) -> int | None:
        return self.score.index

    @property
    def letter(self) -> Letter | None:
        return scoring.letter(self.score.index)


@dataclass(frozen=True)
class Loss:
    """An answer that is not the best, and the points of the index that it costs."""

    question: Question
    words: str
    points: Decimal


@dataclass(frozen=True)
class Change:
    """An answer that is not what it was; `better` is None when it earns the same."""

    question: Question
    before: str
    now: str
    better: bool | None


@dataclass(frozen=True)
class Results:
    assessment: Assessment
    sheet: AnswerSheet
    past: tuple[Assessment, ...] = ()
    """The closed assessments before this one, oldest first."""

    @property
    def letter(self) -> Letter | None:
        return scoring.letter(self.assessment.index)

    @property
    def before(self) -> Assessment | None:
        return self.past[-1] if self.past else None

    @property
    def delta(self) -> int | None:
        """Points of the index won or lost since the time before."""
        if self.before is None or None in (self.before.index, self.assessment.index):
            return None
        return self.assessment.index - self.before.index

    @property
    def same_edition(self) -> bool:
        return (
            self.before is None or self.before.questionnaire_id == self.assessment.questionnaire_id
        )

    @cached_property
    def themes(self) -> list[ThemeRow]:
        """The themes asked, as they were scored: a past figure is never computed anew."""
        wanted = [row.pk for row in (self.assessment, self.before) if row]
        now, before = {}, {}
        for row in ThemeScore.objects.filter(assessment__in=wanted).select_related("theme"):
            (now if row.assessment_id == self.assessment.pk else before)[row.theme.code] = row
        return [
            ThemeRow(
                theme, now[theme.code], before[theme.code].index if theme.code in before else None
            )
            for theme in self.sheet.asked_themes
            if theme.code in now
        ]

    @cached_property
    def losses(self) -> list[Loss]:
        """The costliest first."""
        lost = [
            Loss(*self._said(code), scoring.stored(points))
            for code, points in self.sheet.losses.items()
        ]
        return sorted(lost, key=lambda loss: -loss.points)

    @cached_property
    def all_proposals(self) -> list[Proposal]:
        return proposals(measures_for(self.sheet))

    @property
    def proposals(self) -> list[Proposal]:
        """The measures to take first."""
        return self.all_proposals[:SHOWN]

    @cached_property
    def unknown(self) -> list[Question]:
        return [self.sheet.questions[code] for code in self.sheet.progress.unknown]

    @cached_property
    def changes(self) -> list[Change]:
        """What is answered otherwise than the time before, by code of question."""
        if self.before is None:
            return []
        like = self.sheet if self.same_edition else None
        return changes(self.sheet, answer_sheet(self.before, like=like))

    @cached_property
    def trend(self) -> list[dict]:
        """The index of each assessment with its month, this one last."""
        rows = [row for row in (*self.past, self.assessment) if row.index is not None]
        dates = [timezone.localtime(row.closed_at or row.last_activity_at) for row in rows]
        return [
            {"label": date_format(at, "N Y"), "value": row.index}
            for at, row in zip(dates, rows, strict=True)
        ]

    def _said(self, code: str) -> tuple[Question, str]:
        question = self.sheet.questions[code]
        return question, in_words(question, self.sheet.options[code], self.sheet.answers[code])


def results_of(assessment: Assessment) -> Results:
    """Read the results of an assessment that the caller was allowed to find."""
    return Results(assessment, answer_sheet(assessment), tuple(_past(assessment)))


def changes(now: AnswerSheet, before: AnswerSheet) -> list[Change]:
    """Return the questions of both sheets whose answers differ in words, in the order of the newer sheet."""
    asked_before = {facts.code: facts for facts in before.visible}
    found = []
    for facts in now.visible:
        code = facts.code
        if code not in asked_before or code not in now.answers or code not in before.answers:
            continue
        was = in_words(before.questions[code], before.options[code], before.answers[code])
        words = in_words(now.questions[code], now.options[code], now.answers[code])
        if was != words:
            earned = scoring.share(facts, now.answer_facts[code])
            earned_before = scoring.share(asked_before[code], before.answer_facts[code])
            better = None if earned == earned_before else earned > earned_before
            found.append(Change(now.questions[code], was, words, better))
    return found


def measures_for(sheet: AnswerSheet) -> Iterable[tuple[MeasureFacts, Fraction]]:
    """Return the measures to which each lost point leads, in one query."""
    lost = {sheet.questions[code].pk: points for code, points in sheet.losses.items()}
    links = Question.measures.through.objects.filter(question__in=lost, measure__live=True)
    return [
        (_facts(link.measure), lost[link.question_id]) for link in links.select_related("measure")
    ]


def _facts(measure) -> MeasureFacts:
    return MeasureFacts(
        code=measure.code,
        title=measure.title,
        priority=measure.priority,
        effort=measure.effort,
        gain=measure.gain,
        cost=measure.cost,
    )


def _past(assessment: Assessment) -> Iterable[Assessment]:
    if assessment.is_provisional:
        return []
    rows = Assessment.objects.official().closed()
    rows = rows.filter(collectivite=assessment.collectivite_id, level=assessment.level)
    if assessment.as_of:
        rows = rows.filter(closed_at__lt=assessment.as_of)
    return rows.select_related("collectivite", "questionnaire").order_by("closed_at")
