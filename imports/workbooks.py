"""Workbooks that leave: the template of a kind, and the refused rows of a run. Every text cell is a text, never a formula."""

import io
from collections.abc import Iterable

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from imports.enums import Outcome
from imports.kinds import Kind
from imports.report import Line
from questions.cells import printable

HEAD = PatternFill("solid", fgColor="DCE9DF")
ROWS_WITH_LISTS = 5_000
PROBLEM = "Problème"


def template_of(kind: type[Kind]) -> bytes:
    """Return an empty list to fill in: titles, two examples, choices to drop down, and a sheet that explains."""
    book = Workbook()
    book.remove(book.active)
    for name, columns in kind.lists():
        _fill_in(book.create_sheet(name), columns)
    _explain(book.create_sheet("Explications"), kind)
    return _bytes(book)


def lists_of_text(lists: Iterable[tuple[str, list[str], Iterable[tuple[str, ...]]]]) -> bytes:
    """Return a workbook of several lists: (sheet, titles, rows). Every cell is a text."""
    book = Workbook(write_only=True)
    for name, titles, rows in lists:
        sheet = book.create_sheet(name)
        sheet.freeze_panes = "A2"
        for row in (titles, *rows):
            sheet.append([_text(sheet, value) for value in row])
    return _bytes(book)


def refused_rows(titles: list[str], rows: list[list], lines: list[Line]) -> bytes:
    """Return the rows that were not taken, as they were, with what is wrong in a last column."""
    problems = {
        line.number: " ".join(p.sentence for p in line.problems)
        for line in lines
        if line.outcome in (Outcome.REJECTED, Outcome.AMBIGUOUS)
    }
    book = Workbook(write_only=True)
    sheet = book.create_sheet("À corriger")
    width = len(titles)
    sheet.append([_text(sheet, title) for title in [*titles, PROBLEM]])
    for number, *cells in rows:
        cells = cells + [""] * (width - len(cells))
        sheet.append([_text(sheet, cell) for cell in [*cells, problems.get(number, "")]])
    return _bytes(book)


def _fill_in(sheet, columns) -> None:
    for index, column in enumerate(columns, start=1):
        head = sheet.cell(1, index, column.title)
        head.font, head.fill = Font(bold=True), HEAD
        for row, example in enumerate(column.examples, start=2):
            cell = sheet.cell(row, index, example or None)
            cell.font = Font(italic=True, color="5C6B62")
        letter = get_column_letter(index)
        sheet.column_dimensions[letter].width = max(16, len(column.title) + 4)
        for row in range(2, 302):  # as text, so that the spreadsheet keeps the zeros
            sheet.cell(row, index).number_format = "@"
        if column.choices:
            _offer(sheet, letter, column.choices)
    sheet.freeze_panes = "A2"


def _text(sheet, value: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, printable(value)[:32_767])
    cell.data_type = "s"  # openpyxl makes a formula of what begins with « = »
    cell.number_format = "@"
    return cell


def _offer(sheet, letter: str, choices: tuple[str, ...]) -> None:
    validation = DataValidation(type="list", formula1=f'"{",".join(choices)}"', allow_blank=True)
    validation.add(f"{letter}2:{letter}{ROWS_WITH_LISTS}")
    sheet.add_data_validation(validation)


def _explain(sheet, kind: type[Kind]) -> None:
    sheet.append(["Colonne", "Ce qu’on y écrit", "Titres reconnus aussi"])
    for cell in sheet[1]:
        cell.font, cell.fill = Font(bold=True), HEAD
    lists = kind.lists()
    for name, columns in lists:
        if len(lists) > 1:
            sheet.append([f"Feuille « {name} »"])
        for column in columns:
            sheet.append([column.title, column.help, ", ".join(column.words[:6])])
    titles = {column.name: column.title for column in kind.columns}
    groups = [" et ".join(f"« {titles[name]} »" for name in group) for group in kind.needed]
    sheet.append([])
    sheet.append(["Il faut au moins", " ou ".join(groups)])
    sheet.append(
        ["Les deux lignes d’exemple", "Effacez-les ou laissez-les : elles ne sont pas importées."]
    )
    for letter, width in zip("ABC", (30, 70, 60), strict=True):
        sheet.column_dimensions[letter].width = width
        for cell in sheet[letter]:
            cell.alignment = Alignment(wrap_text=True, vertical="top")


def _bytes(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
