"""A long export: asked for, prepared away from the request, started again when it was cut.

The file is made aside and copied under a name of ours; the row says that it is ready in one transaction with the journal.
A process that dies leaves a row that is not ready, whose file nobody is given; the next attempt writes another one.
"""

import uuid
from datetime import datetime, timedelta
from functools import partial

from django.core.files import File
from django.db import transaction
from django.http import QueryDict
from django.utils import timezone
from django_tasks import task

from accounts.models import User
from questions.storage import private_storage
from supervision import rules
from supervision.enums import ExportKind, ExportState
from supervision.exporting import check_may_export, in_words, rows_of_file, territory_file
from supervision.filtering import CollectiviteFilters
from supervision.models import TerritoryExport
from supervision.models.export import EXPORTS
from supervision.notices import tell_export_ready
from supervision.territory import Territory
from territories.affiliation import AffiliationError, NotEntitled
from territories.background import do_later
from territories.enums import AuditAction
from territories.journal import record
from territories.scoping import acting_as, everything

KEPT = timedelta(days=3)  # over a weekend
AT_ONCE = 3  # for one person: the queue is everybody's
WRITTEN = 95  # percent of the bar; the rest is keeping the file


class TooManyExports(AffiliationError):
    sentence = f"{AT_ONCE} exports se préparent déjà pour vous. Attendez que l’un d’eux soit prêt."


class NotStopped(AffiliationError):
    sentence = "Cet export n’a pas besoin d’être relancé."


class Superseded(Exception):
    """The export was started again by another process, or is gone."""


def ask_for_export(
    *, kind: ExportKind, filters: CollectiviteFilters, by: User, at: datetime
) -> TerritoryExport:
    """Put an export in the queue; the same asked twice is one. Raises NotEntitled, TooLargeForOds, TooManyExports."""
    check_may_export(kind=kind, filters=filters, by=by, at=at)
    rows = rows_of_file(kind=kind, filters=filters, at=at)
    asked = {"opsn": filters.territory.opsn, "asked_by": by, "kind": kind, "query": filters.query}
    with transaction.atomic(), everything():
        User.objects.select_for_update(of=("self",)).get(pk=by.pk)  # the same button pressed twice
        under_way = TerritoryExport.objects.under_way(at=at)
        if same := under_way.filter(**asked).first():
            return same
        if under_way.filter(asked_by=by).count() >= AT_ONCE:
            raise TooManyExports
        export = TerritoryExport.objects.create(
            **asked, asked_at=at, heartbeat=at, rows=rows, words=in_words(kind, filters)[:300]
        )
    do_later(prepare, export.pk)
    return export


def start_again(*, export: TerritoryExport, by: User, at: datetime) -> None:
    """Put an export that was cut back in the queue, without what it had written. Raises NotEntitled, NotStopped."""
    if export.asked_by_id != by.pk or not rules.can_open_console(by, export.opsn):
        raise NotEntitled
    with everything():
        stopped = TerritoryExport.objects.filter(pk=export.pk, file=export.file.name)
        again = {"state": ExportState.WAITING, "progress": 0, "heartbeat": at, "file": ""}
        if not stopped.stopped(at=at).update(**again):
            raise NotStopped
    erase(export.file.name)
    do_later(prepare, export.pk)


@task(backend="bg")
def prepare(export_pk: int) -> None:
    """Make the file of an export that waits, seeing what the person who asked may see."""
    export = _claim(export_pk)
    if export is None:
        return
    try:
        with acting_as(export.asked_by):
            _make(export)
    except BaseException as error:
        erase(export.file.name)
        with everything():
            _mine(export).update(state=ExportState.INTERRUPTED)
        if not isinstance(error, (Superseded, AffiliationError)):
            raise


def erase(path: str) -> None:
    if path:
        private_storage().delete(path)


def _claim(pk: int) -> TerritoryExport | None:
    """Take an export that waits for oneself; the name of the file is that of the attempt."""
    attempt = {"state": ExportState.RUNNING, "file": f"{EXPORTS}/{uuid.uuid4().hex}"}
    with everything():
        waiting = TerritoryExport.objects.filter(pk=pk, state=ExportState.WAITING)
        if not waiting.update(**attempt, heartbeat=timezone.now()):
            return None
        return TerritoryExport.objects.select_related("opsn", "asked_by").get(pk=pk)


def _mine(export: TerritoryExport):
    """Return the row as long as nobody else has taken the export."""
    return TerritoryExport.objects.filter(
        pk=export.pk, state=ExportState.RUNNING, file=export.file.name
    )


def _make(export: TerritoryExport) -> None:
    at = timezone.now()
    filters = CollectiviteFilters(QueryDict(export.query), Territory(export.opsn))
    kind = ExportKind(export.kind)
    check_may_export(kind=kind, filters=filters, by=export.asked_by, at=at)
    with territory_file(kind, filters, at=at, tick=partial(_tick, export)) as made:
        content = File(made)
        size = content.size
        private_storage().save(export.file.name, content)
    _finish(export, size, at=timezone.now())


def _tick(export: TerritoryExport, rows: int) -> None:
    share = min(WRITTEN, rows * WRITTEN // (export.rows or 1))
    with everything():
        if not _mine(export).update(progress=share, heartbeat=timezone.now()):
            raise Superseded


def _finish(export: TerritoryExport, size: int, *, at: datetime) -> None:
    by, opsn = User.objects.get(pk=export.asked_by_id), export.opsn
    if not rules.can_open_console(by, opsn):
        raise NotEntitled
    with transaction.atomic(), everything():
        ready = {"state": ExportState.READY, "progress": 100, "size": size}
        if not _mine(export).update(**ready, expires_at=at + KEPT):
            raise Superseded
        record(AuditAction.TERRITORY_EXPORTED, None, by=by, at=at, opsn=opsn, ground=export.words)
        export.refresh_from_db()
        tell_export_ready(export)
