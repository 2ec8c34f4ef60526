"""The sheets of a plan as xlsx and as ods. A text stays a text, whatever it begins with."""

import io
from datetime import date
from decimal import Decimal

from odf.dc import Creator, Title
from odf.opendocument import OpenDocumentSpreadsheet
from odf.style import Style, TableColumnProperties, TextProperties
from odf.table import Table, TableCell, TableColumn, TableRow
from odf.text import P
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from plans.sheets import Cell, PlanSheet
from questions.cells import printable

CREATOR = "Éco-clic"
CENTIMETRES = 0.2  # of an ods column, for a character


def xlsx(sheets: list[PlanSheet], *, title: str) -> bytes:
    book = Workbook(write_only=True)
    book.properties.creator = CREATOR
    book.properties.title = title
    for plan_sheet in sheets:
        sheet = book.create_sheet(plan_sheet.title)
        for number, column in enumerate(plan_sheet.columns, start=1):
            sheet.column_dimensions[get_column_letter(number)].width = column.width
        sheet.freeze_panes = "A2"
        sheet.append([_xlsx_cell(sheet, c.title, bold=True) for c in plan_sheet.columns])
        for row in plan_sheet.rows:
            sheet.append([_xlsx_cell(sheet, value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def ods(sheets: list[PlanSheet], *, title: str) -> bytes:
    """Return a small OpenDocument workbook: everything is in memory, so a plan and not a country."""
    book = OpenDocumentSpreadsheet()
    _describe(book, title)
    bold = Style(name="Bold", family="table-cell")
    bold.addElement(TextProperties(fontweight="bold"))
    book.automaticstyles.addElement(bold)
    for plan_sheet in sheets:
        table = Table(name=plan_sheet.title)
        for column in plan_sheet.columns:
            table.addElement(TableColumn(stylename=_width(book, column.width)))
        table.addElement(_ods_row([c.title for c in plan_sheet.columns], stylename=bold))
        for row in plan_sheet.rows:
            table.addElement(_ods_row(row))
        book.spreadsheet.addElement(table)
    out = io.BytesIO()
    book.write(out)
    return out.getvalue()


def _xlsx_cell(sheet, value: Cell, *, bold: bool = False) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet)
    if isinstance(value, str):
        cell.value = printable(value)
        cell.data_type = "s"  # openpyxl would make a formula of « =… »
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    else:
        cell.value = value
        if isinstance(value, date):
            cell.number_format = "DD/MM/YYYY"
    if bold:
        cell.font = Font(bold=True)
    return cell


def _ods_row(values, **style) -> TableRow:
    row = TableRow()
    for value in values:
        row.addElement(_ods_cell(value, **style))
    return row


def _ods_cell(value: Cell, **style) -> TableCell:
    if value is None or value == "":
        return TableCell(**style)
    if isinstance(value, date):
        cell = TableCell(valuetype="date", datevalue=value.isoformat(), **style)
        cell.addElement(P(text=f"{value:%d/%m/%Y}"))
        return cell
    if isinstance(value, int | Decimal):
        cell = TableCell(valuetype="float", value=str(value), **style)
        cell.addElement(P(text=str(value).replace(".", ",")))
        return cell
    cell = TableCell(valuetype="string", **style)
    for line in printable(value).splitlines() or [""]:
        cell.addElement(P(text=line))
    return cell


def _width(book, characters: int) -> Style:
    name = f"Width{characters}"
    style = Style(name=name, family="table-column")
    style.addElement(TableColumnProperties(columnwidth=f"{characters * CENTIMETRES:.1f}cm"))
    book.automaticstyles.addElement(style)
    return style


def _describe(book, title: str) -> None:
    book.meta.addElement(Title(text=title))
    book.meta.addElement(Creator(text=CREATOR))
