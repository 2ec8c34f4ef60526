"""Kill -9 at 10, 50 and 90 % of an export: no file that is half written is given, and started again it succeeds."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.http import QueryDict
from django.utils import timezone

from questions.storage import private_storage
from supervision import preparing
from supervision.enums import ExportState
from supervision.filtering import CollectiviteFilters
from supervision.models import TerritoryExport
from supervision.models.export import EXPORTS
from supervision.territory import Territory
from territories.enums import AuditAction
from territories.models import AuditEntry, Collectivite
from tests.supervision.test_exports import bytes_of, text_of

ROWS = 4_000
# The process stops itself where the test wants it and waits to be killed: among the rows, or with half of the file kept.
SCRIPT = """
import sys, time
from pathlib import Path
import django
django.setup()
from django.core.files.storage import FileSystemStorage
from supervision import preparing

stop, rows = int(sys.argv[2]), int(sys.argv[3])
tick = preparing._tick

def halt():
    print("halted", flush=True)
    time.sleep(600)

def slow_tick(export, done):
    tick(export, done)
    if stop < 90 and done >= rows * stop / 100:
        halt()

def half_save(self, name, content):
    path = Path(self.path(name))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.read(content.size // 2))
    halt()

preparing._tick = slow_tick
if stop >= 90:
    FileSystemStorage._save = half_save
preparing.prepare.call(int(sys.argv[1]))
"""


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("percent", [10, 50, 90])
def test_a_killed_export_gives_nothing_and_is_started_again(
    client_of, omar, opsn, commune, percent, tmp_path, monkeypatch
):
    Collectivite.objects.bulk_create(
        Collectivite(
            kind="commune", code_insee=f"{n}", name=f"Village {n}", search_name=f"{n}", opsn=opsn
        )
        for n in range(10_000, 10_000 + ROWS - 1)
    )
    monkeypatch.setattr(preparing, "do_later", lambda task, pk: None)
    filters = CollectiviteFilters(QueryDict(), Territory(opsn))
    export = preparing.ask_for_export(kind="classeur", filters=filters, by=omar, at=timezone.now())
    assert export.rows == ROWS
    temporary = tmp_path / "tmp"
    temporary.mkdir()

    process = launch(export, percent, tmp_path, temporary)
    assert process.stdout.readline().strip() == "halted"
    process.send_signal(signal.SIGKILL)
    process.wait()

    browser = client_of(omar)
    page, file = f"/opsn/exports/{export.pk}/", f"/opsn/exports/{export.pk}/fichier/"
    assert browser.get(file).url == page
    assert list(temporary.iterdir()) == []
    assert not AuditEntry.objects.filter(action=AuditAction.TERRITORY_EXPORTED).exists()
    export.refresh_from_db()
    assert export.state == ExportState.RUNNING
    TerritoryExport.objects.update(heartbeat=timezone.now() - timedelta(minutes=3))
    assert TerritoryExport.objects.stopped(at=timezone.now()).get() == export

    browser.post(f"{page}relancer/")
    preparing.prepare.call(export.pk)

    assert text_of(bytes_of(browser.get(file))).count("<row ") > ROWS
    export.refresh_from_db()
    assert [f"{EXPORTS}/{name}" for name in private_storage().listdir(EXPORTS)[1]] == [
        export.file.name
    ]
    assert AuditEntry.objects.filter(action=AuditAction.TERRITORY_EXPORTED).count() == 1
    private_storage().delete(export.file.name)


def launch(export, percent: int, tmp_path: Path, temporary: Path) -> subprocess.Popen:
    database = connection.settings_dict
    script = tmp_path / "killed.py"
    # The process keeps its files where those of the test are.
    script.write_text(
        "from django.conf import settings\n"
        f"settings.PRIVATE_MEDIA_ROOT = {str(settings.PRIVATE_MEDIA_ROOT)!r}\n" + SCRIPT
    )
    url = (
        f"postgresql://{database['USER']}:{database['PASSWORD'] or ''}@{database['HOST']}:"
        f"{database['PORT']}/{database['NAME']}"
    )
    environment = os.environ | {
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "PYTHONPATH": os.getcwd(),
        "TMPDIR": str(temporary),
    }
    command = [sys.executable, str(script), str(export.pk), str(percent), str(ROWS)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
