"""The base of our resources: what a kind of spreadsheet holds, loaded fast.

A stock `ModelResource` asks the database about each row and saves each row: minutes for the communes of France. This one
reads the table once, compares raw values before any widget runs, checks only what changed, and writes it in batches.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, connection, connections, models, transaction
from django.db.models.constants import OnConflict
from django.db.models.sql import InsertQuery
from import_export import resources

from imports.columns import tidy
from imports.enums import Outcome
from imports.report import Change, Line, Problem, Report
from imports.widgets import KeyWidget

BATCH = 2_000
OF_THE_FILE = 0  # no primary key
TICK = 2_000  # rows between two signs of life


class ChangedMeanwhile(Exception):
    """Somebody changed a row between the check and the write; nothing was written."""


@dataclass(slots=True)
class Record:
    """One row to load: its line, column → text, and what is known of it already."""

    line: int
    values: dict[str, str]
    name: str = ""
    warnings: list[Problem] = field(default_factory=list)


@dataclass(slots=True)
class Changed:
    """A row to update, with its raw values before and after, in the order of the columns."""

    instance: models.Model
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(slots=True)
class Statement:
    """Some rows to write at once: SQL and its values, and the new instances that get their keys from it."""

    sql: str
    params: tuple
    created: list[models.Model]


@dataclass
class Plan:
    """What a load would write through one resource; `statements` once they are prepared."""

    resource: "FastResource"
    new: list[models.Model] = field(default_factory=list)
    changed: list[Changed] = field(default_factory=list)
    statements: list[Statement] | None = None

    def __bool__(self) -> bool:
        return bool(self.new or self.changed)


class FastResource(resources.ModelResource):
    """A resource whose columns are written as they are read, keyed by one column.

    Subclasses declare their fields, and `import_id_fields` with one name in Meta. Columns that no row gives (`search_name`)
    are set by `derive`, because a bulk write calls neither `save()` nor signals. `given` limits the columns to those that the
    file has: the others are left alone.
    """

    derived: dict[str, str] = {}  # column set by `derive` → the column it comes from, or ""
    titles: dict[str, str] = {}
    is_written_at_once = True  # in batches; else row by row, by `write` of the subclass
    key_is_read = True  # the key is a column of the file, and not one of ours
    unique: tuple[str, ...] = ()  # other columns that no two rows of the table may share
    empty_keeps = False  # an empty cell leaves the value that is there, instead of erasing it
    told_of_new: tuple[str, ...] = ()  # columns that a report gives for a new row, beside its name

    def __init__(self, given: Iterable[str] | None = None):
        super().__init__()
        self.key_name = self._meta.import_id_fields[0]
        self.owners: dict[str, dict] = {}  # see `_shared`
        self.columns = [
            f
            for f in self.fields.values()
            if given is None or f.column_name in given or f.column_name == self.key_name
        ]

    def position(self, name: str) -> int:
        """Return where a column stands in the raw values."""
        return [f.column_name for f in self.columns].index(name)

    def derive(self, instance: models.Model) -> None:
        """Set the columns named in `derived` from the others."""

    def before_load(self) -> None:
        """Read once what the rows will refer to."""

    def outcome_of_change(self, before: dict[str, str], after: dict[str, str]) -> Outcome:
        return Outcome.UPDATED

    def completed(self, row: dict[str, str], before: dict[str, str]) -> dict[str, str]:
        """Return a row with what is there already in its empty cells."""
        return row | {name: old for name, old in before.items() if not tidy(row[name])}

    def load(self, rows: Iterable[dict[str, str]], *, dry: bool = False) -> Report:
        """Create or update what the rows say; a row with a problem is left out and said in the report.

        Rows are dicts of column name to text. Reading and checking happen outside any transaction; the writes are one.
        """
        report = Report()
        records = (Record(line, row) for line, row in enumerate(rows, start=2))  # line 1 is titles
        plan = self.plan(records, report)
        if not dry and plan:
            with transaction.atomic():
                self.write(plan)
        return report

    def plan(
        self,
        records: Iterable[Record],
        report: Report,
        tick: Callable[[int], None] = lambda rows: None,
    ) -> Plan:
        """Add to the report what the records would do, and return what is to write. Writes nothing."""
        self.before_load()
        plan = Plan(self)
        known = self.known()
        names = [f.column_name for f in self.columns]
        key_name = self.key_name
        seen: dict[str, int] = {}
        for rank, record in enumerate(records, start=1):
            if rank % TICK == 0:
                tick(rank)
            row = record.values
            key = row[key_name]
            if key in seen:
                report.add(self._repeated(record, key, seen[key]))
                continue
            seen[key] = record.line
            pk, before = known.get(key, (None, None))
            is_there = before == tuple([row[name] for name in names])
            if before and not is_there and self.empty_keeps:
                row = record.values = self.completed(row, dict(zip(names, before, strict=True)))
                is_there = before == tuple([row[name] for name in names])
            if is_there:
                if record.warnings:
                    report.add(
                        Line(record.line, Outcome.UNCHANGED, record.name, problems=record.warnings)
                    )
                else:
                    report.counts[Outcome.UNCHANGED] += 1
                continue
            report.add(self._line(record, pk, before, plan))
        return plan

    def known(self) -> dict[str, tuple]:
        """Return key → (primary key, values as a row would give them)."""
        position = self.position(self.key_name)
        render = [f.widget.render for f in self.columns]
        known = {}
        rows = self.get_queryset().values_list("pk", *(f.attribute for f in self.columns))
        for pk, *values in rows.iterator(10_000):
            raw = tuple([draw(value) for draw, value in zip(render, values, strict=True)])
            known[raw[position]] = (pk, raw)
        return known

    def write(self, plan: Plan, *, check: bool = False) -> None:
        """Write a plan, inside the transaction of the caller. With `check`, raises ChangedMeanwhile."""
        if check and plan.changed:
            self._check_nothing_moved(plan.changed)
        if plan.statements is None:
            self.prepare(plan)
        with connection.cursor() as cursor:
            for statement in plan.statements:
                cursor.execute(statement.sql, statement.params)
                if statement.created:
                    keys = cursor.fetchall()
                    for instance, (key,) in zip(statement.created, keys, strict=True):
                        instance.pk, instance._state.adding = key, False

    def prepare(self, plan: Plan) -> None:
        """Make the statements, before the transaction: on SQLite nobody else writes while it lasts.

        They are those of `bulk_create`, whose preparation takes most of its time.
        """
        meta = self._meta.model._meta
        attributes = [f.attribute for f in self.columns if f.attribute != meta.pk.attname]
        given = {"", *(f.column_name for f in self.columns)}
        attributes += [name for name, source in self.derived.items() if source in given]
        written = [meta.get_field(name) for name in attributes]
        key_is_ours = not isinstance(meta.pk, models.AutoField)
        own = [f for f in meta.concrete_fields if key_is_ours or f is not meta.pk]
        plan.statements = [
            *self._statements(plan.new, own, created=not key_is_ours),
            *self._statements([c.instance for c in plan.changed], meta.concrete_fields, written),
        ]

    def _statements(self, instances, fields, written=(), *, created=False) -> Iterator[Statement]:
        size = connection.ops.bulk_batch_size(fields, instances) if instances else 1
        pk = self._meta.model._meta.pk
        for batch in batches(instances, min(BATCH, max(1, size))):
            query = InsertQuery(
                self._meta.model,
                on_conflict=OnConflict.UPDATE if written else None,
                update_fields=list(written),
                unique_fields=[pk] if written else [],
            )
            query.insert_values(fields, batch)
            # Itself and not its proxy, which is asked half a million times.
            compiler = query.get_compiler(connection=connections[DEFAULT_DB_ALIAS])
            compiler.returning_fields = [pk] if created else None
            for sql, params in compiler.as_sql():
                yield Statement(sql, params, batch if created else [])

    def put_back(self, changed: list[tuple[int, list[str], list[str]]]) -> None:
        """Give rows (primary key, before, after) their values of before. Raises ChangedMeanwhile."""
        self.before_load()
        plan = Plan(self)
        for pk, before, after in changed:
            instance = self._meta.model(pk=pk)
            for f, raw in zip(self.columns, before, strict=True):
                setattr(instance, f.attribute, f.widget.clean(raw))
            self.derive(instance)
            plan.changed.append(Changed(instance, tuple(after), tuple(before)))
        self.write(plan, check=True)

    def take_back(self, pks: list[int], *, by, at) -> None:
        """Delete rows that were created. Raises ProtectedError when something holds to one."""
        for batch in batches(pks):
            self._meta.model._base_manager.filter(pk__in=batch).delete()

    def used(self, made: dict) -> list[tuple[str, str]]:
        """Return (name, sentence) for what was made and has served since, beside what `undoing` looks at."""
        return []

    def _check_nothing_moved(self, changed: list[Changed]) -> None:
        expected = {c.instance.pk: c.before for c in changed}
        render = [f.widget.render for f in self.columns]
        attributes = [f.attribute for f in self.columns]
        rows = self._meta.model._base_manager.select_for_update(of=("self",))
        for pks in batches(list(expected)):
            for pk, *values in rows.filter(pk__in=pks).values_list("pk", *attributes):
                raw = tuple(draw(value) for draw, value in zip(render, values, strict=True))
                if raw != expected.pop(pk):
                    raise ChangedMeanwhile
        if expected:
            raise ChangedMeanwhile

    def _repeated(self, record: Record, key: str, first: int) -> Line:
        sentence = f"Cette ligne répète la ligne {first}."
        column, value = (self.key_name, key) if self.key_is_read else ("", "")
        problem = Problem(record.line, column, value, sentence)
        return Line(record.line, Outcome.REJECTED, record.name, problems=[problem])

    def _line(self, record: Record, pk, before, plan: Plan) -> Line:
        instance, problems = self._checked(record, pk)
        if problems:
            return Line(record.line, Outcome.REJECTED, record.name, problems=problems)
        if before is None and not self.told_of_new:
            plan.new.append(instance)
            return Line(record.line, Outcome.CREATED, record.name, problems=record.warnings)
        after = tuple([f.widget.render(getattr(instance, f.attribute)) for f in self.columns])
        if after == before:  # written otherwise, and the same once read
            return Line(record.line, Outcome.UNCHANGED, record.name, problems=record.warnings)
        if before is None:
            plan.new.append(instance)
            changes = self._changes(("",) * len(after), after, self.told_of_new)
            return Line(record.line, Outcome.CREATED, record.name, changes, record.warnings)
        plan.changed.append(Changed(instance, before, after))
        names = [f.column_name for f in self.columns]
        outcome = self.outcome_of_change(
            dict(zip(names, before, strict=True)), dict(zip(names, after, strict=True))
        )
        changes = self._changes(before, after, names)
        return Line(record.line, outcome, record.name, changes, record.warnings)

    def _changes(self, before, after, names) -> list[Change]:
        return [
            Change(self.titles.get(f.column_name, f.column_name), *_shown(f.widget, old, new))
            for f, old, new in zip(self.columns, before, after, strict=True)
            if old != new and f.column_name in names
        ]

    def _checked(self, record: Record, pk) -> tuple[models.Model, list[Problem]]:
        row = record.values
        instance = self._meta.model(pk=pk)
        problems = []
        for f in self.columns:
            try:
                setattr(instance, f.attribute, f.widget.clean(row[f.column_name]))
            except (ValueError, ValidationError) as error:
                sentence = getattr(error, "message", str(error))
                problems.append(
                    Problem(record.line, f.column_name, row[f.column_name], str(sentence))
                )
        self.derive(instance)
        if not problems:
            problems = self._invalid(instance, record) or self._shared(instance, record)
        return instance, problems

    def _invalid(self, instance, record: Record) -> list[Problem]:
        try:
            instance.clean_fields(exclude=self._unread)
        except ValidationError as error:
            columns = {f.attribute: f.column_name for f in self.columns}
            return [
                Problem(
                    record.line, columns[name], record.values[columns[name]], " ".join(messages)
                )
                for name, messages in error.message_dict.items()
            ]
        return []

    def _shared(self, instance, record: Record) -> list[Problem]:
        """Refuse a value that is unique and belongs to another row, of the table or of the file."""
        for f in self._unique_columns:
            value = getattr(instance, f.attribute)
            if value is None:
                continue
            owner, name = self._owners_of(f).setdefault(value, (OF_THE_FILE, record.line))
            if owner == OF_THE_FILE and name != record.line:
                words = f"de la ligne {name}"
            elif owner not in (OF_THE_FILE, instance.pk):
                words = f"d’une autre fiche, « {name} »"
            else:
                continue
            sentence = f"Ce {self.titles.get(f.column_name, f.column_name)} est déjà celui {words}."
            return [Problem(record.line, f.column_name, record.values[f.column_name], sentence)]
        return []

    @cached_property
    def _unique_columns(self) -> list:
        return [f for f in self.columns if f.column_name in self.unique]

    def _owners_of(self, f) -> dict:
        """Return value → (primary key, name), read once and completed by the lines of the file (OF_THE_FILE, line)."""
        if f.attribute not in self.owners:
            rows = self._meta.model._base_manager.exclude(**{f.attribute: None})
            self.owners[f.attribute] = {
                value: (pk, name) for value, pk, name in rows.values_list(f.attribute, "pk", "name")
            }
        return self.owners[f.attribute]

    @cached_property
    def _unread(self) -> set[str]:
        """What `clean_fields` leaves alone: what no row gives, and foreign keys, looked up already without a query."""
        read = {f.attribute for f in self.columns if not isinstance(f.widget, KeyWidget)}
        return {f.name for f in self._meta.model._meta.fields} - read


def _shown(widget, *raw: str) -> tuple[str, ...]:
    """Return raw values as a person reads them, when the widget has a way of its own."""
    return tuple(map(widget.show, raw)) if hasattr(widget, "show") else raw


def batches(items: Iterable, size: int = BATCH) -> Iterator[list]:
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch
