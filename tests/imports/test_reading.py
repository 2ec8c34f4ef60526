"""Any file is read, or refused with a sentence in French; the server feels nothing."""

import resource

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from imports.reading import TOO_LONG, Unreadable, read
from tests.imports.factories import HEADER, csv_file, ods, parts_of, with_sheet, xlsx, zipped

ROWS = [HEADER, ["60001", "Valmont-sur-Claire", None, 850, "mairie@valmont.example"]]
TEXTS = [HEADER, ["60001", "Valmont-sur-Claire", "", "850", "mairie@valmont.example"]]
MEGABYTE = 1024  # KB, as getrusage counts on Linux


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (xlsx(ROWS), "liste.xlsx"),
        (xlsx(ROWS), "LISTE.XLSX"),
        (ods(TEXTS), "liste.ods"),
        (csv_file(TEXTS), "liste.csv"),
        (csv_file(TEXTS, "utf-8-sig", ","), "liste.csv"),
        (csv_file(TEXTS, "cp1252"), "liste.csv"),
        (csv_file(TEXTS, "utf-16", "\t"), "liste.txt"),
    ],
    ids=["xlsx", "capitals", "ods", "utf-8", "bom", "windows", "utf-16"],
)
def test_the_same_list_is_read_from_every_format(content, name):
    (sheet,) = read(content, name)

    assert sheet.rows == TEXTS


def test_accents_written_by_windows_are_read():
    (sheet,) = read(csv_file([["Nom"], ["L’Épine & Cœur"]], "cp1252"), "liste.csv")

    assert sheet.rows[1] == ["L’Épine & Cœur"]


def test_numbers_dates_and_booleans_become_what_one_reads():
    import datetime

    content = xlsx([["a"], [1001, 12.5, datetime.date(2026, 1, 2), True, None, "x"]])

    assert read(content, "a.xlsx")[0].rows[1] == ["1001", "12.5", "02/01/2026", "VRAI", "", "x"]


def test_an_error_of_excel_is_no_empty_cell():
    content = with_sheet(
        lambda xml: xml.replace('<c r="D2" t="n"><v>850</v></c>', '<c r="D2" t="e"><v>#N/A</v></c>')
    )

    assert read(content, "a.xlsx")[0].rows[1][3] == "#N/A"


def test_lines_keep_their_number_and_hidden_sheets_are_said():
    content = xlsx(
        ("param", [["version"]]), ("Liste", [[], [], ["Nom"], [], ["Valmont"]]), hidden=["param"]
    )

    param, sheet = read(content, "a.xlsx")

    assert (param.hidden, sheet.hidden) == (True, False)
    assert sheet.rows == [[], [], ["Nom"], [], ["Valmont"]]


def test_a_million_empty_rows_after_the_list_are_nothing():
    after = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>'

    assert read(ods(TEXTS, after), "a.ods")[0].rows == TEXTS


@pytest.mark.parametrize("name", ["a.csv", "a.txt"])
def test_ten_megabytes_of_line_breaks_after_the_list_are_nothing(name):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    (sheet,) = read(b"nom;code insee\nValmont;60001\n" + b"\n" * 10_485_000, name)

    assert sheet.rows == [["nom", "code insee"], ["Valmont", "60001"]]
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150 * MEGABYTE


ENTITY = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
EXTERNAL = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def far_cell(reference):
    row = reference.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    extra = (
        f'<row r="{row}"><c r="{reference}" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
    )
    return with_sheet(lambda xml: xml.replace("</sheetData>", extra))


def with_doctype(doctype):
    return with_sheet(lambda xml: doctype + xml.replace("<worksheet", "<worksheet", 1))


def wide():
    return xlsx([["Nom"] * 16_384])


REFUSED = {
    "empty": (b"", "a.xlsx", "vide"),
    "blank": (b" \r\n ", "a.csv", "vide"),
    "text_named_xlsx": (b"Bonjour, voici la liste", "a.xlsx", "pas un tableur"),
    "csv_named_xlsx": (csv_file(TEXTS), "a.xlsx", "pas un tableur"),
    "xlsx_named_csv": (xlsx(ROWS), "a.csv", "classeur .xlsx"),
    "xlsx_named_xls": (xlsx(ROWS), "a.xls", "classeur .xlsx"),
    "truncated": (xlsx(ROWS)[:2000], "a.xlsx", "incomplet"),
    "word": (zipped({"word/document.xml": "<x/>"}), "a.xlsx", "pas un tableur"),
    "svg": (b"<svg onload='alert(1)'/>", "a.svg", "pas un tableur"),
    "html_named_xls": (b"<html><table><tr><td>1</td></tr></table></html>", "a.xls", "pas un tableur"),
    "html_named_csv": (b"<html><table></table></html>", "a.csv", "page web"),
    "program": (b"MZ\x90\x00" + bytes(100), "a.pdf", "pas un tableur"),
    "binary_named_csv": (b"a;b\x00\x01\x02", "a.csv", "pas un tableur"),
    "password": (OLE + "EncryptedPackage".encode("utf-16-le"), "a.xlsx", "mot de passe"),
    "old_word": (OLE + "WordDocument".encode("utf-16-le"), "a.xls", "pas un tableur"),
    "broken_xls": (OLE + "Workbook".encode("utf-16-le"), "a.xls", "abîmé"),
    "entities": (with_doctype(ENTITY), "a.xlsx", "entités"),
    "external_entity": (with_doctype(EXTERNAL), "a.xlsx", "entités"),
    "cell_at_the_end": (far_cell("XFD1048576"), "a.xlsx", "XFD1048576"),
    "cell_far_below": (far_cell("ZZ900000"), "a.xlsx", "ZZ900000"),
    "wide": (wide(), "a.xlsx", "colonnes"),
    "too_big": (b"a" * (10 * 1024**2 + 1), "a.csv", "10 Mo"),
    "blank_lines": (b"nom;code insee\n" + b"\n" * 10_000_000 + b"Valmont;60001\n", "a.csv", "lignes vides"),
    "blank_rows": (far_cell("A1048576"), "a.xlsx", "lignes vides"),
    "entries": (zipped({f"{i}.xml": "" for i in range(20_000)}), "a.xlsx", "trop grand"),
    "unpacked": (zipped({"xl/workbook.xml": bytes(120 * 1024**2)}), "a.xlsx", "trop grand"),
    "ratio": (zipped({"xl/workbook.xml": bytes(20 * 1024**2)}), "a.xlsx", "trop grand"),
    "nameless": (b"a;b", "", "pas un tableur"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_a_harmful_or_broken_file_is_refused_with_a_sentence(case):
    content, name, words = REFUSED[case]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    with pytest.raises(Unreadable, match=words) as refusal:
        read(content, name)

    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 150 * MEGABYTE
    # The child is stopped after so many seconds, with this sentence: any other reason was found before.
    assert str(refusal.value) != TOO_LONG


def test_five_hundred_thousand_rows_are_refused_without_harm():
    row = '<row><c t="inlineStr"><is><t>x</t></is></c></row>'
    content = with_sheet(lambda xml: xml.replace("</sheetData>", row * 500_000 + "</sheetData>"))

    with pytest.raises(Unreadable):
        read(content, "a.xlsx")


def test_a_string_shared_by_many_cells_is_bounded():
    parts = parts_of(xlsx([["x" * 30_000]]))
    cell = '<c r="{}{}" t="s"><v>0</v></c>'
    rows = "".join(
        f'<row r="{r}">' + "".join(cell.format(c, r) for c in "ABCDEFGH") + "</row>"
        for r in range(1, 3_000)
    )
    xml = parts["xl/worksheets/sheet1.xml"].decode()
    start, end = xml.index("<sheetData>"), xml.index("</sheetData>")
    parts["xl/worksheets/sheet1.xml"] = xml[:start] + "<sheetData>" + rows + xml[end:]

    with pytest.raises(Unreadable):
        read(zipped(parts), "a.xlsx")


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.csv", "a\x00b.csv", "x" * 300 + ".csv", "\u202efdp.csv"]
)
def test_a_deceitful_name_changes_nothing(name):
    assert read(csv_file(TEXTS), name)[0].rows == TEXTS


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.binary(max_size=400), st.sampled_from(["a.xlsx", "a.xls", "a.ods", "a.csv", "a"]))
def test_any_bytes_are_read_or_refused(content, name):
    assert is_read_or_refused(content, name)


WORKBOOKS = [xlsx(ROWS), ods(TEXTS)]
damage = st.lists(
    st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=12
)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from([0, 1]), damage)
def test_a_damaged_workbook_is_read_or_refused(which, damage):
    content = bytearray(WORKBOOKS[which])
    for place, byte in damage:
        content[int(place * len(content))] = byte

    assert is_read_or_refused(bytes(content), ("a.xlsx", "a.ods")[which])


def is_read_or_refused(content: bytes, name: str) -> bool:
    """Tell that the reader gave text or its own exception; any other one fails the test."""
    try:
        sheets = read(content, name)
    except Unreadable as refusal:
        return bool(str(refusal))
    return all(isinstance(cell, str) for sheet in sheets for row in sheet.rows for cell in row)
