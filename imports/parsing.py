"""Read a workbook in a process of its own: `python -I parsing.py NAME < file > answer`.

Standard library and calamine only, no Django: this process may be killed by its own limits without harm to anybody. The
answer is JSON: {"sheets": [{"name", "hidden", "rows": [[text, …], …]}]} or {"refusal": a sentence in French}. Row n of a
sheet is its line n + 1; every cell is text. Limits: docs/imports.md.
"""

import csv
import datetime
import io
import json
import re
import resource
import sys
import zipfile
from xml.etree import ElementTree

MAX_MEMORY = 1024**3  # bytes
MAX_CPU = 10  # seconds
MAX_ENTRIES = 2_000
MAX_UNPACKED = 100 * 1024**2  # bytes
MAX_RATIO = 100
RATIO_MATTERS = 2 * 1024**2  # bytes unpacked; below, nothing can be hidden
MAX_ROWS = 40_000  # rows with values
MAX_LINES = 2 * MAX_ROWS  # blank ones included, those after the list excepted
MAX_COLUMNS = 200
MAX_CELL = 32_767  # characters, Excel's own limit
MAX_TEXT = 30 * 1024**2  # characters in all
MAX_AREA = 30_000_000  # cells between the first one and the last one
MAX_SHEETS = 50

MIDNIGHT = datetime.time()
READ, OVERLAP = 1024**2, 2048  # bytes
SHEETS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
ERROR_CELL = re.compile(
    rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*?\bt="e"[^>]*>(?:(?!</c>).){0,1500}?<(?:\w+:)?v>([^<]{1,20})<',
    re.DOTALL,
)
SMALL_SHEET = 1024**2  # bytes
FILLED_CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>/]*>\s*<')


class Refused(Exception):
    """The file cannot be read; the message is for the person who sent it."""


TOO_BIG = (
    "Ce classeur est trop grand une fois ouvert. Gardez la feuille de la liste, sans image ni ligne vide "
    "mise en forme, et enregistrez-la dans un nouveau classeur."
)


def parse(content: bytes, name: str) -> list[dict]:
    """Return the sheets of a file; raises Refused."""
    extension = name.lower().rpartition(".")[2] if "." in name else ""
    if not content.strip(b"\x00 \r\n\t"):
        raise Refused("Ce fichier est vide.")
    if content.startswith(b"PK"):
        return _workbook(content, _look_at_zip(content, extension))
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        return _workbook(content, _look_at_old_format(content, extension))
    return [_text(content, extension)]


def _look_at_zip(content: bytes, extension: str) -> str:
    """Check a zip before anything unpacks it; return « xlsx » or « ods »."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise Refused(
            "Ce fichier est abîmé ou incomplet : l’envoi s’est peut-être interrompu. Renvoyez-le."
        ) from error
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_ENTRIES or unpacked > MAX_UNPACKED:
        raise Refused(TOO_BIG)
    if unpacked > RATIO_MATTERS and unpacked > MAX_RATIO * len(content):
        raise Refused(TOO_BIG)
    if any(entry.flag_bits & 1 for entry in entries):
        raise Refused(PROTECTED)
    names = {entry.filename for entry in entries}
    if "xl/workbook.xml" in names:
        kind = "xlsx"
    elif "content.xml" in names and _mimetype(archive).endswith("spreadsheet"):
        kind = "ods"
    else:
        raise Refused(NOT_A_SHEET)
    _check_extension(kind, extension)
    _look_inside(archive, entries)
    return kind


def _mimetype(archive: zipfile.ZipFile) -> str:
    try:
        with archive.open("mimetype") as part:
            return part.read(200).decode("ascii", "replace").strip()
    except (KeyError, zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError):
        return ""


def _look_inside(archive: zipfile.ZipFile, entries) -> None:
    """Refuse entities, sizes that lie, and a sheet whose last cell is at the end of the world."""
    for entry in entries:
        if not entry.filename.endswith((".xml", ".rels")):
            continue
        try:
            with archive.open(entry) as part:
                head = part.read(4096)
                if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
                    raise Refused(
                        "Ce classeur contient des définitions interdites (entités XML). "
                        "Ouvrez-le dans votre tableur et enregistrez-le sous un nouveau nom."
                    )
                # A bomb is small; in a big sheet the limit on memory does it.
                if entry.file_size < SMALL_SHEET and "worksheets/" in entry.filename:
                    _check_last_cell(head + part.read(SMALL_SHEET))
        except Refused:
            raise
        except Exception as error:
            raise Refused(DAMAGED) from error


def _check_last_cell(sheet: bytes) -> None:
    cells = FILLED_CELL.findall(sheet)
    column = max((_column_number(letters) for letters, _ in cells), default=0)
    row = max((int(row) for _, row in cells), default=0)
    if column * row > MAX_AREA:
        place = next(
            f"{letters.decode()}{number.decode()}"
            for letters, number in cells
            if int(number) == row or _column_number(letters) == column
        )
        raise Refused(
            f"Une cellule est remplie tout au bout de la feuille ({place}). "
            "Effacez-la, ou copiez la liste dans un nouveau classeur."
        )


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


PROTECTED = "Ce classeur est protégé par un mot de passe. Enregistrez-le sans mot de passe, puis renvoyez-le."
NOT_A_SHEET = (
    "Ce fichier n’est pas un tableur. Envoyez un classeur .xlsx, .xls ou .ods, ou un fichier .csv."
)
DAMAGED = "Ce classeur est abîmé. Ouvrez-le dans votre tableur, enregistrez-le sous un nouveau nom et renvoyez-le."


def _look_at_old_format(content: bytes, extension: str) -> str:
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise Refused(PROTECTED)
    if not any(name.encode("utf-16-le") in content for name in ("Workbook", "Book")):
        raise Refused(NOT_A_SHEET)
    _check_extension("xls", extension)
    return "xls"


def _check_extension(kind: str, extension: str) -> None:
    accepted = {"xlsx": ("xlsx", "xlsm"), "xls": ("xls",), "ods": ("ods",)}[kind]
    if extension not in accepted:
        raise Refused(
            f"Le contenu de ce fichier est un classeur .{kind}, mais son nom finit par .{extension}. "
            f"Ouvrez-le dans votre tableur, enregistrez-le en .{kind} et renvoyez-le."
        )


def _workbook(content: bytes, kind: str) -> list[dict]:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = []
        room = Room()
        errors = _error_cells(content) if kind == "xlsx" else {}
        for index, meta in enumerate(book.sheets_metadata[:MAX_SHEETS]):
            sheet = book.get_sheet_by_index(index)
            hidden = meta.visible != SheetVisibleEnum.Visible
            rows = _rows(sheet, room)
            _put_errors(rows, errors.get(meta.name, ()))
            sheets.append({"name": meta.name, "hidden": hidden, "rows": rows})
        return sheets
    except PasswordError as error:
        raise Refused(PROTECTED) from error
    except (CalamineError, zipfile.BadZipFile, ValueError, IndexError, KeyError, OSError) as error:
        raise Refused(DAMAGED) from error


def _error_cells(content: bytes) -> dict[str, list[tuple[int, int, str]]]:
    """Return sheet → (row, column, « #N/A »…): calamine reads an error as an empty cell, which says something else."""
    errors = {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name, path in _sheet_paths(archive).items():
            with archive.open(path) as part:
                rest = b""
                while block := part.read(READ):
                    block = rest + block
                    if b't="e"' in block:
                        errors.setdefault(name, []).extend(
                            (
                                int(row) - 1,
                                _column_number(column) - 1,
                                text.decode("utf-8", "replace"),
                            )
                            for column, row, text in ERROR_CELL.findall(block)
                        )
                    rest = block[-OVERLAP:]
    return errors


def _sheet_paths(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return sheet name → path of its XML; nothing when the workbook says it in an unusual way."""
    try:
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314 - idem
        links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314 - idem
    except (KeyError, ElementTree.ParseError):
        return {}
    targets = {link.get("Id"): link.get("Target", "").lstrip("/") for link in links}
    names = set(archive.namelist())
    paths = {}
    for sheet in book.iter(f"{{{SHEETS}}}sheet"):
        target = targets.get(sheet.get(f"{{{LINKS}}}id"), "")
        path = target if target.startswith("xl/") else f"xl/{target}"
        if path in names:
            paths[sheet.get("name", "")] = path
    return paths


def _put_errors(rows: list[list[str]], errors) -> None:
    for row, column, text in errors:
        if row < len(rows) and column < MAX_COLUMNS:
            cells = rows[row]
            cells.extend([""] * (column + 1 - len(cells)))
            cells[column] = cells[column] or text


class Room:
    """What may still be read, over all the sheets."""

    def __init__(self):
        self.rows = MAX_ROWS
        self.lines = MAX_LINES
        self.text = MAX_TEXT

    def take(self, cells: list[str], blank: int) -> None:
        """Count a row with values and the blank ones before it. Raises Refused."""
        if len(cells) > MAX_COLUMNS:
            raise Refused(
                f"Cette feuille a plus de {MAX_COLUMNS} colonnes. Gardez celles de la liste seulement."
            )
        self.rows -= 1
        self.lines -= 1 + blank
        self.text -= sum(map(len, cells))
        if self.rows < 0:
            raise Refused(
                f"Ce fichier a plus de {MAX_ROWS:,} lignes.".replace(",", "\u202f")
                + " Partagez-le en plusieurs fichiers."
            )
        if self.lines < 0:
            raise Refused(
                "Ce fichier a trop de lignes vides entre ses lignes. Copiez la liste seule dans un nouveau classeur."
            )
        if self.text < 0:
            raise Refused(TOO_BIG)


def _rows(sheet, room: Room) -> list[list[str]]:
    if sheet.end is None:
        return []
    height, width = sheet.end[0] + 1, sheet.end[1] + 1
    if height * width > MAX_AREA:
        raise Refused(TOO_BIG)
    first_column = sheet.start[1]
    margin = (
        [""] * first_column
    )  # calamine gives the rows from the first one, the columns from the first filled
    rows: list[list[str]] = []
    blank = 0
    for values in sheet.iter_rows():
        cells = [value if type(value) is str else _as_text(value) for value in values]
        while cells and not cells[-1]:
            cells.pop()
        blank = _add(rows, margin + cells if first_column and cells else cells, blank, room)
    return rows


def _add(rows: list[list[str]], cells: list[str], blank: int, room: Room) -> int:
    """Add a row, and the blank ones that wait before it; return how many wait: after the last row they are nothing."""
    if not cells:
        return blank + 1
    cells = _bounded(cells)
    room.take(cells, blank)
    rows.extend([] for _ in range(blank))
    rows.append(cells)
    return 0


def _bounded(cells: list[str]) -> list[str]:
    if max(map(len, cells)) <= MAX_CELL:
        return cells
    return [cell[: MAX_CELL + 1] for cell in cells]


def _as_text(value) -> str:
    """A number is written without « .0 », a date as one writes it, a boolean in words."""
    if value is None:
        return ""
    kind = type(value)
    if kind is float:
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if kind is bool:
        return "VRAI" if value else "FAUX"
    if isinstance(value, datetime.datetime):
        return f"{value:%d/%m/%Y %H:%M}" if value.time() != MIDNIGHT else f"{value:%d/%m/%Y}"
    if isinstance(value, datetime.date):
        return f"{value:%d/%m/%Y}"
    return str(value)


def _text(content: bytes, extension: str) -> dict:
    if extension not in {"csv", "txt", "tsv"}:
        raise Refused(NOT_A_SHEET)
    text = _decoded(content)
    if text.lstrip()[:1] == "<":
        raise Refused(
            "Ce fichier est une page web ou du XML, pas un tableau. Enregistrez-le en .xlsx ou en .csv."
        )
    csv.field_size_limit(MAX_TEXT)
    room, rows, blank = Room(), [], 0
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text)):
            while cells and not cells[-1].strip():
                cells.pop()
            blank = _add(rows, cells, blank, room)
    except csv.Error as error:
        raise Refused(
            "Ce fichier .csv ne peut pas être lu. Enregistrez-le depuis votre tableur en .xlsx."
        ) from error
    return {"name": "", "hidden": False, "rows": rows}


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ("utf-16",)
    elif b"\x00" in content:
        raise Refused(NOT_A_SHEET)
    else:
        encodings = ("utf-8-sig", "cp1252", "latin-1")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        return text
    raise Refused(NOT_A_SHEET)


def _separator(text: str) -> str:
    """The one that cuts the first lines most; quotes are counted too, they change nothing in practice."""
    head = text[:20_000]
    return max(";\t,", key=head.count)


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_CPU, MAX_CPU))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def main() -> None:
    _limit()
    content = sys.stdin.buffer.read()
    try:
        answer = {"sheets": parse(content, sys.argv[1])}
    except Refused as refusal:
        answer = {"refusal": str(refusal)}
    except MemoryError:
        answer = {"refusal": TOO_BIG}
    except (Exception, RecursionError):
        answer = {"refusal": DAMAGED}
    out = json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
    sys.stdout.buffer.write(out.encode("utf-8", "replace"))


if __name__ == "__main__":
    main()
