"""The workbook that is written row after row is one that every reader opens, and holds texts as texts."""

import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from supervision.exports.files import Sheet, counted, xlsx
from supervision.exports.workbook import FLUSH, LONGEST_TEXT

COLUMNS = (("Un", 12), ("Deux & trois", 40))


def written(*rows, title="Réponses") -> bytes:
    return xlsx([Sheet(title, COLUMNS, rows)], title="Territoire : L’Épine & <Cœur>").read()


def cells(content: bytes, row: int = 2) -> list:
    return [cell.value for cell in load_workbook(io.BytesIO(content)).worksheets[0][row]]


def calamine(content: bytes) -> list:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("Valmont", "Valmont"),
        ("<b>&\"'", "<b>&\"'"),
        ("  deux espaces ", "  deux espaces "),
        ("deux\nlignes\r\net trois\tmots", "deux\nlignes\r\net trois\tmots"),
        ("bad\x00\x0b\ufffe\ud800char", "badchar"),
        ("x" * 40_000, "x" * LONGEST_TEXT),
        ("00123", "00123"),
        (42, 42),
        (-3, -3),
        (Decimal("12.50"), 12.5),
        (Decimal("1E+3"), 1000),
        (date(2027, 2, 28), datetime(2027, 2, 28)),
        (datetime(2026, 11, 24, 9, 30, 12, 999, UTC), datetime(2026, 11, 24, 10, 30, 12)),
        (datetime(2026, 7, 1, 22, 30, tzinfo=UTC), datetime(2026, 7, 2, 0, 30)),
        (None, None),
        ("", None),
    ],
)
def test_a_value_is_read_as_it_was_written(value, read):
    assert cells(written(("avant", value)))[1] == read


@pytest.mark.parametrize("typed", ["=1+1", "==2", "+33", "-5", "@SUM(A1)", "#N/A", "TRUE", "1E5"])
def test_a_text_is_a_text_for_both_readers(typed):
    content = written((typed, "après"))

    cell = load_workbook(io.BytesIO(content)).worksheets[0]["A2"]
    assert (cell.value, cell.data_type) == (typed, "s")
    assert calamine(content)[1] == [typed, "après"]


def test_sheets_have_their_names_titles_widths_and_a_top_row_that_stays():
    content = xlsx([Sheet("Un", COLUMNS, [("a", 1)]), Sheet("Deux", COLUMNS, [])], title="T").read()

    book = load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["Un", "Deux"]
    assert [cell.value for cell in book["Deux"][1]] == ["Un", "Deux & trois"]
    assert book["Un"]["A1"].font.bold
    assert book["Un"].column_dimensions["B"].width == 40
    assert book["Un"].freeze_panes == "A2"


def test_its_properties_name_the_site_and_the_file_only():
    book = load_workbook(io.BytesIO(written()))

    assert (book.properties.creator, book.properties.title, book.properties.lastModifiedBy) == (
        "Éco-clic", "Territoire : L’Épine & <Cœur>", None,
    )  # fmt: skip


def test_all_the_rows_are_there_whatever_is_written_at_a_time():
    rows = [(n, "x") for n in range(2 * FLUSH + 1)]

    assert [row[0] for row in calamine(written(*rows))[1:]] == [n for n, _ in rows]


def test_a_row_of_another_width_is_an_error_and_no_workbook():
    with pytest.raises(ValueError, match="shorter"):
        written(("seule",))


def test_the_first_part_tells_what_the_file_is():
    names = zipfile.ZipFile(io.BytesIO(written())).namelist()

    assert names[0] == "[Content_Types].xml"


def test_what_is_counted_is_told_across_the_sheets(monkeypatch):
    monkeypatch.setattr("supervision.exports.files.TICK", 2)
    told = []
    sheets = [Sheet("Un", COLUMNS, [(1, 1)] * 3), Sheet("Deux", COLUMNS, [(2, 2)] * 3)]

    kept = [list(sheet.rows) for sheet in counted(sheets, told.append)]

    assert [len(rows) for rows in kept] == [3, 3]
    assert told == [2, 4, 6]
