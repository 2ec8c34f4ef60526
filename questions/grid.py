"""The grid of an evaluation, to fill in away from the site: a workbook with one row per visible question.

It is read again by the import of answers; the version of each answer, in a hidden column, tells what changed meanwhile.
"""

import io

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from questions.cells import printable
from questions.enums import CHOSEN, AnswerState, QuestionKind, YesNo
from questions.forms import CODES, NOT_APPLICABLE, UNKNOWN
from questions.models import Answer, Option, Question
from questions.sheets import AnswerSheet
from questions.wording import french_number, in_words, unit_of

TITLES = {
    "code": "Code",
    "theme": "Thème",
    "question": "Question",
    "help": "Comment le savoir",
    "kind": "Type de réponse",
    "unit": "Unité",
    "offered": "Réponses possibles",
    "answer": "Votre réponse",
    "comment": "Commentaire",
    "version": "Version",
}
WIDTHS = (10, 22, 60, 50, 16, 14, 40, 30, 40, 9)
WORDS = {UNKNOWN: "Ne sait pas", NOT_APPLICABLE: "Non concerné"}
SEPARATOR = " ; "
"""Between the answers of a question where several are possible."""
LISTS = "Listes"
HEAD = PatternFill("solid", fgColor="DCE9DF")
TO_FILL = PatternFill("solid", fgColor="FFF8E1")


def grid(sheet: AnswerSheet) -> bytes:
    """Return the workbook. What people typed is text there, never a formula (SECURITY.md)."""
    book = Workbook()
    page, lists = book.active, book.create_sheet(LISTS)
    page.title, page.freeze_panes, lists.sheet_state = "Réponses", "D2", "hidden"
    for column, title in enumerate(TITLES.values(), start=1):
        head = _write(page, 1, column, title)
        head.font, head.fill = Font(bold=True), HEAD
        page.column_dimensions[get_column_letter(column)].width = WIDTHS[column - 1]
    page.column_dimensions[_letter("version")].hidden = True
    ranges: dict[tuple[str, ...], str] = {}
    for row, question in enumerate(sheet.visible_questions, start=2):
        options = sheet.options[question.code]
        for column, text in enumerate(_cells(sheet, question, options), start=1):
            _write(page, row, column, text)
        for name in ("answer", "comment"):
            page[f"{_letter(name)}{row}"].fill = TO_FILL
        if choices := _one_of(question, options):
            ranges.setdefault(choices, _list(lists, len(ranges) + 1, choices))
            _offer(page, row, ranges[choices])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def offered(question: Question, options: tuple[Option, ...]) -> tuple[str, ...]:
    """Return the answers that can be chosen, in words; those of a figure are not its bands."""
    if question.kind == QuestionKind.YES_NO:
        return tuple(YesNo.labels)
    if question.kind in CHOSEN:
        return tuple(option.label for option in options)
    return ()


def _cells(sheet: AnswerSheet, question: Question, options) -> tuple[str, ...]:
    answer = sheet.answers.get(question.code)
    return (
        question.code,
        question.theme.title,
        question.text,
        question.help,
        question.get_kind_display(),
        unit_of(question),
        SEPARATOR.join((*offered(question, options), *_states(question))),
        _said(question, options, answer),
        answer.comment if answer else "",
        str(answer.version if answer else 0),
    )


def _said(question: Question, options, answer: Answer | None) -> str:
    """Return the answer as it is read again: labels apart, figures without their unit."""
    if answer is None:
        return ""
    if answer.state != AnswerState.ANSWERED:
        return WORDS[CODES[answer.state]]
    if question.kind == QuestionKind.SEVERAL_OF:
        return SEPARATOR.join(o.label for o in options if o.code in answer.choices)
    if answer.number is not None:
        return french_number(answer.number)
    return in_words(question, options, answer)


def _states(question: Question) -> tuple[str, ...]:
    if question.allows_not_applicable:
        return (WORDS[NOT_APPLICABLE], WORDS[UNKNOWN])
    return (WORDS[UNKNOWN],)


def _one_of(question: Question, options) -> tuple[str, ...]:
    """Return what a list can offer: where several answers are possible, they are typed."""
    if question.kind not in (QuestionKind.YES_NO, QuestionKind.ONE_OF):
        return ()
    return (*offered(question, options), *_states(question))


def _list(lists, column: int, choices: tuple[str, ...]) -> str:
    """Write a list beside the others, and return its range: in the cell itself it could not exceed 255 characters."""
    for row, choice in enumerate(choices, start=1):
        _write(lists, row, column, choice)
    letter = get_column_letter(column)
    return f"{LISTS}!${letter}$1:${letter}${len(choices)}"


def _offer(page, row: int, choices: str) -> None:
    validation = DataValidation(type="list", formula1=choices, allow_blank=True)
    validation.add(f"{_letter('answer')}{row}")
    page.add_data_validation(validation)


def _write(page, row: int, column: int, text: str):
    cell = page.cell(row, column, printable(text)[:32_767])
    cell.data_type = "s"  # openpyxl makes a formula of what begins with « = »
    cell.number_format = "@"  # what is typed stays as it was typed: « 20 % » is no 0.2
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _letter(name: str) -> str:
    return get_column_letter(list(TITLES).index(name) + 1)
