"""Rows read by their keys, some thousands at a time.

No cursor stays open in between: with SQLite, whoever holds one may not write once somebody else has, not even the bar of
the export. And nothing as long as the territory is in memory, but for the keys.
"""

from collections.abc import Iterator

from django.db.models import QuerySet

CHUNK = 2_000


def in_chunks(rows: QuerySet, size: int = CHUNK) -> Iterator:
    """Yield the rows in their order."""
    keys = list(rows.values_list("pk", flat=True))
    for start in range(0, len(keys), size):
        yield from rows.filter(pk__in=keys[start : start + size])
