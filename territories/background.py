"""Long work, away from the request: a queue in our own database (alias `bg`), imports and exports one after the other.

In production `manage.py db_worker --backend bg` empties it. Where there is no worker (`make run`), a thread does, one call at
a time. A process that is killed leaves its work without a sign of life: each kind of work says so in its own way.
"""

import threading

from django.conf import settings
from django.db import connections, transaction


def do_later(task, *args) -> None:
    """Queue a call of a task of the `bg` backend, with values that JSON can hold."""
    task.enqueue(*args)
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
