"""Undo an import, as long as nothing that it made was used since; all of it or nothing."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Model

from accounts.models import User
from imports import rules
from imports.enums import RunState
from imports.models import ImportFile, ImportRun
from imports.registry import KINDS
from imports.resources import ChangedMeanwhile, FastResource, batches
from imports.running import ImportError_, NotEntitled
from questions.models import Assessment
from territories.affiliation import AffiliationError
from territories.enums import AuditAction
from territories.journal import record
from territories.models import AuditEntry, Collectivite, CollectiviteMember, Invitation
from territories.scoping import everything


class NotUndoable(ImportError_):
    sentence = "Cet import ne peut plus être annulé."


class UsedSince(ImportError_):
    sentence = "Ce que cet import a écrit a servi depuis : il ne peut plus être annulé."


@dataclass
class Undoing:
    """What undoing would do: rows taken back, rows put back as before, and what forbids it (name, sentence)."""

    taken_back: int = 0
    put_back: int = 0
    used: list[tuple[str, str]] = field(default_factory=list)

    @property
    def is_possible(self) -> bool:
        return not self.used and bool(self.taken_back or self.put_back)


def preview_undo(*, run: ImportRun, by: User) -> Undoing:
    """Say what undoing would do. Raises NotEntitled, NotUndoable."""
    with everything():
        undoing = Undoing()
        for resource, made in _parts(run, by):
            undoing.taken_back += len(made["created"])
            undoing.put_back += len(made["changed"])
            undoing.used += _used(resource, made, run.finished_at)
    return undoing


def undo(*, run: ImportRun, by: User, at: datetime) -> None:
    """Put everything back as it was before the import. Raises NotEntitled, NotUndoable, UsedSince."""
    try:
        with transaction.atomic(), everything():
            run = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
            if not preview_undo(run=run, by=by).is_possible:
                raise UsedSince
            for resource, made in reversed(list(_parts(run, by))):
                resource.put_back(made["changed"])
                resource.take_back(made["created"], by=by, at=at)
            _say_detached(run, by, at)
            run.state, run.finished_at = RunState.UNDONE, at
            run.save(update_fields=["state", "finished_at"])
            ground = f"{run.get_kind_display()} (import n° {run.pk})"
            record(AuditAction.IMPORT_UNDONE, None, by=by, at=at, opsn=run.opsn, ground=ground)
    # A protected row is an IntegrityError too; so is a SIREN that another row took since.
    except (ChangedMeanwhile, IntegrityError, AffiliationError) as error:
        raise UsedSince from error


def _parts(run: ImportRun, by: User) -> Iterable[tuple[FastResource, dict]]:
    if not rules.can_handle(by, run):
        raise NotEntitled
    if run.state != RunState.APPLIED:
        raise NotUndoable
    parts = ImportFile.objects.values_list("made", flat=True).filter(run=run).first()
    if not parts:
        raise NotUndoable
    classes = {resource.__name__: resource for resource in KINDS[run.kind].resources}
    return [(classes[made["resource"]](set(made["columns"])), made) for made in parts]


def _used(resource: FastResource, made: dict, since: datetime) -> list[tuple[str, str]]:
    model = resource._meta.model
    used = [*_changed_since(resource, made["changed"]), *resource.used(made)]
    if model is Collectivite:
        followed = [
            pk for pk, before, after in made["changed"] if _opens_data(resource, before, after)
        ]
        used += _lived_since([*made["created"], *followed], since)
    if model is Invitation:
        accepted = Invitation.objects.filter(pk__in=made["created"]).exclude(accepted_at=None)
        used += [(row.email, "L’invitation a été acceptée.") for row in accepted]
    return used


def _opens_data(resource: FastResource, before: list[str], after: list[str]) -> bool:
    """An attachment, or a retirement: what happened since rests on it. An address alone does not."""
    names = [f.column_name for f in resource.columns]
    return any(
        old != new and name in ("opsn", "successor")
        for name, old, new in zip(names, before, after, strict=True)
    )


def _changed_since(resource: FastResource, changed: list) -> list[tuple[str, str]]:
    """Name the rows whose values are no longer those that the import wrote."""
    if not changed:
        return []
    resource.before_load()
    now = dict(resource.known().values())
    model = resource._meta.model
    moved = [pk for pk, _, after in changed if list(now.get(pk, ())) != list(after)]
    return [(str(row), "Cette fiche a été modifiée.") for row in _rows(model, moved)]


def _lived_since(pks: list[int], since: datetime) -> list[tuple[str, str]]:
    """Name the collectivités where somebody did something since."""
    lived: dict[int, str] = {}
    events = (
        ("Une évaluation a été ouverte.", Assessment, {"opened_at__gt": since}),
        ("Une personne a demandé à la rejoindre.", CollectiviteMember, {"requested_at__gt": since}),
        ("Une personne a été invitée.", Invitation, {"created_at__gt": since}),
        ("Une action figure au journal.", AuditEntry, {"at__gt": since}),
    )
    for batch in batches(pks):
        for sentence, model, filters in events:
            rows = model._base_manager.filter(collectivite__in=batch, **filters)
            for pk in rows.values_list("collectivite", flat=True):
                lived.setdefault(pk, sentence)
    return [(str(row), lived[row.pk]) for row in _rows(Collectivite, list(lived))]


def _rows(model: type[Model], pks: list[int]) -> list[Model]:
    return [row for batch in batches(pks) for row in model._base_manager.filter(pk__in=batch)]


def _say_detached(run: ImportRun, by: User, at: datetime) -> None:
    entries = AuditEntry._base_manager.filter(
        action=AuditAction.ATTACHED, opsn=run.opsn, at=run.finished_at, actor=run.confirmed_by
    )
    detached = [
        AuditEntry(
            action=AuditAction.DETACHED,
            collectivite_id=pk,
            opsn=run.opsn,
            actor=by,
            at=at,
            ground=f"Import n° {run.pk} annulé",
        )
        for pk in entries.exclude(collectivite=None).values_list("collectivite", flat=True)
    ]
    AuditEntry._base_manager.bulk_create(detached, batch_size=2_000)
