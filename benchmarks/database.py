"""A database of its own for a measure: SQLite in a file, or a test database of the DATABASE_URL."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django

FOLDER = Path(tempfile.mkdtemp(prefix="eco-clic-bench-"))


def set_up() -> None:
    """Start Django; without a DATABASE_URL, on SQLite in a file."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    os.environ.setdefault("DATABASE_URL", f"sqlite:///{FOLDER / 'bench.sqlite3'}")
    django.setup()


@contextmanager
def an_empty_database() -> Iterator[str]:
    """Make the tables, give the name of the engine, and take everything away at the end."""
    from django.db import connection
    from django.test.utils import (
        setup_databases,
        setup_test_environment,
        teardown_databases,
        teardown_test_environment,
    )

    from territories.scoping import everything

    setup_test_environment()
    connection.settings_dict["TEST"]["NAME"] = (
        str(FOLDER / "test.sqlite3") if connection.vendor == "sqlite" else None
    )
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        with everything():
            yield connection.vendor
    finally:
        teardown_databases(databases, verbosity=0)
        teardown_test_environment()
