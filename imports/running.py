"""One import from the file to the data: start, preview, apply, cancel. The console, the back office and the command call these.

A file is read and checked outside any transaction; what it changes is written in one, with the state of the run, so that a
process that dies leaves the data as before or as after. Undoing is in `undoing`.
"""

import hashlib
import re
from collections import Counter
from dataclasses import asdict
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import BinaryField, ExpressionWrapper, F
from django.utils import timezone

from accounts.models import User
from imports import rules
from imports.columns import MissingColumns, Table
from imports.enums import CONFIRMABLE, PREVIEWABLE, ImportKind, Outcome, RunState
from imports.kinds import Kind, KindPlan
from imports.models import ImportFile, ImportRun, as_text, unpacked
from imports.reading import Busy, Unreadable, read
from imports.registry import KINDS
from imports.report import Line
from imports.resources import ChangedMeanwhile
from questions.models import Assessment
from territories.affiliation import AffiliationError
from territories.enums import AuditAction
from territories.journal import record
from territories.models import Opsn
from territories.scoping import everything

IN_BACKGROUND = 5_000  # rows; beyond, the write is a task
CHECKED, WRITTEN = 80, 100  # percent of the bar
REFUSED = (Outcome.REJECTED, Outcome.AMBIGUOUS)
Checked = tuple[Table, Kind, KindPlan]


class ImportError_(Exception):  # noqa: N801 - ImportError is Python's
    """An act on an import that cannot be done; `sentence` is what the person reads."""

    sentence = "Cette action n’est pas possible."

    def __str__(self) -> str:
        return self.args[0] if self.args else self.sentence


class NotEntitled(ImportError_):
    sentence = "Vous ne pouvez pas importer ce fichier."


class NotConfirmable(ImportError_):
    sentence = "Cet import n’attend pas de confirmation."


class AnotherFile(ImportError_):
    sentence = "Le fichier n’est plus celui que vous avez vu. Déposez-le de nouveau."


class NothingToDo(ImportError_):
    sentence = "Ce fichier ne change rien."


class BlockedByRefusedRows(ImportError_):
    sentence = "Des lignes sont refusées et vous avez demandé « tout ou rien » : rien n’est écrit."


class PreviewOutdated(ImportError_):
    sentence = "Les données ont changé depuis l’aperçu. Relisez-le, puis confirmez."


class CannotReadSo(ImportError_):
    """The corrections of the columns leave the file unreadable, or the server is busy; `sentence` is the reason."""


class WasCancelled(ImportError_):
    sentence = "Cet import a été abandonné."


# What was confirmed can no longer be written as it was seen.
OUTDATED = (ChangedMeanwhile, IntegrityError, PreviewOutdated, AffiliationError, Unreadable)


def start(
    *,
    kind: str,
    content: bytes,
    file_name: str,
    opsn: Opsn | None,
    by: User,
    at: datetime,
    assessment: Assessment | None = None,
    all_or_nothing: bool = False,
    to_apply_at_once: bool = False,
) -> ImportRun:
    """Keep a file and say what it would do. A file that cannot be read gives a refused run. Raises NotEntitled.

    `to_apply_at_once`: nobody reads the preview in between (the command), so the file is checked once.
    """
    if not rules.can_import(by, kind, opsn, assessment):
        raise NotEntitled
    with everything():
        run = ImportRun(
            kind=kind,
            opsn=opsn,
            assessment=assessment,
            started_by=by,
            started_at=at,
            file_name=_safe_name(file_name),
            digest=hashlib.sha256(content).hexdigest(),
            size=len(content),
            corrections=_remembered(kind, opsn, assessment),
            all_or_nothing=all_or_nothing or KINDS[kind].whole,
        )
        with transaction.atomic():
            run.save()
            ImportFile.objects.create(run=run, content=content)
        checked = _preview(run, by=by, at=at)
        if to_apply_at_once:
            run.checked = checked
    return run


def preview(
    *,
    run: ImportRun,
    by: User,
    at: datetime,
    corrections: dict[str, str] | None = None,
    choices: dict[str, int | None] | None = None,
    all_or_nothing: bool | None = None,
) -> None:
    """Say again what the file would do, with the person's corrections. Raises NotEntitled, NotConfirmable."""
    with everything():
        run.refresh_from_db()
        if not rules.can_handle(by, run):
            raise NotEntitled
        if run.state not in PREVIEWABLE:
            raise NotConfirmable
        if corrections is not None:
            run.corrections = {**run.corrections, **corrections}
        if choices is not None:
            run.choices = {ln: pk for ln, pk in {**run.choices, **choices}.items() if pk}
        if all_or_nothing is not None:
            run.all_or_nothing = all_or_nothing
        try:
            _describe_and_keep(run, _plan(run, by, at), at)
        except Unreadable as refusal:
            run.refresh_from_db()
            raise CannotReadSo(str(refusal)) from refusal


def apply(*, run: ImportRun, digest: str, by: User, at: datetime) -> None:
    """Write what the preview said. `digest` is the one the person confirmed.

    Raises NotEntitled, NotConfirmable, AnotherFile, NothingToDo, BlockedByRefusedRows, PreviewOutdated, WasCancelled.
    """
    claim(run=run, digest=digest, by=by, at=at)
    carry_out(run=run, by=by, at=at)


def claim(*, run: ImportRun, digest: str, by: User, at: datetime, for_later: bool = False) -> None:
    """Take the run for oneself: it is running from now on, and nobody else can confirm it. Raises as `apply`.

    `for_later`: it waits for the worker, without a sign of life until its turn.
    """
    with everything():
        run.refresh_from_db()
        if not rules.can_handle(by, run):
            raise NotEntitled
        if not run.is_confirmable:
            raise NotConfirmable
        if digest != run.digest:
            raise AnotherFile
        if not run.changes:
            raise NothingToDo
        if run.all_or_nothing and _blocking(run.counts):
            raise BlockedByRefusedRows
        taken = ImportRun.objects.filter(pk=run.pk, state__in=CONFIRMABLE).update(
            state=RunState.RUNNING,
            progress=0,
            heartbeat=None if for_later else timezone.now(),
            confirmed_by=by,
        )
        if not taken:
            raise NotConfirmable
        run.refresh_from_db()


def carry_out(*, run: ImportRun, by: User, at: datetime) -> None:
    """Do what was claimed, now or in a background task. Raises AnotherFile, PreviewOutdated, WasCancelled, CannotReadSo.

    After PreviewOutdated the run has a new preview, or is refused when the file can no longer be taken at all.
    """
    with everything():
        try:
            run.heartbeat = timezone.now()
            run.save(update_fields=["heartbeat"])
            _carry_out(run, by, at)
        except Busy as error:
            _stop(run, RunState.INTERRUPTED)
            raise CannotReadSo(str(error)) from error
        except OUTDATED as error:
            _stop(run, RunState.PREVIEWED)
            run.refresh_from_db()
            _preview(run, by=by, at=at)
            reason = str(error) if isinstance(error, AffiliationError) else run.refusal
            raise PreviewOutdated(*([reason] if reason else [])) from error
        except WasCancelled:
            run.refresh_from_db()
            raise
        except BaseException:
            _stop(run, RunState.INTERRUPTED)
            raise


def cancel(*, run: ImportRun, by: User, at: datetime) -> None:
    """Give up an import before anything is written. Raises NotEntitled, NotConfirmable."""
    with transaction.atomic(), everything():
        run = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
        if not rules.can_handle(by, run):
            raise NotEntitled
        if run.is_finished:
            raise NotConfirmable
        run.state, run.finished_at = RunState.CANCELLED, at
        run.save(update_fields=["state", "finished_at"])
        ImportFile.objects.filter(run=run).update(content=None)


def interrupt_silent_runs(*, at: datetime) -> int:
    """Mark the runs whose process has died; they can be confirmed again. Return how many."""
    with everything():
        return ImportRun.objects.silent(at=at).update(state=RunState.INTERRUPTED)


def read_lines(run: ImportRun) -> list[Line]:
    """Return the lines of a report that have something to say, in the order of the file."""
    packed = ImportFile.objects.filter(run=run).values_list("report", flat=True).first()
    return [Line.unpack(line) for line in packed or ()]


def _preview(run: ImportRun, *, by: User, at: datetime) -> Checked | None:
    try:
        checked = _plan(run, by, at)
    except MissingColumns as missing:
        _describe_columns(run, missing.table)
        run.state, run.notes = RunState.READ, [str(missing)]
        with transaction.atomic():
            _hold(run)
            run.save()
        return None
    except Unreadable as refusal:
        run.state, run.refusal, run.finished_at = RunState.REFUSED, str(refusal)[:400], at
        with transaction.atomic():
            _hold(run)
            run.save()
            ImportFile.objects.filter(run=run).update(content=None)
        return None
    _describe_and_keep(run, checked, at)
    return checked


def _hold(run: ImportRun) -> None:
    """Lock a run whose preview is about to be kept. Raises NotConfirmable when it was confirmed or given up meanwhile."""
    state = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk).state
    if state not in PREVIEWABLE:
        raise NotConfirmable


def _stop(run: ImportRun, state: RunState) -> None:
    """Say that a run is no longer under way, unless somebody gave it up meanwhile."""
    ImportRun.objects.filter(pk=run.pk, state=RunState.RUNNING).update(state=state, progress=0)


def _describe_and_keep(run: ImportRun, checked: Checked, at: datetime) -> None:
    table, _, plan = checked
    _describe(run, table, plan)
    run.state = RunState.PREVIEWED
    if not plan and not _blocking(run.counts):
        run.state, run.finished_at, run.progress = RunState.APPLIED, at, WRITTEN
        run.notes.append("Rien à changer : tout ce que dit ce fichier est déjà là.")
    with transaction.atomic():
        _hold(run)
        run.save()
        _keep_report(run, table, plan)
        if run.is_finished:
            ImportFile.objects.filter(run=run).update(content=None)


def _carry_out(run: ImportRun, by: User, at: datetime) -> None:
    confirmed = run.counts

    def tick(rows: int) -> None:
        share = rows / (sum(confirmed.values()) or 1)
        alive = ImportRun.objects.filter(pk=run.pk, state=RunState.RUNNING).update(
            progress=min(CHECKED, int(share * CHECKED)), heartbeat=timezone.now()
        )
        if not alive:
            raise WasCancelled

    checked = run.__dict__.pop("checked", None)
    table, kind, plan = checked or _plan(run, by, at, tick)
    if checked is None and not _is_what_was_seen(run, plan):
        raise PreviewOutdated
    _describe(run, table, plan)
    kind.prepare(plan)
    ImportRun.objects.filter(pk=run.pk).update(progress=CHECKED, heartbeat=timezone.now())
    with transaction.atomic():
        state = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk).state
        if state != RunState.RUNNING:
            raise WasCancelled
        kind.write(plan)
        run.state, run.progress, run.finished_at = RunState.APPLIED, WRITTEN, at
        run.save()
        ImportFile.objects.filter(run=run).update(content=None, made=_made(plan))
        record(
            AuditAction.IMPORT_APPLIED,
            run.assessment and run.assessment.collectivite,
            by=by,
            at=at,
            opsn=run.opsn,
            ground=f"{ImportKind(run.kind).label} : {lines_in_words(run.changes)} (import n° {run.pk})",
        )


def _is_what_was_seen(run: ImportRun, plan: KindPlan) -> bool:
    """Tell whether a plan says, line by line, what the person confirmed: the counts alone hide an exchange of values."""
    if plan.report.counts != Counter(run.counts):
        return False
    # Compared as text: to read 35,000 lines back takes longer than to write them.
    raw = ExpressionWrapper(F("report"), output_field=BinaryField())
    seen = ImportFile.objects.filter(run=run).values_list(raw, flat=True).get()
    return seen is not None and unpacked(seen) == as_text(
        [line.pack() for line in plan.report.lines]
    )


def _plan(run: ImportRun, by: User, at: datetime, tick=lambda rows: None) -> Checked:
    content = ImportFile.objects.values_list("content", flat=True).get(run=run)
    if content is None or hashlib.sha256(content).hexdigest() != run.digest:
        raise AnotherFile
    kind = KINDS[run.kind](
        opsn=run.opsn, by=by, at=at, choices=run.choices, assessment=run.assessment
    )
    table = kind.find(read(bytes(content), run.file_name), run.corrections)
    return table, kind, kind.plan(table, tick)


def _describe_columns(run: ImportRun, table: Table) -> None:
    run.sheet, run.header_line = table.sheet[:80], table.header_line
    run.columns = [asdict(column) for column in table.columns]


def _describe(run: ImportRun, table: Table, plan: KindPlan) -> None:
    _describe_columns(run, table)
    run.counts = dict(+plan.report.counts)
    run.notes = list(table.notes)
    if table.skipped:
        skipped = ", ".join(f"{what} ({count})" for what, count in table.skipped.items())
        run.notes.append(f"Lignes laissées de côté : {skipped}.")
    earlier = ImportRun.objects.filter(
        kind=run.kind,
        opsn=run.opsn,
        assessment=run.assessment,
        digest=run.digest,
        state=RunState.APPLIED,
    ).exclude(pk=run.pk)
    if before := earlier.first():
        day = timezone.localtime(before.started_at)
        run.notes.append(f"Ce fichier a déjà été importé le {day:%d/%m/%Y}.")


def _keep_report(run: ImportRun, table: Table, plan: KindPlan) -> None:
    # A workbook of several lists is corrected as a whole: the numbers of its lines are those of several sheets.
    told = [] if KINDS[run.kind].whole else plan.report.lines
    refused = {line.number for line in told if line.outcome in REFUSED}
    rows = [[line, *cells] for line, cells in table.rows if line in refused]
    ImportFile.objects.filter(run=run).update(
        report=[line.pack() for line in plan.report.lines],
        refused={"titles": _titles(table), "rows": rows},
    )


def _titles(table: Table) -> list[str]:
    width = max((len(cells) for _, cells in table.rows), default=0)
    titles = {column.index: column.title for column in table.columns}
    return [titles.get(i, "") for i in range(width)]


def _made(plan: KindPlan) -> list[dict]:
    return [
        {
            "resource": type(part.resource).__name__,
            "columns": [f.column_name for f in part.resource.columns],
            "created": [instance.pk for instance in part.new],
            "changed": [[c.instance.pk, c.before, c.after] for c in part.changed],
        }
        for part in plan.parts
    ]


def _blocking(counts: dict[str, int]) -> int:
    return counts.get(Outcome.REJECTED, 0) + counts.get(Outcome.AMBIGUOUS, 0)


def lines_in_words(count: int) -> str:
    return f"{count} ligne" if count < 2 else f"{count} lignes"


def _remembered(kind: str, opsn: Opsn | None, assessment: Assessment | None) -> dict[str, str]:
    """Return the corrections of the last file of this kind that was applied for this OPSN or this evaluation."""
    applied = ImportRun.objects.filter(
        kind=kind, opsn=opsn, assessment=assessment, state=RunState.APPLIED
    )
    return applied.values_list("corrections", flat=True).first() or {}


def _safe_name(name: str) -> str:
    """Keep the end of a name, without path or characters that deceive; it is shown, and never opened."""
    name = re.split(r"[\\/]", name)[-1]
    name = "".join(c for c in name if c.isprintable() and c not in '<>:"|?*\u202e\u202d\u200f')
    stem, dot, extension = name.rpartition(".")
    return f"{stem[:100]}{dot}{extension[:12]}".strip() or "sans nom"
