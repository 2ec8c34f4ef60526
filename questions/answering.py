"""Answers are recorded, and the scores that follow from them, in one transaction.

Two people at once lose nothing: who saves over a version she has not seen is told, and sees both (`AnswerConflict`).
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, replace
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from questions.enums import AssessmentState, Channel
from questions.models import Answer, AnswerHistory, Assessment, Question, ThemeScore
from questions.scoring import FORMULA_VERSION, Score, stored
from questions.sheets import AnswerSheet, answer_sheet
from territories.enums import AuditAction
from territories.journal import record
from territories.models import AuditEntry
from territories.scoping import everything


class AssessmentClosed(Exception):
    """A closed or archived assessment never changes."""

    def __str__(self) -> str:
        return (
            "Cette évaluation est clôturée : ses réponses ne changent plus. "
            "Commencez une nouvelle évaluation pour les mettre à jour."
        )


class CollectiviteRetired(AssessmentClosed):
    """Its commune has merged with others: an evaluation left open there never changes either."""

    def __str__(self) -> str:
        return "Cette collectivité n’existe plus : ce qu’elle a répondu se lit encore, et ne change plus."


class QuestionNotAsked(Exception):
    """The question is of another edition than the assessment."""


@dataclass(frozen=True)
class Value:
    """What is answered to a question: the column that holds it depends on its kind."""

    state: str
    choice: str = ""
    choices: tuple[str, ...] = ()
    number: Decimal | None = None
    text: str = ""
    date: dt.date | None = None
    comment: str = ""

    @classmethod
    def of(cls, answer: Answer) -> "Value":
        values = {field.name: getattr(answer, field.name) for field in fields(cls)}
        return cls(**values | {"choices": tuple(answer.choices)})

    @classmethod
    def from_history(cls, row: AnswerHistory) -> "Value":
        kept = dict(row.value)
        return cls(
            state=row.state,
            choice=kept.get("choice", ""),
            choices=tuple(kept.get("choices", ())),
            number=Decimal(kept["number"]) if "number" in kept else None,
            text=kept.get("text", ""),
            date=dt.date.fromisoformat(kept["date"]) if "date" in kept else None,
            comment=row.comment,
        )

    def for_history(self) -> dict:
        """Return what is not empty of the value, as JSON holds it."""
        kept = {"choice": self.choice, "choices": list(self.choices), "text": self.text}
        kept["number"] = "" if self.number is None else str(self.number)
        kept["date"] = self.date.isoformat() if self.date else ""
        return {name: value for name, value in kept.items() if value}

    def columns(self) -> dict:
        columns = {field.name: getattr(self, field.name) for field in fields(self)}
        return columns | {"choices": list(self.choices)}


@dataclass(frozen=True)
class GivenAnswer:
    """A value, and the version of the answer that its author had before her eyes; 0 when there was none."""

    question: Question
    value: Value
    version: int = 0


class AnswerConflict(Exception):
    """Somebody saved another answer in between; `mine` was not saved, `theirs` is what is in the database."""

    def __init__(self, mine: GivenAnswer, theirs: Answer):
        super().__init__(f"question {mine.question.pk}")
        self.question = mine.question
        self.mine = mine
        self.theirs = theirs


@dataclass(frozen=True)
class Recorded:
    """What became of a page of answers, and the assessment as it now stands."""

    written: frozenset[str]
    """Codes of the questions whose answer was written."""
    conflicts: tuple[AnswerConflict, ...]
    asks_otherwise: bool
    """These answers showed or hid questions."""
    sheet: AnswerSheet


def record_answer(
    *,
    assessment: Assessment,
    given: GivenAnswer | Callable[[AnswerSheet], GivenAnswer],
    by: User,
    at: datetime,
    channel: Channel = Channel.AGENT,
) -> Recorded:
    """Record one answer, or what is given to the questions once they are read. Raises AssessmentClosed, QuestionNotAsked,
    AnswerConflict.
    """
    recorded = record_answers(
        assessment=assessment,
        given=lambda sheet: [given(sheet) if callable(given) else given],
        by=by,
        at=at,
        channel=channel,
    )
    for conflict in recorded.conflicts:
        raise conflict
    return recorded


def record_answers(
    *,
    assessment: Assessment,
    given: Iterable[GivenAnswer] | Callable[[AnswerSheet], Iterable[GivenAnswer]],
    by: User,
    at: datetime,
    channel: Channel = Channel.AGENT,
) -> Recorded:
    """Record the answers of a page; what is in conflict is handed back and keeps nothing else from being saved.

    The same value again adds nothing, but confirms an answer that was carried over. Raises AssessmentClosed,
    QuestionNotAsked.
    """
    with transaction.atomic(), everything():
        assessment = lock_open(assessment)
        before = answer_sheet(assessment)
        visible = before.visible  # as it was: answers are changed in place below
        written, conflicts = {}, []
        for one in given(before) if callable(given) else given:
            code = one.question.code
            if code not in before.questions or before.questions[code] != one.question:
                raise QuestionNotAsked
            try:
                answer = _write(assessment, one, before.answers.get(code), by, at, channel)
            except AnswerConflict as conflict:
                conflicts.append(conflict)
            else:
                if answer is not None:
                    written[code] = answer
        sheet = replace(before, answers={**before.answers, **written})
        if written:
            write_scores(assessment, sheet, at=at)
            if channel == Channel.OPSN:
                _tell_of_speaking_for(assessment, by, at)
    return Recorded(
        written=frozenset(written),
        conflicts=tuple(conflicts),
        asks_otherwise=visible != sheet.visible,
        sheet=sheet,
    )


def lock_open(assessment: Assessment) -> Assessment:
    """Return the assessment, held until the end of the transaction. Raises AssessmentClosed, CollectiviteRetired.

    Its profile is read once it is held: a row joined to a locked one is as it was before the wait.
    """
    rows = Assessment.objects.select_for_update(of=("self",)).select_related("collectivite")
    assessment = rows.get(pk=assessment.pk)
    if assessment.state != AssessmentState.OPEN:
        raise AssessmentClosed
    if not assessment.takes_answers:
        raise CollectiviteRetired
    return assessment


def write_scores(assessment: Assessment, sheet: AnswerSheet, *, at: datetime | None) -> None:
    """Write the score of each theme and those of the assessment, in the caller's transaction.

    An index is written from the first answer on; `at` is the last activity, None when nobody was active.
    """
    ThemeScore.objects.bulk_create(
        [_theme_score(assessment, sheet, theme) for theme in sheet.themes],
        update_conflicts=True,
        unique_fields=["assessment", "theme"],
        update_fields=[
            "points",
            "possible",
            "index",
            "asked",
            "answered",
            "not_applicable",
            "unknown",
        ],
    )
    begun = any(facts.code in sheet.answers for facts in sheet.visible)
    assessment.asked = sheet.progress.asked
    assessment.answered = sheet.progress.answered
    assessment.points = stored(sheet.score.points)
    assessment.possible = stored(sheet.score.possible)
    assessment.index = sheet.score.index if begun else None
    assessment.formula_version = FORMULA_VERSION
    assessment.last_activity_at = at or assessment.last_activity_at
    assessment.save(
        update_fields=[
            "asked",
            "answered",
            "points",
            "possible",
            "index",
            "formula_version",
            "last_activity_at",
        ]
    )


def add_answer(
    assessment: Assessment,
    question: Question,
    value: Value,
    *,
    by: User | None,
    at: datetime,
    channel: Channel,
    to_confirm: bool = False,
) -> Answer:
    """Create the answer to a question and the first line of its history, in the caller's transaction."""
    answer = Answer.objects.create(
        assessment=assessment,
        question=question,
        author=by,
        updated_at=at,
        channel=channel,
        to_confirm=to_confirm,
        **value.columns(),
    )
    _remember(answer, value)
    return answer


def change_answer(
    current: Answer,
    given: GivenAnswer,
    *,
    by: User | None,
    at: datetime,
    channel: Channel,
    to_confirm: bool = False,
) -> Answer:
    """Replace an answer and add to its history, in the caller's transaction. Raises AnswerConflict."""
    new = given.value.columns() | {
        "author": by,
        "updated_at": at,
        "channel": channel,
        "to_confirm": to_confirm,
        "version": current.version + 1,
    }
    rows = Answer.objects.filter(pk=current.pk, version=current.version)
    if not rows.update(**new):
        raise AnswerConflict(given, Answer.objects.select_related("author").get(pk=current.pk))
    for name, value in new.items():
        setattr(current, name, value)
    _remember(current, given.value)
    return current


def _tell_of_speaking_for(assessment: Assessment, by: User, at: datetime) -> None:
    """Keep in the journal, once a day, that an adviser answers for a collectivité; which answers, the history tells."""
    collectivite = assessment.collectivite
    today = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    said = AuditEntry._base_manager.filter(
        action=AuditAction.ANSWERED_FOR, collectivite=collectivite, actor=by, at__gte=today
    )
    if not said.exists():
        record(AuditAction.ANSWERED_FOR, collectivite, by=by, at=at, opsn=collectivite.opsn)


def _write(
    assessment, given: GivenAnswer, current: Answer | None, by, at, channel
) -> Answer | None:
    """Write one answer; None when there was nothing to write. Raises AnswerConflict."""
    question, value = given.question, given.value
    if current is None:
        try:
            with transaction.atomic():
                return add_answer(assessment, question, value, by=by, at=at, channel=channel)
        except IntegrityError:  # created at the same moment, where rows cannot be locked
            current = Answer.objects.select_related("author").get(
                assessment=assessment, question=question
            )
    same = Value.of(current) == value
    if same and not current.to_confirm:
        return None
    if given.version != current.version and not same:
        if _is_what_she_saw(assessment, given):
            return None
        raise AnswerConflict(given, current)
    return change_answer(current, given, by=by, at=at, channel=channel)


def _is_what_she_saw(assessment: Assessment, given: GivenAnswer) -> bool:
    """Tell whether she changed nothing: a page sent whole also sends the answers she left as they were."""
    seen = AnswerHistory.objects.filter(
        assessment=assessment, question=given.question, version=given.version
    ).first()
    return seen is not None and Value.from_history(seen) == given.value


def _remember(answer: Answer, value: Value) -> None:
    AnswerHistory.objects.create(
        assessment_id=answer.assessment_id,
        question_id=answer.question_id,
        version=answer.version,
        state=answer.state,
        value=value.for_history(),
        comment=value.comment,
        author=answer.author,
        channel=answer.channel,
        at=answer.updated_at,
    )


def _theme_score(assessment: Assessment, sheet: AnswerSheet, theme) -> ThemeScore:
    done = sheet.progress.of(theme.code)
    points = sheet.theme_scores.get(theme.code, Score())
    begun = any(f.theme == theme.code and f.code in sheet.answers for f in sheet.visible)
    return ThemeScore(
        assessment=assessment,
        theme=theme,
        points=stored(points.points),
        possible=stored(points.possible),
        index=points.index if begun else None,
        asked=done.asked,
        answered=done.answered,
        not_applicable=done.not_applicable,
        unknown=done.unknown,
    )
