"""What the page of a theme prints: one row per question, one step per theme."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from questions.addresses import theme_address
from questions.answering import AnswerConflict, GivenAnswer, Value
from questions.forms import AnswerForm
from questions.models import Answer, Assessment, Mark, Option, Question, Theme, ThemeReview
from questions.sheets import AnswerSheet
from questions.teamwork import Around, Teamwork, standing
from questions.wording import in_words

QUESTIONS_AT_ONCE = 7
"""Questions that a page asks: a longer theme comes in parts, so that a page stays light, and an end in sight."""
QUESTIONS_OF_A_PART = 5
"""Those that a part asks: there is more around each when there are many."""
EXPLAINED_AT_ONCE = 2
"""Explanations that a page opens by itself; the others are a link away, so that a page stays light."""


@dataclass(frozen=True)
class Part:
    """The questions of a theme that one page asks; numbers begin at 1."""

    number: int
    count: int
    questions: list[Question]

    @property
    def is_last(self) -> bool:
        return self.number == self.count


def parts_of(sheet: AnswerSheet, theme: Theme) -> list[Part]:
    """Return the parts of a theme, of the same length or one question less."""
    questions = sheet.of_theme(theme)
    count = 1
    if len(questions) > QUESTIONS_AT_ONCE:
        count = -(-len(questions) // QUESTIONS_OF_A_PART)
    ends = [len(questions) * number // count for number in range(count + 1)]
    return [
        Part(number, count, questions[start:end])
        for number, (start, end) in enumerate(pairwise(ends), start=1)
    ]


def asked_part(parts: list[Part], query: Mapping[str, str]) -> Part:
    """Return the part that an address asks for: by its number, or by a question that it holds; else the first."""
    for part in parts:
        if query.get("question") in {str(question.pk) for question in part.questions}:
            return part
    number = query.get("partie", "")
    wanted = int(number) if number.isdecimal() and len(number) < 4 else 1
    return parts[min(max(wanted, 1), len(parts)) - 1]


@dataclass
class QuestionRow:
    question: Question
    form: AnswerForm
    answer: Answer | None = None
    words: str = ""
    is_unfavourable: bool = False
    warning: str = ""
    explained: dict | None = None
    around: Around | None = None
    mine: str = ""
    """In a conflict, what the person gave; `answer` and `words` are then what somebody else saved."""

    @property
    def to_confirm(self) -> bool:
        return self.answer is not None and self.answer.to_confirm

    @property
    def has_error(self) -> bool:
        return bool(self.form.errors)

    @property
    def shows_comment(self) -> bool:
        return bool(self.form["comment"].value())

    def given(self, *, confirms: bool) -> GivenAnswer | None:
        """Return what is to be recorded; unless she `confirms`, nothing for what waits for it and was left as it was."""
        given = self.form.given()
        if given and self.to_confirm and not confirms and given.value == Value.of(self.answer):
            return None
        return given

    @classmethod
    def of_conflict(cls, conflict: AnswerConflict, options: tuple[Option, ...]) -> "QuestionRow":
        """Return the row of a question to which two people answered otherwise: the form keeps her answer."""
        question, theirs, mine = conflict.question, conflict.theirs, conflict.mine.value
        return cls(
            question=question,
            form=AnswerForm(question, options, theirs, mine=mine),
            answer=theirs,
            words=in_words(question, options, theirs),
            mine=in_words(question, options, mine),
        )


def question_rows(
    sheet: AnswerSheet,
    questions: Iterable[Question],
    *,
    data=None,
    wrong: dict[int, AnswerForm] | None = None,
    conflicts: Iterable[AnswerConflict] = (),
) -> list[QuestionRow]:
    """Return the rows of questions: from what was posted, or as stored but for what is wrong or in conflict."""
    in_conflict = {conflict.question.pk: conflict for conflict in conflicts}
    rows = []
    for question in questions:
        code, options = question.code, sheet.options[question.code]
        if question.pk in in_conflict:
            rows.append(QuestionRow.of_conflict(in_conflict[question.pk], options))
            continue
        answer = sheet.answers.get(code)
        row = QuestionRow(
            question=question,
            form=(wrong or {}).get(question.pk) or AnswerForm(question, options, answer, data),
            answer=answer,
            words=in_words(question, options, answer),
            is_unfavourable=code in sheet.unfavourable,
            warning=sheet.warnings.get(code, ""),
        )
        rows.append(row)
    return rows


@dataclass(frozen=True)
class RowToReview:
    """A question to come back to, and why; there is at least one reason."""

    question: Question
    is_unknown: bool = False
    mark: Mark | None = None
    expired: int = 0


def rows_to_review(sheet: AnswerSheet, work: Teamwork | None) -> list[RowToReview]:
    """Return the questions to come back to, in the order in which they are asked."""
    unknown, work = set(sheet.progress.unknown), work or Teamwork()
    rows = [
        RowToReview(
            question=question,
            is_unknown=question.code in unknown,
            mark=work.marks.get(question.pk),
            expired=work.around(question).expired,
        )
        for question in sheet.visible_questions
    ]
    return [row for row in rows if row.is_unknown or row.mark or row.expired]


def steps(
    assessment: Assessment,
    sheet: AnswerSheet,
    current: Theme | None = None,
    reviews: Mapping[int, ThemeReview] | None = None,
) -> list[dict]:
    """Return the themes for the component `stepper`, each with the state of its review."""
    reviews = reviews or {}
    return [
        {
            "title": theme.title,
            "url": theme_address(assessment, theme.code),
            "done": sheet.progress.of(theme.code).answered,
            "total": sheet.progress.of(theme.code).asked,
            "current": theme == current,
            "note": standing(reviews.get(theme.pk), sheet).words,
        }
        for theme in sheet.asked_themes
    ]
