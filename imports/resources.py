"""The base of our resources: what a kind of spreadsheet holds, loaded fast.

A stock `ModelResource` asks the database about each row and saves each row: minutes for the communes of France. This one
reads the table once, compares raw values before any widget runs, checks only what changed, and writes it in batches.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import models, transaction
from import_export import resources

from imports.widgets import KeyWidget

BATCH = 2_000


@dataclass(frozen=True)
class Problem:
    """What is wrong with one row: its line, the column, the value read, and a sentence in French."""

    line: int
    column: str
    value: str
    sentence: str


@dataclass
class Report:
    """What a load did or, when dry, would do. The counts add up to the rows read."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def rejected(self) -> int:
        return len({problem.line for problem in self.problems})

    @property
    def read(self) -> int:
        return self.created + self.updated + self.unchanged + self.rejected


class FastResource(resources.ModelResource):
    """A resource whose columns are written as they are read, keyed by one column.

    Subclasses declare their fields, and `import_id_fields` with one name in Meta. Columns that no row gives (`search_name`)
    are set by `derive`, because a bulk write calls neither `save()` nor signals.
    """

    derived: tuple[str, ...] = ()

    def derive(self, instance: models.Model) -> None:
        """Set the columns named in `derived` from the others."""

    def load(self, rows: Iterable[dict[str, str]], *, dry: bool = False) -> Report:
        """Create or update what the rows say; a row with a problem is left out and said in the report.

        Rows are dicts of column name to text. Reading and checking happen outside any transaction; the writes are one.
        """
        self.before_load()
        report = Report()
        new, changed = [], []
        for instance, is_new in self._differences(rows, report):
            (new if is_new else changed).append(instance)
        report.created, report.updated = len(new), len(changed)
        if not dry and (new or changed):
            self._write(new, changed)
        return report

    def before_load(self) -> None:
        """Read once what the rows will refer to."""

    def _differences(self, rows, report: Report) -> Iterator[tuple[models.Model, bool]]:
        fields = list(self.fields.values())
        key_name = self._meta.import_id_fields[0]
        known = self._known(fields, key_name)
        seen: set[str] = set()
        for line, row in enumerate(rows, start=2):  # line 1 is the header
            key = row[key_name]
            if key in seen:
                report.problems.append(
                    Problem(line, key_name, key, "Cette ligne répète une ligne précédente.")
                )
                continue
            seen.add(key)
            pk, before = known.get(key, (None, None))
            if before == tuple(row[f.column_name] for f in fields):
                report.unchanged += 1
                continue
            instance, problems = self._checked(row, line, pk, fields)
            if problems:
                report.problems.extend(problems)
            else:
                yield instance, pk is None

    def _known(self, fields, key_name) -> dict[str, tuple]:
        """Return key → (primary key, values as a row would give them)."""
        position = [f.column_name for f in fields].index(key_name)
        render = [f.widget.render for f in fields]
        known = {}
        for pk, *values in self.get_queryset().values_list("pk", *(f.attribute for f in fields)):
            raw = tuple(draw(value) for draw, value in zip(render, values, strict=True))
            known[raw[position]] = (pk, raw)
        return known

    def _checked(self, row, line, pk, fields) -> tuple[models.Model, list[Problem]]:
        instance = self._meta.model(pk=pk)
        problems = []
        for f in fields:
            try:
                setattr(instance, f.attribute, f.clean(row))
            except (ValueError, ValidationError) as error:
                sentence = getattr(error, "message", str(error))
                problems.append(Problem(line, f.column_name, row[f.column_name], sentence))
        self.derive(instance)
        if not problems:
            problems = self._invalid(instance, row, line, fields)
        return instance, problems

    def _invalid(self, instance, row, line, fields) -> list[Problem]:
        # A foreign key was looked up already; to validate it again would ask the database for each row.
        columns = {
            f.attribute: f.column_name for f in fields if not isinstance(f.widget, KeyWidget)
        }
        unread = {f.name for f in instance._meta.fields} - set(columns)
        try:
            instance.clean_fields(exclude=unread)
        except ValidationError as error:
            return [
                Problem(line, columns[name], row[columns[name]], " ".join(messages))
                for name, messages in error.message_dict.items()
            ]
        return []

    def _write(self, new: list, changed: list) -> None:
        manager = self._meta.model._base_manager
        key = self._meta.model._meta.pk.attname
        columns = [f.attribute for f in self.fields.values() if f.attribute != key]
        columns += self.derived
        with transaction.atomic():
            manager.bulk_create(new, batch_size=BATCH)
            manager.bulk_create(
                changed,
                batch_size=BATCH,
                update_conflicts=True,
                unique_fields=[key],
                update_fields=columns,
            )
