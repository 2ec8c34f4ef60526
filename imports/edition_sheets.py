"""A sheet of the workbook of an edition: its columns, and how its rows are compared and saved.

Rows are few and have relations, words to publish and an index to keep: they are saved one by one, as the back office does.
"""

from collections.abc import Iterable
from itertools import count

from django.core.exceptions import ValidationError
from django.db import models
from import_export.fields import Field

from imports.columns import Column
from imports.report import Problem
from imports.resources import ChangedMeanwhile, FastResource
from questions.enums import EditionState
from questions.models import Questionnaire

PUBLISHED_SINCE = "L’édition a été publiée."
EDITED_SINCE = "Un éditeur l’a modifiée."


class Cell(Field):
    """A column of a sheet, with what the template says of it; columns stand in the order in which they are declared."""

    ranks = count()

    def __init__(self, attribute, title, widget, help="", examples=("", "")):
        super().__init__(attribute, attribute, widget)
        self.title, self.help, self.examples = title, help, examples
        self.rank = next(self.ranks)

    def column(self) -> Column:
        choices = getattr(self.widget, "labels", {}).values()
        return Column(
            self.attribute,
            self.title,
            (),
            self.help,
            self.examples,
            choices=tuple(map(str, choices)),
        )


class PartResource(FastResource):
    """The rows of one sheet. `edition` is the one that is written; None stands for all of them, when a run is undone."""

    sheet: str
    path = ""  # from the model to its edition
    needed: tuple[str, ...] = ("code",)
    edition: Questionnaire | None = None
    is_written_at_once = False
    key_is_read = False

    def __init__(self, given: Iterable[str] | None = None):
        super().__init__(given)
        self.columns = in_order(self.columns)
        self.titles = {f.column_name: f.title for f in self.columns}

    @classmethod
    def sheet_columns(cls) -> tuple[Column, ...]:
        return tuple(f.column() for f in in_order(cls.fields.values()) if f.title)

    def rows(self) -> models.QuerySet:
        rows = self._meta.model._base_manager.all()
        if self.edition is None:
            return rows
        return rows.filter(**{self.path: self.edition}) if self.edition.pk else rows.none()

    def describe(self, row) -> None:
        """Set on a row the values that are not fields of its own."""

    def place(self, row) -> None:
        """Give a row its parent."""

    def relate(self, row) -> None:
        """Write the relations of a saved row."""

    def refresh(self, row) -> None:
        """Bring the words that Wagtail keeps for the editors up to date with a row that was written."""
        if getattr(row, "latest_revision_id", None):
            row.refresh_from_db()
            row.save_revision().publish()

    def known(self) -> dict[str, tuple]:
        known = {}
        position = self.position(self.key_name)
        for row in self.rows():
            self.describe(row)
            raw = tuple(f.widget.render(getattr(row, f.attribute)) for f in self.columns)
            known[raw[position] if self.edition else row.pk] = (row.pk, raw)
        return known

    def write(self, plan, *, check: bool = False) -> None:
        if check and plan.changed:
            self._check_nothing_moved(plan.changed)
        for instance in plan.new:
            self.place(instance)
            instance.save()
            self.relate(instance)
            self.refresh(instance)
        for changed in plan.changed:
            row = self._meta.model._base_manager.get(pk=changed.instance.pk)
            self.describe(row)
            for f in self.columns:
                setattr(row, f.attribute, getattr(changed.instance, f.attribute))
            self.place(row)
            row.save()
            self.relate(row)
            self.refresh(row)

    def take_back(self, pks, *, by, at) -> None:
        for row in self._meta.model._base_manager.filter(pk__in=pks):
            row.delete()

    def used(self, made: dict) -> list[tuple[str, str]]:
        rows = self._meta.model._base_manager
        used = []
        if hasattr(self._meta.model, "latest_revision"):  # what an import creates has none yet
            edited = rows.filter(pk__in=made["created"]).exclude(latest_revision=None)
            used = [(str(row), EDITED_SINCE) for row in edited]
        if self.path:
            pks = [*made["created"], *(pk for pk, *_ in made["changed"])]
            state = f"{self.path}__state".removeprefix("pk__")
            frozen = rows.filter(pk__in=pks).exclude(**{state: EditionState.DRAFT})
            used += [(str(row), PUBLISHED_SINCE) for row in frozen]
        return used

    def _check_nothing_moved(self, changed) -> None:
        now = dict(self.known().values())
        if any(now.get(c.instance.pk) != tuple(c.before) for c in changed):
            raise ChangedMeanwhile

    def _invalid(self, instance, record):
        problems = super()._invalid(instance, record)
        if problems or not self.edition.is_draft:
            return problems
        try:
            instance.clean()
        except ValidationError as error:
            return self._told(error, record)
        return []

    def _told(self, error: ValidationError, record) -> list[Problem]:
        names = {f.column_name for f in self.columns}
        told = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        return [
            Problem(
                record.line,
                name if name in names else "",
                record.values.get(name, ""),
                " ".join(sentences),
            )
            for name, sentences in told.items()
        ]


def in_order(fields: Iterable[Field]) -> list[Cell]:
    """Return the cells among fields, as they were declared; those that the model brings are not of the sheet."""
    return sorted((f for f in fields if isinstance(f, Cell)), key=lambda f: f.rank)
