"""Long writes, away from the request: a queue in our own database (alias `bg`).

In production `manage.py db_worker --backend bg` empties it. Where there is no worker (`make run`), a thread does, one call at
a time. A process that is killed leaves its run without a sign of life: `interrupt_silent_runs` says so.
"""

import threading
from datetime import datetime

from django.conf import settings
from django.db import connections, transaction
from django.utils import timezone
from django_tasks import task

from accounts.models import User
from imports import running
from imports.models import ImportRun
from territories.scoping import everything


@task(backend="bg")
def carry_out_run(run_pk: int, user_pk: int) -> None:
    with everything():
        run = ImportRun.objects.get(pk=run_pk)
        try:
            running.carry_out(run=run, by=User.objects.get(pk=user_pk), at=timezone.now())
        except running.ImportError_:
            return  # the state and the notes of the run say it


def confirm(*, run: ImportRun, digest: str, by: User, at: datetime) -> None:
    """Apply a run now, or in the background when it is long. Raises as `running.apply`."""
    if run.lines_read <= running.IN_BACKGROUND:
        running.apply(run=run, digest=digest, by=by, at=at)
        return
    running.claim(run=run, digest=digest, by=by, at=at)
    carry_out_run.enqueue(run.pk, by.pk)
    if settings.TASKS_IN_A_THREAD:
        transaction.on_commit(lambda: threading.Thread(target=_empty_queue, daemon=True).start())


def _empty_queue() -> None:
    from django_tasks_db.management.commands.db_worker import Worker

    try:
        Worker(
            queue_names=["default"],
            interval=1,
            batch=True,
            backend_name="bg",
            startup_delay=False,
            max_tasks=None,
            worker_id="thread",
        ).run()
    finally:
        connections.close_all()
