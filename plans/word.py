"""The plan as an editable Word document, ready to go with a deliberation: cover, index, actions by theme, budget, calendar.

Headings are real ones, so that the navigation pane and a table of contents work; tables repeat their head on each page.
"""

import io
from dataclasses import dataclass
from datetime import date

from django.template.defaultfilters import date as date_format
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from plans.documents import ThemeActions, owner_of
from plans.figures import IndexLine, YearBudget
from plans.models import Action
from plans.quarters import quarter_name
from plans.sheets import printable
from questions.wording import french_date, french_number
from territories.models import Collectivite

GREEN = RGBColor(0x14, 0x53, 0x2D)
INK = RGBColor(0x17, 0x26, 0x1F)
HEAD_FILL = "EAF1E6"
FONT = "Calibri"
NO_BREAK_SPACE = "\u00a0"


@dataclass(frozen=True)
class PlanDocument:
    collectivite: Collectivite
    title: str
    period: str
    on: date
    target: int | None
    indexes: list[IndexLine]
    themes: list[ThemeActions]
    budgets: list[YearBudget]
    total: YearBudget


def docx(plan: PlanDocument) -> bytes:
    """Return the document as a .docx file."""
    document = Document()
    _set_up(document, plan)
    _cover(document, plan)
    _indexes(document, plan)
    _actions(document, plan)
    _budget(document, plan)
    _calendar(document, plan)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _set_up(document, plan: PlanDocument) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    section.top_margin = section.bottom_margin = Cm(2.2)
    section.different_first_page_header_footer = True
    _footer(section.footer.paragraphs[0], plan)
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
    properties.title = f"{plan.title} – {plan.collectivite.name}"
    properties.author, properties.comments, properties.language = "Éco-clic", "", "fr-FR"


def _cover(document, plan: PlanDocument) -> None:
    for _ in range(6):
        document.add_paragraph()
    document.add_paragraph(printable(plan.collectivite.name), style="Subtitle")
    document.add_paragraph(printable(plan.title), style="Title")
    document.add_paragraph("Pour un numérique sobre")
    if plan.period:
        document.add_paragraph(f"Période : {plan.period}")
    document.add_paragraph(f"État au {_day(plan.on)}")
    document.add_paragraph(
        "Document à compléter et à joindre au projet de délibération. Il a été établi à partir des réponses "
        "de la collectivité au questionnaire de sobriété numérique."
    )
    document.add_page_break()


def _indexes(document, plan: PlanDocument) -> None:
    document.add_heading("Où en est la collectivité", level=1)
    if not plan.indexes:
        document.add_paragraph("Le questionnaire n’a pas encore de réponse.")
        return
    whole = plan.indexes[-1]
    sentence = f"L’indice est aujourd’hui de {whole.now} sur 100. Une fois le plan mené, il serait de {whole.planned}."
    if plan.target is not None:
        sentence += f" La collectivité vise {plan.target}."
    document.add_paragraph(sentence)
    head = ("Thème", "Aujourd’hui", "Plan mené")
    _table(
        document,
        head,
        [(i.label, i.now, i.planned) for i in plan.indexes],
        (9, 3.6, 3.6),
        bold_last=True,
    )


def _actions(document, plan: PlanDocument) -> None:
    if not plan.themes:
        document.add_heading("Actions", level=1)
        document.add_paragraph("Le plan ne compte pas encore d’action.")
    for theme in plan.themes:
        document.add_heading(printable(theme.title), level=1)
        for action in theme.actions:
            _action(document, action)


def _action(document, action: Action) -> None:
    document.add_heading(printable(f"{action.reference} – {action.title}"), level=2)
    for paragraph in printable(action.description).split("\n\n"):
        if paragraph.strip():
            document.add_paragraph(paragraph.strip())
    facts = [
        ("Statut", action.get_status_display()),
        ("Priorité", action.get_priority_display()),
        ("Responsable", owner_of(action) or "à choisir"),
        ("Élu référent", action.elected_referent),
        ("Partenaires", action.partners),
        ("Dates", _dates(action)),
        ("Budget prévu", _euros(action.budget_planned)),
        ("Budget dépensé", _euros(action.budget_spent)),
        ("Objectif REEN", action.get_reen_objective_display() if action.reen_objective else ""),
        ("Indicateurs", "\n".join(str(i) for i in action.indicators.all())),
    ]
    _table(document, None, [fact for fact in facts if fact[1]], (4, 12.2))
    steps = list(action.steps.all())
    if steps:
        lead = document.add_paragraph("Étapes :")
        lead.paragraph_format.space_before = Pt(6)
        lead.paragraph_format.keep_with_next = True
    for step in steps:
        done = f" (fait le {french_date(step.done_at)})" if step.done_at else ""
        document.add_paragraph(printable(step.text) + done, style="List Bullet")


def _budget(document, plan: PlanDocument) -> None:
    document.add_heading("Budget", level=1)
    if not plan.budgets:
        document.add_paragraph("Aucun budget n’est encore prévu.")
        return
    rows = [(row.label, _euros(row.planned), _euros(row.spent)) for row in plan.budgets]
    rows.append(("Total", _euros(plan.total.planned), _euros(plan.total.spent)))
    _table(document, ("Année", "Prévu", "Dépensé"), rows, (9, 3.6, 3.6), bold_last=True)


def _calendar(document, plan: PlanDocument) -> None:
    document.add_heading("Calendrier", level=1)
    actions = [a for theme in plan.themes for a in theme.actions if a.starts_on or a.due_on]
    if not actions:
        document.add_paragraph("Aucune action n’a encore de date.")
        return
    actions.sort(key=lambda a: (a.due_on or a.starts_on, a.number))
    rows = [
        (
            f"{a.reference} – {a.title}",
            quarter_name(a.starts_on),
            quarter_name(a.due_on),
            owner_of(a) or "à choisir",
        )
        for a in actions
    ]
    _table(document, ("Action", "Début", "Échéance", "Responsable"), rows, (7.2, 2.2, 2.8, 4))


def _table(document, head, rows, widths, *, bold_last: bool = False) -> None:
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


def _footer(paragraph, plan: PlanDocument) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    paragraph.add_run(f"{printable(plan.collectivite.name)} – page ")
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


def _dates(action: Action) -> str:
    parts = []
    if action.starts_on:
        parts.append(f"début le {french_date(action.starts_on)}")
    if action.due_on:
        parts.append(f"échéance le {french_date(action.due_on)}")
    if action.done_on:
        parts.append(f"réalisée le {french_date(action.done_on)}")
    return ", ".join(parts)


def _euros(amount) -> str:
    return "" if amount is None else f"{french_number(amount)}{NO_BREAK_SPACE}€"


def _day(day: date) -> str:
    written = date_format(day, "j F Y")
    return f"1er{written[1:]}" if written.startswith("1 ") else written
