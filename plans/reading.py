"""Open the workbook of actions that somebody sent, within a small budget, and give its rows as they are.

Limits are far under those of the national lists: a plan is some hundred rows. What the file declares is looked at before
anything is parsed; the parser then streams, and never goes beyond the rows and columns allowed.
"""

import io
import unicodedata
import zipfile
from dataclasses import dataclass
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from openpyxl import load_workbook

from plans.sheets import ACTION_COLUMNS

MAX_BYTES = 2 * 1024**2
MAX_UNPACKED = 20 * 1024**2
MAX_ENTRIES = 200
MAX_ROWS = 1_000
MAX_COLUMNS = 60
MAX_CELL = 6_000
HEADER_WITHIN = 20
KNOWN_ENOUGH = 2  # columns that make a header of a line, the title among them
OLE = b"\xd0\xcf\x11\xe0"
TITLE = "titre"


class Unreadable(Exception):
    """The file cannot be read; the message is the sentence that says why."""


@dataclass(frozen=True)
class Row:
    """One line of the sheet: its number, and its cells by folded title of column."""

    line: int
    cells: dict[str, object]


@dataclass(frozen=True)
class ActionSheet:
    name: str
    rows: list[Row]


def read_actions(content: bytes) -> ActionSheet:
    """Return the rows of the sheet of actions. Raises Unreadable and nothing else."""
    _check(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        for sheet in sorted(book.worksheets, key=lambda s: fold(s.title) != "actions"):
            found = _read_sheet(sheet)
            if found is not None:
                return found
    except Unreadable:
        raise
    except DefusedXmlException as error:
        raise Unreadable(FORBIDDEN) from error
    except (zipfile.BadZipFile, ParseError, KeyError, ValueError, TypeError, OSError) as error:
        raise Unreadable(DAMAGED) from error
    except (
        Exception
    ) as error:  # openpyxl has no exception of its own for a workbook that is not one
        raise Unreadable(DAMAGED) from error
    raise Unreadable(
        "Aucune feuille n’a de colonne « Titre ». Partez du fichier que l’on exporte d’ici : "
        "ses colonnes sont les bonnes."
    )


def fold(text: object) -> str:
    """Return a title or a label without accents, case or stray spaces, to compare it."""
    plain = unicodedata.normalize("NFKD", str(text or ""))
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(plain.casefold().split())


def _check(content: bytes) -> None:
    if not content:
        raise Unreadable("Ce fichier est vide.")
    if len(content) > MAX_BYTES:
        raise Unreadable("Ce fichier dépasse 2 Mo. Gardez la feuille des actions seulement.")
    if content.startswith(OLE):
        raise Unreadable(
            "Ce fichier est protégé par un mot de passe, ou d’un ancien format (.xls). "
            "Enregistrez-le en .xlsx, sans mot de passe."
        )
    if not content.startswith(b"PK"):
        raise Unreadable("Ce fichier n’est pas un classeur .xlsx. Enregistrez-le dans ce format.")
    try:
        _check_archive(content)
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, RuntimeError) as error:
        raise Unreadable(DAMAGED) from error


def _check_archive(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = archive.infolist()
        if len(entries) > MAX_ENTRIES or sum(e.file_size for e in entries) > MAX_UNPACKED:
            raise Unreadable(TOO_BIG)
        if "xl/workbook.xml" not in archive.namelist():
            raise Unreadable("Ce fichier n’est pas un classeur .xlsx.")
        for entry in entries:
            if entry.filename.endswith((".xml", ".rels")):
                with archive.open(entry) as file:
                    if b"<!DOCTYPE" in file.read(2048).upper():
                        raise Unreadable(FORBIDDEN)


def _read_sheet(sheet) -> ActionSheet | None:
    """Return the rows under the header; None when the first lines hold none."""
    sheet.reset_dimensions()  # some files claim one row, others a million
    limit = MAX_ROWS + HEADER_WITHIN + 1
    header: dict[int, str] | None = None
    rows = []
    lines = sheet.iter_rows(max_row=limit + 1, max_col=MAX_COLUMNS, values_only=True)
    for line, values in enumerate(lines, start=1):
        if header is None:
            if line > HEADER_WITHIN:
                return None
            header = _header(values)
            continue
        cells = {name: values[i] for i, name in header.items() if i < len(values)}
        if any(value not in (None, "") for value in cells.values()):
            _check_cells(cells, line)
            rows.append(Row(line, cells))
        if len(rows) > MAX_ROWS:
            raise Unreadable(
                f"Ce fichier compte plus de {MAX_ROWS} actions. Coupez-le en plusieurs."
            )
    return None if header is None else ActionSheet(sheet.title, rows)


def _header(values) -> dict[int, str] | None:
    known = {fold(column.title) for column in ACTION_COLUMNS}
    found = {i: fold(value) for i, value in enumerate(values) if fold(value) in known}
    titles = list(found.values())
    if TITLE not in titles or len(titles) < KNOWN_ENOUGH:
        return None
    twice = next((title for title in titles if titles.count(title) > 1), None)
    if twice:
        raise Unreadable(f"La colonne « {twice} » est deux fois dans le fichier. Gardez-en une.")
    return found


def _check_cells(cells: dict[str, object], line: int) -> None:
    for name, value in cells.items():
        if isinstance(value, str) and len(value) > MAX_CELL:
            raise Unreadable(f"Ligne {line}, colonne « {name} » : le texte est trop long.")


DAMAGED = "Ce fichier est abîmé ou incomplet. Ouvrez-le, enregistrez-le de nouveau en .xlsx, puis renvoyez-le."
FORBIDDEN = "Ce fichier contient des définitions qu’un classeur n’a pas à contenir. Enregistrez-le de nouveau."
TOO_BIG = (
    "Ce fichier est trop gros une fois ouvert. Copiez la liste seule dans un nouveau classeur."
)
