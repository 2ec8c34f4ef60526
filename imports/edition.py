"""An edition of a questionnaire, from one workbook into a draft: its themes, questions, answers, sources and measures.

One sheet per kind of row (`edition_parts`). All or nothing: half an edition helps nobody. A row that is no longer in the
workbook stays in the draft, and that is said. The workbook that is exported here, sent again, changes nothing.
"""

from imports.columns import Table, examples_of, find_table
from imports.edition_parts import (
    PARTS,
    EditionResource,
    MeasuresResource,
    OfQuestionResource,
    OptionResource,
    QuestionResource,
    SourceResource,
    ThemeResource,
    key_of,
)
from imports.edition_sheets import PartResource
from imports.enums import ImportKind, Outcome
from imports.kinds import Kind, KindPlan, Tick
from imports.reading import Sheet, Unreadable
from imports.report import Line, Problem
from imports.resources import ChangedMeanwhile, Record
from imports.widgets import WordsWidget
from questions.enums import EditionState, Level
from questions.models import Questionnaire
from territories.search import normalise_name

FROZEN = (
    "L’édition {} du {} est publiée : elle ne change plus. Écrivez un autre nom d’édition dans la feuille "
    "« Questionnaire » pour en faire un brouillon."
)
LEFT_SHOWN = 10
words = WordsWidget().clean
# Column of a row → the part in which its code must be, and what is said when it is not.
REFERENCES = {
    QuestionResource: {"theme_code": (ThemeResource, "Aucun thème n’a ce code.")},
    OptionResource: {"question_code": (QuestionResource, "Aucune question n’a ce code.")},
    SourceResource: {"question_code": (QuestionResource, "Aucune question n’a ce code.")},
}


class EditionKind(Kind):
    slug = ImportKind.EDITION
    purpose = (
        "Un questionnaire entier, préparé dans un tableur : une feuille pour les thèmes, une pour les questions, puis "
        "les réponses, les sources et les mesures. Il devient un brouillon, que vous relisez avant de le publier."
    )
    columns = QuestionResource.sheet_columns()
    needed = (("code", "theme_code", "text"),)
    resources = PARTS
    whole = True

    def find(self, sheets: list[Sheet], corrections: dict[str, str]) -> Table:
        """Find each list by the name of its sheet; the one returned is that of the questions, or of the edition."""
        self.tables: dict[type[PartResource], Table] = {}
        named = {normalise_name(sheet.name): sheet for sheet in sheets if not sheet.hidden}
        for part in PARTS:
            sheet = named.get(normalise_name(part.sheet))
            if sheet is not None and _is_filled(sheet, part):
                columns = part.sheet_columns()
                self.tables[part] = find_table([sheet], columns, (part.needed,), corrections)
        if EditionResource not in self.tables:
            raise Unreadable(
                "Il manque la feuille « Questionnaire », avec le niveau et le nom de l’édition. Partez du modèle, ou "
                "du classeur d’une édition que vous exportez."
            )
        return self.tables.get(QuestionResource, self.tables[EditionResource])

    @classmethod
    def lists(cls):
        return [(part.sheet, part.sheet_columns()) for part in PARTS]

    def plan(self, table: Table, tick: Tick) -> KindPlan:
        plan = KindPlan()
        self.codes: dict[type[PartResource], set[str]] = {}
        edition = self._plan_edition(plan)
        for part in PARTS[1:]:
            resource = part(self._given(part))
            resource.edition = edition
            there = set(resource.known())
            records = self._records(part, plan)
            sent = {record.values[resource.key_name] for record in records}
            self.codes[part] = there | sent
            plan.parts.append(resource.plan(records, plan.report, tick))
            if sent and part is not MeasuresResource:
                table.notes += _left(part, there - sent)
        # Measures are shared by every edition: they alone may change when this one is published.
        if edition.pk and not edition.is_draft and any(_of_edition(plan)):
            raise Unreadable(FROZEN.format(edition.edition, edition.get_level_display()))
        return plan

    def write(self, plan: KindPlan) -> None:
        edition = plan.parts[0].resource.edition
        if edition.pk and any(_of_edition(plan)):
            drafts = Questionnaire.objects.select_for_update().filter(state=EditionState.DRAFT)
            if not drafts.filter(pk=edition.pk).exists():
                raise ChangedMeanwhile
        super().write(plan)

    def _plan_edition(self, plan: KindPlan) -> Questionnaire:
        ((line, row), *others) = self.tables[EditionResource].records()
        if others:
            raise Unreadable(
                "La feuille « Questionnaire » ne porte qu’une ligne : une édition par classeur."
            )
        level, name = words(row["level"]), words(row["edition"])
        found = next((e for e in Questionnaire.objects.all() if _is(e, level, name)), None)
        resource = EditionResource(self._given(EditionResource))
        resource.edition = found or Questionnaire(edition=name)
        row["key"] = (
            key_of(found.get_level_display(), found.edition) if found else key_of(level, name)
        )
        label = f"Questionnaire, {name}"
        part = resource.plan([Record(line, row, label)], plan.report)
        plan.parts.append(part)
        return found or next(iter(part.new), resource.edition)

    def _given(self, part: type[PartResource]) -> set[str]:
        table = self.tables.get(part)
        return {*(table.fields if table else ()), "key"}

    def _records(self, part: type[PartResource], plan: KindPlan) -> list[Record]:
        """Return the rows of a sheet; those that refer to nothing are in the report."""
        records = []
        for line, row in self.tables[part].records() if part in self.tables else ():
            if issubclass(part, OfQuestionResource):
                row["key"] = key_of(words(row["question_code"]), words(row.get(part.own, "")))
            else:
                row["code"] = words(row["code"])
            label = f"{part.sheet}, {row.get('key') or row['code']}"
            if problems := self._dangling(part, line, row):
                plan.report.add(Line(line, Outcome.REJECTED, label, problems=problems))
            else:
                records.append(Record(line, row, label))
        return records

    def _dangling(self, part: type[PartResource], line: int, row: dict[str, str]) -> list[Problem]:
        problems = [
            Problem(line, column, row[column], sentence)
            for column, (other, sentence) in REFERENCES.get(part, {}).items()
            if column in row and words(row[column]) not in self.codes[other]
        ]
        for code in words(row.get("measure_codes", "")).replace(",", " ").replace(";", " ").split():
            if code not in self.codes[MeasuresResource]:
                problems.append(Problem(line, "measure_codes", code, "Aucune mesure n’a ce code."))
        return problems

    @classmethod
    def title_of(cls, name: str) -> str:
        titles = (c.title for part in PARTS for c in part.sheet_columns() if c.name == name)
        return next(titles, name)


def workbook_rows(edition: Questionnaire) -> list[tuple[str, list[str], list[tuple[str, ...]]]]:
    """Return (sheet, titles, rows of text) for each sheet of the workbook of an edition."""
    sheets, measures = [], set()
    for part in sorted(PARTS, key=lambda part: part is MeasuresResource):
        resource = part()
        resource.edition = edition
        resource.before_load()
        rows = [raw for _, raw in resource.known().values()]
        if part is QuestionResource:
            position = resource.position("measure_codes")
            measures = {code for raw in rows for code in raw[position].split(",")}
        if part is MeasuresResource:
            rows = [raw for raw in rows if raw[resource.position("code")] in measures]
        shown = [i for i, f in enumerate(resource.columns) if f.title]
        titles = [resource.columns[i].title for i in shown]
        sheets.append((part.sheet, titles, [tuple(raw[i] for i in shown) for raw in rows]))
    return sheets


def _left(part: type[PartResource], keys: set[str]) -> list[str]:
    names = sorted(keys)
    if not names:
        return []
    shown = ", ".join(names[:LEFT_SHOWN]) + ("…" if len(names) > LEFT_SHOWN else "")
    return [
        f"Feuille « {part.sheet} » : ce qui n’y figure plus reste dans le brouillon ({shown}). Supprimez-le dans le "
        "back-office s’il le faut."
    ]


def _of_edition(plan: KindPlan):
    return [part for part in plan.parts if not isinstance(part.resource, MeasuresResource)]


def _is(edition: Questionnaire, level: str, name: str) -> bool:
    return edition.edition == name and level.lower() in (
        str(edition.level),
        Level(edition.level).label,
    )


def _is_filled(sheet: Sheet, part: type[PartResource]) -> bool:
    """Tell whether there is a row under the titles, beside the examples of the template."""
    rows = [row for row in sheet.rows if any(cell.strip() for cell in row)]
    return len([row for row in rows if row not in examples_of(part.sheet_columns())]) > 1
