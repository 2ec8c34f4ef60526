"""The empty database of the tests: migrated once, then copied by each worker and by the next runs.

To migrate takes half a minute, to copy less than a second. The model is named for what its migrations say, so that another
one is made as soon as one of them changes; Django migrates each copy in turn, and finds nothing to do.
"""

import fcntl
import hashlib
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from django.apps import apps
from django.conf import settings
from django.db import connection

VAR = settings.BASE_DIR / "var"
PREFIX = "test-migrated-"
IN_MEMORY = "file:memorydb_default?mode=memory&cache=shared"  # as Django names it


@contextmanager
def start_from_the_model() -> Iterator[None]:
    """Have the test database of this process, which Django is about to create, begin as a copy of the model."""
    name = PREFIX + digest_of_migrations()
    if connection.vendor == "postgresql":
        make_postgres_model(name)
        connection.settings_dict["TEST"]["TEMPLATE"] = name
        yield
    else:
        with closing(sqlite3.connect(IN_MEMORY, uri=True)) as copy:  # open, it stays in memory
            copy_sqlite_model(name, copy)
            yield


def digest_of_migrations() -> str:
    digest = hashlib.sha256()
    for app in apps.get_app_configs():
        for file in sorted(Path(app.path).glob("migrations/*.py")):
            digest.update(f"{app.label} {file.name}".encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def copy_sqlite_model(name: str, copy: sqlite3.Connection) -> None:
    path = VAR / f"{name}.sqlite3"
    with one_at_a_time():
        if not path.exists():
            for older in VAR.glob(f"{PREFIX}*"):
                older.unlink()
            unfinished = VAR / f"{name}.unfinished"
            migrate(f"sqlite:///{unfinished}")
            with closing(sqlite3.connect(unfinished)) as model:
                model.execute("PRAGMA journal_mode=DELETE")  # all of it in one file
            unfinished.rename(path)
        with closing(sqlite3.connect(path)) as model:
            model.backup(copy)


def make_postgres_model(name: str) -> None:
    url = os.environ["DATABASE_URL"]
    with one_at_a_time(), psycopg.connect(url, autocommit=True) as server:
        ours = server.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{PREFIX}%"]
        )
        known = {row[0] for row in ours}
        if name not in known:
            for older in known:
                server.execute(f'DROP DATABASE "{older}"')
            unfinished = f"{PREFIX}unfinished"
            server.execute(f'CREATE DATABASE "{unfinished}"')
            migrate(urlsplit(url)._replace(path=f"/{unfinished}").geturl())
            server.execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{name}"')


@contextmanager
def one_at_a_time() -> Iterator[None]:
    VAR.mkdir(exist_ok=True)
    with (VAR / "test-migrating.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def migrate(url: str) -> None:
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--run-syncdb", "--skip-checks", "--verbosity=0"],
        check=True,
        cwd=settings.BASE_DIR,
        env=os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings.test"},
    )
