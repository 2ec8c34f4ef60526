"""Sheets written as one workbook, or as a zip of csv files, row after row: memory does not grow with the rows.

What people typed is text there, never a formula (SECURITY.md): cells of type string in xlsx, a leading apostrophe in csv.
"""

import csv
import io
import tempfile
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import BinaryIO

from django.utils import timezone
from django.utils.text import slugify
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from plans import workbooks
from plans.sheets import Column, PlanSheet

CREATOR = "Éco-clic"
BOM = "\ufeff"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
# openpyxl makes a formula of the first, an error of the second.
NOT_TEXT_TO_OPENPYXL = ("=", "#")
SPOOLED_BYTES = 5_000_000

Cell = str | int | Decimal | date | datetime | None


@dataclass(frozen=True)
class Sheet:
    """`columns` are (title, width in characters); `rows` is read once."""

    title: str
    columns: tuple[tuple[str, int], ...]
    rows: Iterable[tuple[Cell, ...]]


def xlsx(sheets: Iterable[Sheet], *, title: str) -> BinaryIO:
    """Return an open file, at its beginning."""
    book = Workbook(write_only=True)
    book.properties.creator = CREATOR
    book.properties.title = title
    for sheet in sheets:
        page = book.create_sheet(sheet.title)
        for number, (_, width) in enumerate(sheet.columns, start=1):
            page.column_dimensions[get_column_letter(number)].width = width
        page.freeze_panes = "A2"
        page.append([_heading(page, name) for name, _ in sheet.columns])
        for row in sheet.rows:
            page.append([_xlsx_cell(page, value) for value in row])
    out = tempfile.SpooledTemporaryFile(max_size=SPOOLED_BYTES)  # noqa: SIM115 - closed by the response
    book.save(out)
    out.seek(0)
    return out


def ods(sheets: Iterable[Sheet], *, title: str) -> BinaryIO:
    """Return an open file, at its beginning; all of it is in memory, so for small ones."""
    small = [
        PlanSheet(
            sheet.title,
            tuple(Column(name, None, width) for name, width in sheet.columns),
            [tuple(map(_ods_value, row)) for row in sheet.rows],
        )
        for sheet in sheets
    ]
    return io.BytesIO(workbooks.ods(small, title=title))


def _ods_value(value: Cell) -> Cell:
    return timezone.localtime(value).date() if isinstance(value, datetime) else value


def csv_zip(sheets: Iterable[Sheet]) -> BinaryIO:
    """Return an open file, at its beginning: one csv per sheet, as French spreadsheets read them (`;`, byte order mark)."""
    out = tempfile.SpooledTemporaryFile(max_size=SPOOLED_BYTES)  # noqa: SIM115 - closed by the response
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for sheet in sheets:
            with archive.open(f"{slugify(sheet.title)}.csv", "w") as entry:
                text = io.TextIOWrapper(entry, encoding="utf-8", newline="")
                text.write(BOM)
                writer = csv.writer(text, delimiter=";")
                writer.writerow([name for name, _ in sheet.columns])
                writer.writerows([csv_cell(value) for value in row] for row in sheet.rows)
                text.flush()
                text.detach()
    out.seek(0)
    return out


def csv_cell(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(FORMULA_STARTS) else value
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%d/%m/%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return str(value).replace(".", ",")


def _xlsx_cell(page, value: Cell):
    if isinstance(value, str):
        text = ILLEGAL_CHARACTERS_RE.sub("", value)
        return _text(page, text) if text.startswith(NOT_TEXT_TO_OPENPYXL) else text
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None, microsecond=0)
    return value


def _text(page, value: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(page, value=value)
    cell.data_type = "s"
    return cell


def _heading(page, name: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(page, value=name)
    cell.font = Font(bold=True)
    return cell
