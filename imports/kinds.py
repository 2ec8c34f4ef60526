"""What every kind of import has in common. The kinds themselves: `collectivites`, `contacts`, `opsns`, `national`."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from accounts.models import User
from imports.columns import Column, Table, find_table
from imports.enums import NATIONAL_KINDS, ImportKind, Outcome
from imports.identity import Identified
from imports.reading import Sheet
from imports.report import Line, Problem, Report
from imports.resources import FastResource, Plan
from questions.models import Assessment
from territories.models import Opsn

Tick = Callable[[int], None]


@dataclass
class KindPlan:
    """What one file would do: the report, and what to write through each resource, in order."""

    report: Report = field(default_factory=Report)
    parts: list[Plan] = field(default_factory=list)

    def __bool__(self) -> bool:
        return any(self.parts)


class Kind:
    """One kind of spreadsheet: its columns, and what its rows do. One object reads one file."""

    slug: ImportKind
    purpose: str  # a sentence for the page that asks for the file
    columns: tuple[Column, ...]
    needed: tuple[tuple[str, ...], ...]  # one of these groups of columns must be there
    resources: tuple[type[FastResource], ...] = ()
    whole = False  # all or nothing, whatever the person says
    do_not_call_in_templates = True

    def __init__(
        self,
        *,
        opsn: Opsn | None,
        by: User | None,
        at: datetime,
        choices: dict[str, int],
        assessment: Assessment | None = None,
    ):
        self.opsn, self.by, self.at, self.choices = opsn, by, at, choices
        self.assessment = assessment

    def find(self, sheets: list[Sheet], corrections: dict[str, str]) -> Table:
        """Return the list of a workbook. Raises Unreadable."""
        return find_table(sheets, self.columns, self.needed, corrections)

    def plan(self, table: Table, tick: Tick) -> KindPlan:
        """Check every row, outside any transaction; writes nothing."""
        raise NotImplementedError

    def prepare(self, plan: KindPlan) -> None:
        """Do beforehand what does not need the database, so that the transaction is short."""
        for part in plan.parts:
            if part.resource.is_written_at_once:
                part.resource.prepare(part)

    def write(self, plan: KindPlan) -> None:
        """Write a plan, inside the caller's transaction. Raises ChangedMeanwhile."""
        for part in plan.parts:
            part.resource.write(part, check=True)

    @classmethod
    def lists(cls) -> list[tuple[str, tuple[Column, ...]]]:
        """Return (sheet, columns) for each sheet of the template."""
        return [("Liste", cls.columns)]

    @classmethod
    def title_of(cls, name: str) -> str:
        return next((column.title for column in cls.columns if column.name == name), name)

    @classmethod
    def is_national(cls) -> bool:
        return cls.slug in NATIONAL_KINDS


def undecided(line: int, name: str, found: Identified) -> Line:
    """Return the line of a row whose collectivité is not known: to choose, or refused."""
    if found.candidates:
        candidates = [(known.pk, place(known)) for known in found.candidates]
        sentence = "Plusieurs collectivités peuvent convenir : choisissez."
        if len(candidates) == 1:
            sentence = "Rien ne confirme que c’est bien celle-ci : choisissez."
        problem = Problem(line, "name", name, sentence)
        return Line(line, Outcome.AMBIGUOUS, name, problems=[problem], candidates=candidates)
    return Line(line, Outcome.REJECTED, name, problems=found.problems)


def place(known) -> str:
    return f"{known.label}, département {known.departement}" if known.departement else known.label
