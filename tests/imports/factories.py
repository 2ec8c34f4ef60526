"""Small spreadsheets, written as programs and people write them."""

import csv
import io
import zipfile
from xml.sax.saxutils import escape

from django.utils import timezone
from openpyxl import Workbook

from imports.enums import ImportKind
from imports.running import start

HEADER = ["Code INSEE", "Nom de la commune", "SIREN", "Population", "E-mail"]


def xlsx(*sheets, hidden=()) -> bytes:
    """Return a workbook; each sheet is a list of rows, or (name, rows)."""
    book = Workbook()
    book.remove(book.active)
    for number, sheet in enumerate(sheets, start=1):
        name, rows = sheet if isinstance(sheet, tuple) else (f"Feuil{number}", sheet)
        page = book.create_sheet(name)
        for row in rows:
            page.append(row)
        if name in hidden:
            page.sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def csv_file(rows, encoding="utf-8", separator=";") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows(rows)
    return out.getvalue().encode(encoding)


def ods(rows, after="") -> bytes:
    ns = "urn:oasis:names:tc:opendocument:xmlns:"
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    body = "".join(
        "<table:table-row>"
        + "".join(cell.format(escape(str(v))) for v in row)
        + "</table:table-row>"
        for row in rows
    )
    content = (
        f'<office:document-content xmlns:office="{ns}office:1.0" xmlns:table="{ns}table:1.0" '
        f'xmlns:text="{ns}text:1.0"><office:body><office:spreadsheet><table:table table:name="Liste">'
        f"{body}{after}</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        f'<manifest:manifest xmlns:manifest="{ns}manifest:1.0"><manifest:file-entry '
        f'manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>'
    )
    return zipped({"mimetype": kind, "content.xml": content, "META-INF/manifest.xml": manifest})


def zipped(parts: dict) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def parts_of(workbook: bytes) -> dict:
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def with_sheet(change) -> bytes:
    """Return a small workbook whose sheet is XML changed by hand."""
    parts = parts_of(xlsx([HEADER, ["60001", "Valmont", None, 850, None]]))
    name = "xl/worksheets/sheet1.xml"
    parts[name] = change(parts[name].decode())
    return zipped(parts)


def start_list(rows, *, opsn, by, kind=ImportKind.COLLECTIVITES, at=None, header=HEADER, **kwargs):
    """Bring a list of collectivités, as a csv, and return its run."""
    content = csv_file([header, *rows])
    return start(
        kind=kind,
        content=content,
        file_name="liste.csv",
        opsn=opsn,
        by=by,
        at=at or timezone.now(),
        **kwargs,
    )
