"""What an import does or would do, line by line. Plain values: they are stored, shown and compared."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from imports.enums import Outcome


class Problem(NamedTuple):
    """What is wrong with a line: the column, the value read, and a sentence in French. A warning does not block."""

    line: int
    column: str
    value: str
    sentence: str
    blocking: bool = True


class Change(NamedTuple):
    label: str
    old: str
    new: str


@dataclass
class Line:
    """What becomes of one line of the file; `candidates` are (primary key, words) when it is ambiguous."""

    number: int
    outcome: Outcome
    name: str = ""
    changes: list[Change] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    candidates: list[tuple[int, str]] = field(default_factory=list)

    @property
    def is_told(self) -> bool:
        """A line that changes nothing and raises no question is counted only."""
        return self.outcome != Outcome.UNCHANGED or bool(self.problems)

    @property
    def has_warning(self) -> bool:
        return any(not problem.blocking for problem in self.problems)

    def pack(self) -> list:
        problems = [problem[1:] for problem in self.problems]
        return [self.number, self.outcome, self.name, self.changes, problems, self.candidates]

    @classmethod
    def unpack(cls, packed: list) -> "Line":
        number, outcome, name, changes, problems, candidates = packed
        return cls(
            number,
            Outcome(outcome),
            name,
            [Change(*change) for change in changes],
            [Problem(number, *problem) for problem in problems],
            [tuple(candidate) for candidate in candidates],
        )


@dataclass
class Report:
    """The counts add up to the rows read; `lines` holds those that have something to say."""

    counts: Counter = field(default_factory=Counter)
    lines: list[Line] = field(default_factory=list)

    def add(self, line: Line) -> None:
        self.counts[line.outcome] += 1
        if line.is_told:
            self.lines.append(line)

    @property
    def created(self) -> int:
        return self.counts[Outcome.CREATED]

    @property
    def attached(self) -> int:
        return self.counts[Outcome.ATTACHED]

    @property
    def updated(self) -> int:
        return self.counts[Outcome.UPDATED]

    @property
    def unchanged(self) -> int:
        return self.counts[Outcome.UNCHANGED]

    @property
    def rejected(self) -> int:
        return self.counts[Outcome.REJECTED] + self.counts[Outcome.AMBIGUOUS]

    @property
    def read(self) -> int:
        return self.counts.total()

    @property
    def problems(self) -> list[Problem]:
        """Those that block, in the order of the file."""
        return [problem for problem in self._every_problem() if problem.blocking]

    @property
    def warnings(self) -> list[Problem]:
        return [problem for problem in self._every_problem() if not problem.blocking]

    def _every_problem(self) -> Iterator[Problem]:
        for line in self.lines:
            yield from line.problems
