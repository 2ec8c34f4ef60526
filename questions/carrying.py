"""What an evaluation takes over from those before it: from the last of its level, and from the other level.

The levels share the codes of thirty questions: level 2 begins with the answers of level 1, and answers it in return.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property

from questions.answering import GivenAnswer, Value, add_answer, change_answer
from questions.enums import AnswerState, AssessmentState, Channel, Level, QuestionKind
from questions.models import Answer, Assessment, Question
from questions.sheets import AnswerSheet, answer_sheet
from territories.models import Collectivite

FRESH = timedelta(days=365)
"""For so long, an answer of level 1 is taken into level 2 without being asked to confirm it."""


@dataclass(frozen=True)
class Taken:
    """One answer that is taken over, and whether somebody should look at it again."""

    question: Question
    answer: Answer
    to_confirm: bool

    @property
    def value(self) -> Value:
        return Value.of(self.answer)


@dataclass(frozen=True)
class Preview:
    """What an evaluation would begin with; questions in the order in which they are asked."""

    sheet: AnswerSheet
    taken: Mapping[str, Taken]
    sources: tuple[Assessment, ...]

    @cached_property
    def visible(self) -> tuple[Question, ...]:
        answers = {code: taken.answer for code, taken in self.taken.items()}
        return replace(self.sheet, answers=answers).visible_questions

    @property
    def carried(self) -> list[Question]:
        return [q for q in self.visible if q.code in self.taken and not self._waits(q)]

    @property
    def to_confirm(self) -> list[Question]:
        return [q for q in self.visible if q.code in self.taken and self._waits(q)]

    @property
    def new(self) -> list[Question]:
        return [q for q in self.visible if q.code not in self.taken]

    def _waits(self, question: Question) -> bool:
        return self.taken[question.code].to_confirm


def sources_of(
    collectivite: Collectivite, level: int, before: Assessment | None = None
) -> list[Assessment]:
    """Return the evaluations that a new one takes answers from, the freshest first.

    The last closed one of its level (or `before`), and the last closed one of the other; level 2 does not wait for
    level 1 to be closed.
    """
    rows = Assessment.objects.official().filter(collectivite=collectivite)
    rows = rows.select_related("collectivite", "questionnaire")
    closed = rows.closed().order_by("-closed_at")
    found = [before or closed.filter(level=level).first(), closed.exclude(level=level).first()]
    if level == Level.TWO and found[1] is None:
        found[1] = rows.open().filter(level=Level.ONE).first()
    return sorted(filter(None, found), key=_freshness, reverse=True)


def preview(new: Assessment, sources: Iterable[Assessment], *, at: datetime) -> Preview:
    """Tell what an evaluation, opened or only imagined, takes over from others."""
    sources, sheet = tuple(sources), answer_sheet(new)
    if new.level == Level.TWO and (own := next((s for s in sources if s.level == new.level), None)):
        sheet = replace(
            sheet, profile=replace(sheet.profile, without=answer_sheet(own).profile.without)
        )
    taken: dict[str, Taken] = {}
    for source in sources:
        for code, answer in takable(answer_sheet(source), sheet):
            waits = _should_be_confirmed(answer, source, new, at)
            taken.setdefault(code, Taken(sheet.questions[code], answer, waits))
    return Preview(sheet, taken, sources)


def carry_over(assessment: Assessment, taken: Iterable[Taken], *, at: datetime) -> None:
    """Write the answers that are taken over, with their author; in the caller's transaction."""
    for one in taken:
        add_answer(
            assessment,
            one.question,
            one.value,
            by=one.answer.author,
            at=at,
            channel=Channel.CARRIED_OVER,
            to_confirm=one.to_confirm,
        )


def update_from(assessment: Assessment, taken: Iterable[Taken], *, at: datetime) -> None:
    """Bring answers into an open assessment, all to confirm: its gaps, and what differs; in the caller's transaction."""
    current = answer_sheet(assessment).answers
    for one in taken:
        answer = current.get(one.question.code)
        if answer is None:
            carry_over(assessment, [replace(one, to_confirm=True)], at=at)
        elif Value.of(answer) != one.value:
            given = GivenAnswer(one.question, one.value, answer.version)
            change_answer(
                answer,
                given,
                by=one.answer.author,
                at=at,
                channel=Channel.CARRIED_OVER,
                to_confirm=True,
            )


def takable(old: AnswerSheet, new: AnswerSheet) -> Iterable[tuple[str, Answer]]:
    """Yield the answers that mean the same in the new edition: same code, kind and unit, options that still exist."""
    for code, answer in old.answers.items():
        before, now = old.questions[code], new.questions.get(code)
        if now is None or (before.kind, before.unit) != (now.kind, now.unit):
            continue
        if answer.state == AnswerState.NOT_APPLICABLE and not now.allows_not_applicable:
            continue
        offered = {option.code for option in new.options[code]}
        chosen = {*answer.choices, *([answer.choice] if answer.choice else [])}
        if now.kind == QuestionKind.YES_NO or chosen <= offered:
            yield code, answer


def _should_be_confirmed(answer: Answer, source: Assessment, new: Assessment, at: datetime) -> bool:
    """From level 1 to level 2, a known answer of less than a year stands as it is; every other is looked at again."""
    if not (source.level == Level.ONE and new.level == Level.TWO):
        return True
    is_known = answer.state != AnswerState.UNKNOWN and not answer.to_confirm
    return not is_known or answer.updated_at < at - FRESH


def _freshness(assessment: Assessment) -> datetime:
    if assessment.state == AssessmentState.CLOSED:
        return assessment.closed_at
    return assessment.last_activity_at or assessment.opened_at
