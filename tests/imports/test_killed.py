"""kill -9 at 10, 50 and 90 % of an import: before or after, never between; run again it succeeds."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from imports import running
from imports.enums import RunState
from imports.models import ImportFile, ImportRun
from territories.models import Collectivite
from tests.imports.factories import csv_file
from tests.territories.factories import DepartementFactory

ROWS = 20_000
# The process stops itself where the test wants it, in the middle of the work, and waits to be killed.
SCRIPT = """
import sys, time
import django
django.setup()
from django.utils import timezone
from accounts.models import User
from imports import resources, running
from imports.models import ImportRun
from territories.scoping import everything

stop = int(sys.argv[2])
write = resources.FastResource.write

def halt():
    print("halted", flush=True)
    time.sleep(600)

def slow_plan(self, records, report, tick=lambda rows: None):
    def ticking(rows):
        tick(rows)
        if stop < 80 and rows >= int(sys.argv[3]) * stop / 80:
            halt()
    return plan(self, records, report, ticking)

def half_write(self, written, **kwargs):
    half = len(written.new) // 2
    written.new = written.new[:half]
    write(self, written, **kwargs)
    halt()

plan = resources.FastResource.plan
resources.FastResource.plan = slow_plan
if stop >= 80:
    resources.FastResource.write = half_write
with everything():
    run = ImportRun.objects.get(pk=sys.argv[1])
    running.apply(run=run, digest=run.digest, by=run.started_by, at=timezone.now())
"""


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("percent", [10, 50, 90])
def test_a_killed_import_leaves_all_or_nothing_and_goes_on(nadia, percent, tmp_path):
    DepartementFactory(code="60")
    codes = [f"60{n:03d}" if n < 1_000 else f"{n:05d}" for n in range(1_000, 1_000 + ROWS)]
    content = csv_file(
        [["code_insee", "nom", "departement"], *([c, f"Commune {c}", "60"] for c in codes)]
    )
    run = running.start(
        kind="communes", content=content, file_name="a.csv", opsn=None, by=nadia, at=timezone.now()
    )
    assert run.counts == {"created": ROWS}

    process = launch(run, percent, tmp_path)
    assert process.stdout.readline().strip() == "halted"
    process.send_signal(signal.SIGKILL)
    process.wait()

    assert Collectivite.objects.count() == 0
    run.refresh_from_db()
    assert run.state == RunState.RUNNING
    later = timezone.now() + timedelta(minutes=3)
    assert running.interrupt_silent_runs(at=later) == 1
    run.refresh_from_db()
    wait_for_the_lock_of_the_dead()
    running.apply(run=run, digest=run.digest, by=nadia, at=later)
    assert Collectivite.objects.count() == ROWS
    assert ImportRun.objects.get().state == RunState.APPLIED
    assert ImportFile.objects.get().content is None
    assert not list(tmp_path.glob("*.tmp"))


def launch(run, percent, tmp_path) -> subprocess.Popen:
    database = connection.settings_dict
    script = tmp_path / "killed.py"
    script.write_text(SCRIPT)
    url = (
        f"postgresql://{database['USER']}:{database['PASSWORD'] or ''}@{database['HOST']}:"
        f"{database['PORT']}/{database['NAME']}"
    )
    environment = os.environ | {
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "PYTHONPATH": os.getcwd(),
    }
    command = [sys.executable, str(script), str(run.pk), str(percent), str(ROWS)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


def wait_for_the_lock_of_the_dead() -> None:
    """PostgreSQL notices that a client is gone when it next speaks to it."""
    for _ in range(100):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%' "
                "AND datname = current_database()"
            )
            if cursor.fetchone()[0] == 0:
                return
        time.sleep(0.1)
