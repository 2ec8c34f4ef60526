"""A workbook written row after row, straight into its zip: no file on the side, nothing that grows in memory.

openpyxl first writes each sheet to a file of its own, which a process that is killed leaves behind, and takes three times
as long (docs/performance.md). Every text is an inline string: none can be a formula. Source: ECMA-376, part 1.
"""

import zipfile
from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import BinaryIO
from xml.sax.saxutils import escape

from django.utils import timezone
from openpyxl.utils import get_column_letter

from questions.cells import printable

CREATOR = "Éco-clic"
LONGEST_TEXT = 32_767  # characters that Excel takes in a cell
DAY_ZERO = datetime(1899, 12, 30)
BOLD, DAY, MOMENT = 1, 2, 3  # the formats of STYLES, in their order
FLUSH = 200  # rows

XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
# Every part is a sheet, but for those that are named: so it can be written before the sheets are known.
CONTENT_TYPES = f"""{XML}<Types xmlns="{PACKAGE}/content-types">\
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>\
<Default Extension="xml" ContentType="{KIND}.worksheet+xml"/>\
<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>\
<Override PartName="/xl/styles.xml" ContentType="{KIND}.styles+xml"/>\
<Override PartName="/xl/workbook.xml" ContentType="{KIND}.sheet.main+xml"/></Types>"""
RELATIONS = f"""{XML}<Relationships xmlns="{PACKAGE}/relationships">\
<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/>\
<Relationship Id="rId2" Type="{PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>"""
STYLES = f"""{XML}<styleSheet xmlns="{MAIN}">\
<numFmts count="2"><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/><numFmt numFmtId="165" formatCode="dd/mm/yyyy hh:mm"/></numFmts>\
<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>\
<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>\
<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>\
<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>\
<cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>\
<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>\
<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>\
<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>\
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>"""
TOP_ROW_STAYS = (
    '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" '
    'activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
)

Cell = str | int | Decimal | date | datetime | None


class Workbook:
    """Use as a context: `add` the sheets one after the other; what is written is whole when the context ends."""

    def __init__(self, out: BinaryIO, *, title: str):
        self.archive = zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED)
        self.titles: list[str] = []
        self._part("[Content_Types].xml", CONTENT_TYPES)
        self._part("_rels/.rels", RELATIONS)
        self._part("docProps/core.xml", _properties(title))
        self._part("xl/styles.xml", STYLES)

    def __enter__(self) -> "Workbook":
        return self

    def __exit__(self, failed, *_) -> None:
        if failed is None:
            self._part("xl/_rels/workbook.xml.rels", _relations(len(self.titles)))
            self._part("xl/workbook.xml", _sheets(self.titles))
        self.archive.close()

    def add(
        self, title: str, columns: Iterable[tuple[str, int]], rows: Iterable[Iterable[Cell]]
    ) -> None:
        """Write a sheet; `columns` are (title, width in characters)."""
        columns = list(columns)
        letters = [get_column_letter(n) for n in range(1, len(columns) + 1)]
        self.titles.append(title)
        with self.archive.open(f"xl/worksheets/sheet{len(self.titles)}.xml", "w") as part:
            part.write(_head(columns, letters).encode())
            waiting = []
            for number, row in enumerate(rows, start=2):
                waiting.append(_row(number, letters, row))
                if len(waiting) == FLUSH:
                    part.write("".join(waiting).encode())
                    waiting.clear()
            waiting.append("</sheetData></worksheet>")
            part.write("".join(waiting).encode())

    def _part(self, name: str, text: str) -> None:
        self.archive.writestr(name, text)


def _row(number: int, letters: list[str], row: Iterable[Cell]) -> str:
    cells = [
        _cell(f"{letter}{number}", value)
        for letter, value in zip(letters, row, strict=True)
        if value is not None and value != ""
    ]
    return f'<row r="{number}">{"".join(cells)}</row>'


def _cell(place: str, value: Cell) -> str:
    if isinstance(value, str):
        return _text(place, value)
    if isinstance(value, datetime):
        moment = timezone.localtime(value).replace(tzinfo=None, microsecond=0) - DAY_ZERO
        days = moment.days + moment.seconds / 86_400
        return f'<c r="{place}" s="{MOMENT}"><v>{days!r}</v></c>'
    if isinstance(value, date):
        return f'<c r="{place}" s="{DAY}"><v>{value.toordinal() - DAY_ZERO.toordinal()}</v></c>'
    number = f"{value:f}" if isinstance(value, Decimal) else value
    return f'<c r="{place}"><v>{number}</v></c>'


def _text(place: str, value: str, style: int = 0) -> str:
    text = escape(printable(value[:LONGEST_TEXT]), {"\r": "&#13;"})
    space = ' xml:space="preserve"' if text != text.strip() else ""
    look = f' s="{style}"' if style else ""
    return f'<c r="{place}"{look} t="inlineStr"><is><t{space}>{text}</t></is></c>'


def _head(columns: list[tuple[str, int]], letters: list[str]) -> str:
    widths = "".join(
        f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>'
        for n, (_, width) in enumerate(columns, start=1)
    )
    titles = "".join(
        _text(f"{letter}1", name, BOLD)
        for letter, (name, _) in zip(letters, columns, strict=True)
        if name
    )
    return (
        f'{XML}<worksheet xmlns="{MAIN}">{TOP_ROW_STAYS}<cols>{widths}</cols>'
        f'<sheetData><row r="1">{titles}</row>'
    )


def _sheets(titles: list[str]) -> str:
    sheets = "".join(
        f'<sheet name="{escape(title, {chr(34): "&quot;"})}" sheetId="{n}" r:id="rId{n}"/>'
        for n, title in enumerate(titles, start=1)
    )
    return f'{XML}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{sheets}</sheets></workbook>'


def _relations(count: int) -> str:
    sheets = "".join(
        f'<Relationship Id="rId{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, count + 1)
    )
    styles = f'<Relationship Id="rId{count + 1}" Type="{OFFICE}/styles" Target="styles.xml"/>'
    return f'{XML}<Relationships xmlns="{PACKAGE}/relationships">{sheets}{styles}</Relationships>'


def _properties(title: str) -> str:
    return (
        f'{XML}<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(printable(title))}</dc:title><dc:creator>{CREATOR}</dc:creator>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}</dcterms:created>'
        "</cp:coreProperties>"
    )
