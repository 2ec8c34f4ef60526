"""Long writes, away from the request (`territories.background`). A run whose process was killed is said to be interrupted."""

from datetime import datetime

from django.utils import timezone
from django_tasks import task

from accounts.models import User
from imports import running
from imports.models import ImportRun
from territories.background import do_later
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
    running.claim(run=run, digest=digest, by=by, at=at, for_later=True)
    do_later(carry_out_run, run.pk, by.pk)
