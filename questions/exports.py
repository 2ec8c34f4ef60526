"""The answers and results of one assessment as files for a spreadsheet.

What people typed is text there (`cells`). One row per visible question; points are those of the index, out of 100.
"""

import csv
import io
from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font

from questions import scoring
from questions.cells import BOM, csv_cell, printable
from questions.enums import Level, Priority
from questions.outcomes import Outcomes, outcomes_of
from questions.results import Results
from questions.sheets import AnswerSheet
from questions.tables import duty_rows, figure_rows, footprint_rows
from questions.wording import in_words

ANSWER_COLUMNS = (
    "Thème",
    "Code",
    "Question",
    "Réponse",
    "Commentaire",
    "À confirmer",
    "Répondu par",
    "Répondu le",
    "Points gagnés",
    "Points possibles",
)


def csv_file(sheet: AnswerSheet) -> bytes:
    return csv_table([ANSWER_COLUMNS, *answer_rows(sheet)])


def csv_table(rows: Iterable[tuple]) -> bytes:
    """Return rows as French spreadsheets read them: `;`, byte order mark, decimal commas."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    for row in rows:
        writer.writerow([csv_cell(value) for value in row])
    return (BOM + out.getvalue()).encode()


def workbook(results: Results, *, at: datetime) -> bytes:
    """Return the workbook of the results: read me, index, themes, answers, measures, and what level 2 adds."""
    outcomes = outcomes_of(results.assessment, results.sheet)
    book = Workbook(write_only=True)
    book.properties.creator = "Éco-clic"
    book.properties.title = printable(f"Évaluation de {results.assessment.collectivite}")
    _add_sheet(book, "Lisez-moi", (28, 90), _read_me(results, at))
    _add_sheet(book, "Indice", (36, 30), [("Indicateur", "Valeur"), *_index_rows(results)])
    _add_sheet(book, "Thèmes", (32, *[18] * 8), _theme_rows(results))
    _add_sheet(
        book,
        "Réponses",
        (28, 10, 70, 24, 50, 14, 24, 18, 14, 14),
        [ANSWER_COLUMNS, *answer_rows(results.sheet)],
    )
    _add_sheet(book, "Mesures", (14, 70, 12, 12, 12, 22, 18), _measure_rows(results))
    _add_outcomes(book, outcomes)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _add_outcomes(book: Workbook, outcomes: Outcomes) -> None:
    if outcomes.is_level_two:
        _add_sheet(book, "Chiffres clés", (36, 14, 14, 16, 50, 60, 60), figure_rows(outcomes))
        _add_sheet(book, "Empreinte", (30, 12, 14, 18, *[18] * 4), footprint_rows(outcomes))
    _add_sheet(
        book, "Obligations", (50, 12, 22, 36, 40, 50, 40, 50, 40, 14, 30), duty_rows(outcomes)
    )


def answer_rows(sheet: AnswerSheet) -> Iterable[tuple]:
    """Yield one row per visible question, in the order in which they are asked."""
    possible = sheet.score.possible
    for facts in sheet.visible:
        question, answer = sheet.questions[facts.code], sheet.answers.get(facts.code)
        earned = scoring.score([facts], sheet.answer_facts)
        yield (
            question.theme.title,
            question.code,
            question.text,
            in_words(question, sheet.options[facts.code], answer),
            answer.comment if answer else "",
            "oui" if answer and answer.to_confirm else "",
            str(answer.author or "") if answer else "",
            timezone.localtime(answer.updated_at).replace(tzinfo=None, microsecond=0)
            if answer
            else None,
            _of_hundred(earned.points, possible),
            _of_hundred(earned.possible, possible),
        )


def _read_me(results: Results, at: datetime) -> list[tuple]:
    assessment = results.assessment
    return [
        (
            "Évaluation",
            f"{assessment.questionnaire.title}, édition {assessment.questionnaire.edition}",
        ),
        ("Collectivité", assessment.collectivite.name),
        ("Code INSEE", assessment.collectivite.code_insee or ""),
        ("SIREN", assessment.collectivite.siren or ""),
        (
            "État",
            assessment.get_state_display() + (" (provisoire)" if assessment.is_provisional else ""),
        ),
        ("Fichier fait le", timezone.localtime(at).replace(tzinfo=None, microsecond=0)),
        ("Indice", "100 × points gagnés ÷ points possibles, arrondi à l’entier."),
        ("Non concerné", "La question ne compte pas du tout."),
        ("Ne sait pas", "La question compte pour zéro tant que la réponse n’est pas connue."),
        ("Points", "Exprimés sur 100 : leur somme est l’indice avant l’arrondi."),
        ("Feuilles", _sheets(results)),
    ]


def _sheets(results: Results) -> str:
    if results.assessment.level == Level.TWO:
        return "Indice, Thèmes, Réponses, Mesures, Chiffres clés, Empreinte, Obligations."
    return "Indice, Thèmes, Réponses, Mesures, Obligations."


def _index_rows(results: Results) -> list[tuple]:
    assessment, progress = results.assessment, results.sheet.progress
    rows = [
        ("Indice sur 100", assessment.index),
        ("Lettre", results.letter.value if results.letter else ""),
        ("En mots", results.letter.label if results.letter else "pas encore d’indice"),
        ("Provisoire", "non" if progress.is_complete else "oui"),
        ("Questions posées", progress.asked),
        ("Questions traitées", progress.answered),
        ("Ne sait pas", len(progress.unknown)),
        ("Version du calcul", assessment.formula_version),
        ("Ouverte le", _day(assessment.opened_at)),
        ("Clôturée le", _day(assessment.closed_at)),
    ]
    if results.before:
        rows.append(("Indice de la fois précédente", results.before.index))
    return rows


def _theme_rows(results: Results) -> list[tuple]:
    head = (
        "Thème",
        "Indice sur 100",
        "Lettre",
        "Fois précédente",
        "Questions posées",
        "Questions traitées",
        "Non concerné",
        "Ne sait pas",
        "Points gagnés",
    )
    possible = results.sheet.score.possible
    earned = results.sheet.theme_scores
    return [head] + [
        (
            row.label,
            row.value,
            row.letter.value if row.letter else "",
            row.before,
            row.score.asked,
            row.score.answered,
            row.score.not_applicable,
            row.score.unknown,
            _of_hundred(earned[row.theme.code].points, possible),
        )
        for row in results.themes
    ]


def _measure_rows(results: Results) -> list[tuple]:
    head = ("Code", "Mesure", "Priorité", "Gain", "Effort", "Coût", "Points à gagner")
    return [head] + [
        (
            proposal.measure.code,
            proposal.measure.title,
            Priority(proposal.measure.priority).label,
            proposal.gain_words,
            proposal.effort_words,
            proposal.cost_words,
            round(float(proposal.points), 2),
        )
        for proposal in results.all_proposals
    ]


def _of_hundred(points, possible) -> float | None:
    return round(float(100 * points / possible), 2) if possible else None


def _day(moment: datetime | None):
    return timezone.localtime(moment).date() if moment else None


def _add_sheet(book: Workbook, title: str, widths: tuple, rows: Iterable[tuple]) -> None:
    sheet = book.create_sheet(title)
    for number, width in enumerate(widths):
        sheet.column_dimensions[chr(ord("A") + number)].width = width
    if title != "Lisez-moi":
        sheet.freeze_panes = "A2"
    for number, row in enumerate(rows):
        sheet.append([_xlsx_cell(sheet, value, bold=number == 0) for value in row])


def _xlsx_cell(sheet, value, *, bold: bool) -> WriteOnlyCell:
    """A text stays a text, whatever it begins with: openpyxl would make a formula of « =… »."""
    cell = WriteOnlyCell(sheet)
    if isinstance(value, str):
        cell.value = printable(value)
        cell.data_type = "s"
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    else:
        cell.value = value
    if bold:
        cell.font = Font(bold=True)
    return cell
