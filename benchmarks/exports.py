"""What the exports and the table of a large territory cost, beside openpyxl alone in the same run.

    python -m benchmarks.exports                      # SQLite, in a file of its own
    python -m tests.postgres -- python -m benchmarks.exports

Each file is made by a process of its own: its memory at the highest, less what it was before the first row. Results:
docs/performance.md.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from benchmarks.database import an_empty_database, set_up
from benchmarks.imports import _url

ROWS, COLUMNS = 35_000, 40
SOME = 2_000  # communes with all their answers; the table is that of all of France, and reads none
MORNING = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
VALUES = ("01004", "Saint-Rémy-en-l’Eau & Co", 1_234, Decimal("12.5"), None, MORNING, "oui", 17)
PAGES = ("", "?page=2", "?page=60", "?page=136", "?tri=-indice", "?tri=indice&page=100", "?q=saint")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--child", nargs="+", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    set_up()
    if arguments.child:
        print(json.dumps(CHILDREN[arguments.child[0]](*arguments.child[1:])))
        return
    writers()
    from benchmarks import france

    with an_empty_database() as vendor:
        print(vendor)
        france.build(SOME)
        territories()
    with an_empty_database():
        france.places(None)
        for edition, (_, at) in zip(france.two_editions(), france.CAMPAIGNS, strict=True):
            france.assess(edition, at)
        france.people_and_plans()
        table()


def writers() -> None:
    """The same rows by openpyxl alone and by us, nothing read from a database."""
    print(f"{ROWS} lignes de {COLUMNS} colonnes")
    bare, ours = in_a_child("bare"), in_a_child("ours")
    for label, made in (("openpyxl seul, write_only", bare), ("notre classeur", ours)):
        print(
            f"{label} : {made['seconds']:.1f} s de processeur, {made['memory']} Mo au-dessus du repos"
        )
    ratio = f"{ours['seconds'] / bare['seconds']:.2f}".replace(".", ",")
    print(f"notre classeur ÷ openpyxl : {ratio} (≤ 1,3) ; mémoire : {ours['memory']} Mo (≤ 60)\n")


def table() -> None:
    """The table of the largest OPSN: the queries that read its rows, page after page."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from accounts.models import User
    from benchmarks.supervision import browser_of
    from territories.models import Opsn

    print(f"tableau de {Opsn.objects.get(name='Grand OPSN').collectivites.count()} collectivités")
    browser = browser_of(User.objects.get(email="omar@banc.example"))
    print("| page | requêtes | pour les lignes | page entière |\n|---|---|---|---|")
    for page in PAGES:
        browser.get(f"/opsn/collectivites/{page}")
        began = time.perf_counter()
        with CaptureQueriesContext(connection) as queries:
            response = browser.get(f"/opsn/collectivites/{page}")
        seconds = time.perf_counter() - began
        assert response.status_code == 200, page  # noqa: S101 - a page that fails is not worth timing
        rows = [q for q in queries if reads_rows(q["sql"])]
        held = "" if len(rows) <= 3 else " **dépassé**"
        print(
            f"| {page or 'première'} | {len(queries)} | {len(rows)}{held} | {1000 * seconds:.0f} ms |"
        )
    print()


def reads_rows(sql: str) -> bool:
    """Their number, their order, or the fifty of a page; and not the EPCI that the filter offers."""
    is_choice = 'U0."epci_id" IS NULL' in sql
    return 'FROM "territories_collectivite"' in sql and not is_choice


def territories() -> None:
    from territories.models import Opsn

    opsns = sorted(Opsn.objects.all(), key=lambda opsn: opsn.collectivites.count())
    print("| territoire | fichier | lignes | processeur | lignes par seconde | mémoire | taille |")
    print("|---|---|---|---|---|---|---|")
    for opsn, kind in (
        (opsns[len(opsns) // 2], "csv"),
        (opsns[len(opsns) // 2], "classeur"),
        (opsns[-1], "classeur"),
    ):
        made = in_a_child("territory", str(opsn.pk), kind)
        print(
            f"| {opsn} ({opsn.collectivites.count()}) | {kind} | {made['rows']} | {made['seconds']:.1f} s "
            f"| {made['rows'] / made['seconds']:.0f} | {made['memory']} Mo | {made['size'] / 1e6:.1f} Mo |",
            flush=True,
        )


def in_a_child(*what: str) -> dict:
    from django.db import connection

    environment = os.environ | {"DATABASE_URL": _url(connection)}
    command = [sys.executable, "-m", "benchmarks.exports", "--child", *what]
    child = subprocess.run(  # noqa: S603 - this module
        command, env=environment, stdout=subprocess.PIPE, text=True, check=True
    )
    return json.loads(child.stdout)


def measured(act) -> dict:
    """Return the seconds of processor and the megabytes above idle of an act that returns an open file."""
    idle, began = highest_memory(), time.process_time()
    file = act()
    return {
        "seconds": time.process_time() - began,
        "memory": (highest_memory() - idle) // 1024,
        "size": file.seek(0, os.SEEK_END),
    }


def highest_memory() -> int:
    """Return the kilobytes of this process at the highest; `ru_maxrss` would start at those of its parent."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0])


def values(moment: datetime):
    row = tuple(moment if value is MORNING else value for value in VALUES)
    row *= COLUMNS // len(row)
    return (row for _ in range(ROWS))


def titles() -> list[str]:
    return [f"Colonne {number}" for number in range(1, COLUMNS + 1)]


def bare() -> dict:
    from openpyxl import Workbook

    def act():
        book = Workbook(write_only=True)
        sheet = book.create_sheet("Lignes")
        sheet.append(titles())
        for row in values(MORNING.replace(tzinfo=None)):
            sheet.append(row)
        out = tempfile.TemporaryFile()  # noqa: SIM115 - it goes with the process
        book.save(out)
        return out

    return measured(act)


def ours() -> dict:
    from supervision.exports.files import Sheet, xlsx

    columns = tuple((title, 12) for title in titles())
    return measured(lambda: xlsx([Sheet("Lignes", columns, values(MORNING))], title="Banc"))


def territory(opsn: str, kind: str) -> dict:
    """As the task does, with the eyes of a member."""
    from django.utils import timezone

    from supervision.exporting import rows_of_file, territory_file
    from supervision.filtering import CollectiviteFilters
    from supervision.territory import Territory
    from territories.models import Opsn
    from territories.scoping import everything

    with everything():
        filters, at = CollectiviteFilters({}, Territory(Opsn.objects.get(pk=opsn))), timezone.now()
        rows = rows_of_file(kind=kind, filters=filters, at=at)
        return {"rows": rows, **measured(lambda: territory_file(kind, filters, at=at))}


CHILDREN = {"bare": bare, "ours": ours, "territory": territory}


if __name__ == "__main__":
    main()
