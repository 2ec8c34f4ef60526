"""Sheets written as one workbook, or as a zip of csv files, row after row: memory does not grow with the rows.

What people typed is text there, never a formula (`questions.cells`).
"""

import csv
import io
import tempfile
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import BinaryIO

from django.utils import timezone
from django.utils.text import slugify

from plans import workbooks
from plans.sheets import Column, PlanSheet
from questions.cells import BOM, csv_cell
from supervision.exports.workbook import Cell, Workbook

SPOOLED_BYTES = 5_000_000
TICK = 500  # rows


@dataclass(frozen=True)
class Sheet:
    """`columns` are (title, width in characters); `rows` is read once."""

    title: str
    columns: tuple[tuple[str, int], ...]
    rows: Iterable[tuple[Cell, ...]]


def counted(sheets: Iterable[Sheet], tick: Callable[[int], None]) -> Iterable[Sheet]:
    """Yield the same sheets; `tick` is told, now and then, how many rows have been read of them all."""
    done = 0

    def counting(rows: Iterable[tuple]) -> Iterable[tuple]:
        nonlocal done
        for row in rows:
            yield row
            done += 1
            if done % TICK == 0:
                tick(done)

    for sheet in sheets:
        yield replace(sheet, rows=counting(sheet.rows))


def read_me(
    territory: str,
    words: list[str],
    title: str,
    definitions: Iterable[tuple[str, str]],
    *,
    at: datetime,
) -> Sheet:
    """Return the first sheet: what the file holds, its filters, what its words mean."""
    rows = [
        ("Contenu", title),
        ("Territoire", territory),
        ("Fichier fait le", at),
        ("Filtres", " ; ".join(words) or "aucun"),
        *definitions,
    ]
    return Sheet("Lisez-moi", (("À savoir", 20), ("", 110)), rows)


def xlsx(sheets: Iterable[Sheet], *, title: str) -> BinaryIO:
    """Return an open file, at its beginning."""
    out = tempfile.SpooledTemporaryFile(max_size=SPOOLED_BYTES)  # noqa: SIM115 - closed by the response
    with Workbook(out, title=title) as book:
        for sheet in sheets:
            book.add(sheet.title, sheet.columns, sheet.rows)
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
