"""What our Word documents have in common: A4, our headings, pages numbered, tables whose head comes back on each page."""

import io

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from questions.cells import printable

GREEN = RGBColor(0x14, 0x53, 0x2D)
INK = RGBColor(0x17, 0x26, 0x1F)
HEAD_FILL = "EAF1E6"
FONT = "Calibri"


def blank_document(*, title: str, footer: str, has_cover: bool):
    """Return an empty document; a cover has no footer."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    section.top_margin = section.bottom_margin = Cm(2.2)
    section.different_first_page_header_footer = has_cover
    _footer(section.footer.paragraphs[0], footer)
    for name, size, colour in (
        ("Normal", 11, INK),
        ("Title", 28, GREEN),
        ("Subtitle", 16, INK),
        ("Heading 1", 18, GREEN),
        ("Heading 2", 13, INK),
    ):
        style = document.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = FONT, Pt(size), colour
        _use_everywhere(style, FONT)
    document.styles["Normal"].paragraph_format.space_after = Pt(6)
    _speak_french(document)
    properties = document.core_properties
    properties.title = printable(title)
    properties.author, properties.comments, properties.language = "Éco-clic", "", "fr-FR"
    return document


def saved(document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def add_table(document, head, rows, widths, *, bold_last: bool = False) -> None:
    """Add a table; with a head, that head is repeated on each page, without one the first column is bold."""
    table = document.add_table(rows=0, cols=len(widths), style="Table Grid")
    table.autofit = False
    if head:
        cells = table.add_row().cells
        for cell, text in zip(cells, head, strict=True):
            _write(cell, text, bold=True, fill=HEAD_FILL)
        _mark(table.rows[0], "w:tblHeader")
    for number, row in enumerate(rows):
        table_row = table.add_row()
        last = bold_last and number == len(rows) - 1
        for column, (cell, text) in enumerate(zip(table_row.cells, row, strict=True)):
            _write(cell, text, bold=last or (not head and column == 0))
        _mark(table_row, "w:cantSplit")
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)  # of the grid, which LibreOffice follows
        for cell in column.cells:
            cell.width = Cm(width)  # of each cell, which Word follows
    document.add_paragraph().paragraph_format.space_after = Pt(0)


def _write(cell, text: str, *, bold: bool = False, fill: str = "") -> None:
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(2)
    paragraph.add_run(printable(text)).bold = bold
    if fill:
        shade = OxmlElement("w:shd")
        shade.set(qn("w:val"), "clear")
        shade.set(qn("w:fill"), fill)
        cell._tc.get_or_add_tcPr().append(shade)


def _mark(row, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))


def _footer(paragraph, text: str) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    paragraph.add_run(f"{printable(text)} – page ")
    _field(paragraph, "PAGE")
    paragraph.add_run(" sur ")
    _field(paragraph, "NUMPAGES")


def _field(paragraph, code: str) -> None:
    """Add a field that Word computes: the number of the page, of pages."""
    for kind, text in (("begin", ""), ("", code), ("separate", ""), ("text", "1"), ("end", "")):
        run = paragraph.add_run()
        if kind == "text":
            run.text = text
        elif kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)
        else:
            instruction = OxmlElement("w:instrText")
            instruction.set(qn("xml:space"), "preserve")
            instruction.text = f" {text} "
            run._r.append(instruction)


def _speak_french(document) -> None:
    """Tell the spelling checker which language this is."""
    properties = document.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault"))
    properties = properties.find(qn("w:rPr"))
    language = properties.find(qn("w:lang"))
    if language is None:
        language = OxmlElement("w:lang")
        properties.append(language)
    language.set(qn("w:val"), "fr-FR")


def _use_everywhere(style, font: str) -> None:
    """Headings of the default template name a font of the theme, which wins over ours."""
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(name), None)
    for name in ("w:ascii", "w:hAnsi", "w:cs"):
        fonts.set(qn(name), font)
