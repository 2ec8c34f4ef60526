"""Which files are taken as evidence, judged by what they hold."""

import io
import zipfile

import pytest
from PIL import Image

from questions.accepting import MAX_BYTES, NAME_MAX, NotAccepted, accept, clean_name

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
HTML = b"<!doctype html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>1</script></svg>'
EXE = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00"
ODF = "application/vnd.oasis.opendocument"


def image(kind: str) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (8, 8), "green").save(written, kind)
    return written.getvalue()


def archive(*names: str, mimetype: str = "", comment: bytes = b"", size: int = 10) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as file:
        if mimetype:
            file.writestr(zipfile.ZipInfo("mimetype"), mimetype)
        for name in names:
            file.writestr(name, b"0" * size)
        file.comment = comment
    return written.getvalue()


PNG, JPEG = image("PNG"), image("JPEG")
DOCX = archive("[Content_Types].xml", "word/document.xml")
XLSX = archive("[Content_Types].xml", "xl/workbook.xml")
ODT = archive("content.xml", mimetype=f"{ODF}.text")
ODS = archive("content.xml", mimetype=f"{ODF}.spreadsheet")
ZIP = archive("facture.pdf")


@pytest.mark.parametrize(
    ("name", "content", "content_type"),
    [
        ("facture.pdf", PDF, "application/pdf"),
        ("FACTURE.PDF", PDF, "application/pdf"),
        ("salle.png", PNG, "image/png"),
        ("salle.jpg", JPEG, "image/jpeg"),
        ("salle.jpeg", JPEG, "image/jpeg"),
        (
            "charte.docx",
            DOCX,
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        ("parc.xlsx", XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("charte.odt", ODT, f"{ODF}.text"),
        ("parc.ods", ODS, f"{ODF}.spreadsheet"),
        ("parc.csv", "Matériel;Âge\nPC;5\n".encode(), "text/csv"),
        ("parc.csv", "Matériel;Âge\r\nPC;5\r\n".encode("cp1252"), "text/csv"),
        ("note.txt", "\ufeffVu l’écran : 5 < 6.".encode(), "text/plain"),
    ],
)
def test_what_is_on_the_list_is_taken_with_its_own_type(name, content, content_type):
    assert accept(name, content) == (name, content_type)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.html", HTML),
        ("dessin.svg", SVG),
        ("script.js", b"alert(1)"),
        ("outil.exe", EXE),
        ("archive.zip", ZIP),
        ("macro.xlsm", XLSX),
        ("facture", PDF),
        ("facture.pdf.exe", PDF),
        (".pdf", b""),
        ("classeur.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    ],
)
def test_what_is_not_on_the_list_is_refused(name, content):
    with pytest.raises(NotAccepted):
        accept(name, content)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("facture.pdf", EXE),
        ("facture.pdf", HTML),
        ("facture.pdf", b"\n" + PDF),
        ("facture.pdf", b"%PDF-1.7 cut short"),
        ("facture.pdf", PNG),
        ("salle.png", SVG),
        ("salle.png", JPEG),
        ("salle.png", PNG[: len(PNG) // 2]),
        ("salle.jpg", b"\xff\xd8\xff" + HTML),
        ("salle.jpg", PDF),
        ("note.txt", EXE),
        ("note.txt", HTML),
        ("note.txt", b"a\x00b"),
        ("parc.csv", SVG),
        ("parc.csv", b"Nom;<ScRiPt>alert(1)</sCrIpT>"),
        ("parc.csv", XLSX),
        ("charte.docx", XLSX),
        ("charte.docx", ZIP),
        ("charte.docx", b"PK\x03\x04 and nothing"),
        ("charte.odt", ODS),
        ("charte.odt", DOCX),
        ("parc.xlsx", b"\xd0\xcf\x11\xe0 encrypted"),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_refused(name, content):
    with pytest.raises(NotAccepted, match="ce n’est pas ce qu’il contient"):
        accept(name, content)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("pdf-and-zip.pdf", PDF + ZIP),
        ("pdf-and-html.pdf", b"%PDF-1.7\n" + HTML + PDF),
        ("png-and-zip.png", PNG + ZIP),
        ("png-and-html.png", PNG[:-12] + HTML + PNG[-12:]),
        ("jpeg-and-zip.jpg", JPEG + ZIP),
        ("jpeg-and-html.jpg", JPEG + HTML),
        ("jpeg-and-pdf.jpg", JPEG[:20] + b"%PDF-1.7" + JPEG[20:]),
        ("docx-after-jpeg.docx", JPEG + DOCX),
        ("docx-and-more.docx", DOCX + HTML),
        (
            "docx-and-comment.docx",
            archive("[Content_Types].xml", "word/document.xml", comment=HTML),
        ),
        ("docx-and-pdf.docx", archive("%PDF-1.7", "[Content_Types].xml", "word/document.xml")),
    ],
)
def test_a_file_of_two_kinds_is_refused(name, content):
    with pytest.raises(NotAccepted):
        accept(name, content)


@pytest.mark.parametrize(
    "macro", ["word/vbaProject.bin", "Basic/Standard/Module1.xml", "Scripts/python/x.py"]
)
def test_a_document_with_macros_is_refused(macro):
    with pytest.raises(NotAccepted, match="macros"):
        accept("charte.docx", archive("[Content_Types].xml", "word/document.xml", macro))


def test_a_zip_that_says_it_unpacks_to_more_than_is_sober_is_refused():
    bomb = archive("[Content_Types].xml", "xl/workbook.xml", size=120 * 1024**2)

    assert len(bomb) < MAX_BYTES
    with pytest.raises(NotAccepted):
        accept("parc.xlsx", bomb)


def test_an_empty_file_and_one_that_is_too_big_say_so():
    with pytest.raises(NotAccepted, match="est vide"):
        accept("facture.pdf", b"")
    with pytest.raises(NotAccepted, match="dépasse 10 Mo"):
        accept("facture.pdf", PDF + b"0" * MAX_BYTES)


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("facture.pdf", "facture.pdf"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Mairie\\été 2026.pdf", "été 2026.pdf"),
        ("fac\x00ture.pdf", "facture.pdf"),
        ("facture\u202efdp.exe", "facturefdp.exe"),
        ("a\u200bb\ufeff.pdf", "ab.pdf"),
        ("ligne\r\nSet-Cookie: a=b.pdf", "ligneSet-Cookie- a=b.pdf"),
        ('a<b>"c|d?*.pdf', "a-b--c-d--.pdf"),
        ("  .facture . .pdf", "facture.pdf"),
        ("e\u0301te\u0301.pdf", "été.pdf"),
        ("", "piece"),
        ("..", "piece"),
        ("....pdf", "pdf"),
    ],
)
def test_a_name_keeps_only_what_a_screen_shows(name, clean):
    assert clean_name(name) == clean


def test_a_long_name_is_cut_before_its_extension():
    clean = clean_name("é" * 300 + ".pdf")

    assert len(clean) == NAME_MAX
    assert clean.endswith("é.pdf")
