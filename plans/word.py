"""The plan as an editable Word document, ready to go with a deliberation: cover, index, actions by theme, budget, calendar.

Headings are real ones, so that the navigation pane and a table of contents work; tables repeat their head on each page.
"""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from docx.shared import Pt

from plans.documents import ThemeActions, owner_of
from plans.figures import IndexLine, YearBudget
from plans.models import Action
from plans.paper import add_table, blank_document, saved
from plans.quarters import quarter_name
from questions.cells import printable
from questions.wording import french_date, french_number, long_date
from territories.models import Collectivite

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
    document = blank_document(
        title=f"{plan.title} – {plan.collectivite.name}",
        footer=plan.collectivite.name,
        has_cover=True,
    )
    _cover(document, plan)
    _indexes(document, plan)
    _actions(document, plan)
    _budget(document, plan)
    _calendar(document, plan)
    return saved(document)


def _cover(document, plan: PlanDocument) -> None:
    for _ in range(6):
        document.add_paragraph()
    document.add_paragraph(printable(plan.collectivite.name), style="Subtitle")
    document.add_paragraph(printable(plan.title), style="Title")
    document.add_paragraph("Pour un numérique sobre")
    if plan.period:
        document.add_paragraph(f"Période : {plan.period}")
    document.add_paragraph(f"État au {long_date(plan.on)}")
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
    add_table(
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
    add_table(document, None, [fact for fact in facts if fact[1]], (4, 12.2))
    steps = list(action.steps.all())
    if steps:
        lead = document.add_paragraph("Étapes :")
        lead.paragraph_format.space_before = Pt(6)
        lead.paragraph_format.keep_with_next = True
    for step in steps:
        done = f" (fait le {french_date(timezone.localdate(step.done_at))})" if step.done_at else ""
        document.add_paragraph(printable(step.text) + done, style="List Bullet")


def _budget(document, plan: PlanDocument) -> None:
    document.add_heading("Budget", level=1)
    if not plan.budgets:
        document.add_paragraph("Aucun budget n’est encore prévu.")
        return
    rows = [(row.label, _euros(row.planned), _euros(row.spent)) for row in plan.budgets]
    rows.append(("Total", _euros(plan.total.planned), _euros(plan.total.spent)))
    add_table(document, ("Année", "Prévu", "Dépensé"), rows, (9, 3.6, 3.6), bold_last=True)


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
    add_table(document, ("Action", "Début", "Échéance", "Responsable"), rows, (7.2, 2.2, 2.8, 4))


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
