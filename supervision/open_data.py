"""The figures that everybody may read, published from time to time.

Within one release, no group tells of fewer than five, by itself or by those that it holds (`exports.open_data`). From one release
to the next, a group of a table changes by nobody or by at least five: who would show in the difference is held back, as
she was published before or not at all, until others of her groups change with her.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.core.cache import cache
from django.db import transaction

from accounts.models import User
from questions.models import Assessment, ThemeScore
from supervision import rules
from supervision.exports.open_data import (
    MINIMUM_GROUP,
    Cells,
    group_tables,
    grouped,
    last_closed,
    summary,
)
from supervision.models import OpenDataRelease
from territories.affiliation import AffiliationError, NotEntitled
from territories.enums import STRATA, AuditAction, CollectiviteKind
from territories.journal import record
from territories.scoping import everything

CACHE_KEY = "open-data-release"
CACHE_SECONDS = 60 * 60
CHUNK = 2_000
WHOLE, REGION, SIZE, KIND, THEME = "France", "Région", "Population", "Type", "Thème"


class NothingToPublish(AffiliationError):
    sentence = (
        "Rien de nouveau : les évaluations closes depuis la dernière publication sont trop peu nombreuses "
        "pour paraître sans désigner une collectivité. Elles paraîtront avec les suivantes."
    )


@dataclass(frozen=True)
class Row:
    """One closed assessment, and in which groups it is; `themes` gives its index by title of theme."""

    pk: int
    collectivite: int
    index: int
    labels: Mapping[str, str]
    themes: dict[str, int] = field(default_factory=dict)


def publish(*, by: User | None, at: datetime) -> OpenDataRelease:
    """Publish what may be told today; nobody (None) is the command. Raises NotEntitled, NothingToPublish."""
    if by is not None and not rules.can_extract_open_data(by):
        raise NotEntitled
    with transaction.atomic(), everything():
        before = OpenDataRelease.objects.first()
        known = set(before.members) if before else set()
        rows = publishable(_read(sorted(known)), _read(last_closed().values_list("pk", flat=True)))
        members = sorted(row.pk for row in rows)
        if len(members) < MINIMUM_GROUP or set(members) == known:
            raise NothingToPublish
        release = OpenDataRelease.objects.create(
            published_at=at, published_by=by, members=members, tables=tables_of(rows)
        )
        record(AuditAction.OPEN_DATA_PUBLISHED, None, by=by, at=at)
        transaction.on_commit(lambda: cache.delete(CACHE_KEY))
    return release


def published() -> OpenDataRelease | None:
    """Return the last release, kept for an hour; its members are never shown."""
    rows = OpenDataRelease.objects.defer("members")
    return cache.get_or_set(CACHE_KEY, rows.first, CACHE_SECONDS)


def publishable(before: Iterable[Row], now: Iterable[Row]) -> list[Row]:
    """Return the rows of today, but as before for those who would show in a difference. Pure."""
    old = {row.collectivite: row for row in before}
    new = {row.collectivite: row for row in now}
    changed = {c for c in old.keys() | new.keys() if old.get(c) != new.get(c)}
    owner = {row.pk: row.collectivite for row in (*old.values(), *new.values())}
    past = cells_of(old.values())
    held: set[int] = set()
    while True:
        chosen = [*_chosen(old, new, held)]
        shown = isolated(past, cells_of(chosen))
        if not shown:
            return chosen
        guilty = {owner[pk] for pk in shown} & changed - held
        held |= guilty or changed


def isolated(past: Mapping[str, Cells], present: Mapping[str, Cells]) -> set[int]:
    """Return the members by fewer than five of which two groups of a table that meet differ. Pure."""
    found: set[int] = set()
    for table in past.keys() & present.keys():
        for one in past[table].values():
            for other in present[table].values():
                if one & other:
                    sides = (one - other, other - one)
                    found.update(*(side for side in sides if len(side) < MINIMUM_GROUP))
    return found


def cells_of(rows: Iterable[Row]) -> dict[str, Cells]:
    """Return the groups of each table as keys of assessments; each theme has a table, of those that have its index."""
    rows = list(rows)
    if len(rows) < MINIMUM_GROUP:
        return {}
    tables = {WHOLE: {row.pk: "ensemble" for row in rows}}
    for name in (REGION, SIZE, KIND):
        tables[name] = {row.pk: row.labels[name] for row in rows}
    titles = {title for row in rows for title in row.themes}
    themes = {
        f"{THEME} {title}": grouped({row.pk: title for row in rows if title in row.themes})
        for title in titles
    }
    return group_tables(tables) | themes


def tables_of(rows: Iterable[Row]) -> dict[str, list]:
    """Return (label, how many, mean, median) of each group of each table; themes in the order of the fullest row."""
    rows = list(rows)
    by_key = {row.pk: row for row in rows}
    found: dict[str, list] = {name: [] for name in (WHOLE, REGION, SIZE, KIND, THEME)}
    for table, cells in sorted(cells_of(rows).items()):
        name = table.split(" ", 1)[0]
        for label, keys in cells.items():
            if name == THEME:
                values = [by_key[pk].themes[label] for pk in keys]
            else:
                values = [by_key[pk].index for pk in keys]
            found[name].append([label, *summary(values)])
    sizes = [words for _, words in STRATA]
    found[SIZE].sort(key=lambda row: sizes.index(row[0]) if row[0] in sizes else len(sizes))
    fullest = sorted(rows, key=lambda row: len(row.themes), reverse=True)
    titles = [*dict.fromkeys(title for row in fullest for title in row.themes)]
    found[THEME].sort(key=lambda row: titles.index(row[0]))
    return found


def _chosen(old: Mapping[int, Row], new: Mapping[int, Row], held: set[int]) -> Iterable[Row]:
    for collectivite in sorted(old.keys() | new.keys()):
        row = (old if collectivite in held else new).get(collectivite)
        if row is not None:
            yield row


def _read(keys: Iterable[int]) -> list[Row]:
    strata, kinds = dict(STRATA), dict(CollectiviteKind.choices)
    keys, found = list(keys), []
    for start in range(0, len(keys), CHUNK):
        part = keys[start : start + CHUNK]
        rows = Assessment.objects.filter(pk__in=part, index__isnull=False)
        columns = ("pk", "collectivite", "index", "cohort_region__name", "cohort_stratum")
        themes = _themes(part)
        for pk, collectivite, index, region, stratum, kind in rows.values_list(
            *columns, "cohort_kind"
        ):
            labels = {
                REGION: region or "inconnue",
                SIZE: strata.get(stratum, "inconnue"),
                KIND: kinds.get(kind, "inconnu"),
            }
            found.append(Row(pk, collectivite, index, labels, themes.get(pk, {})))
    return found


def _themes(keys: list[int]) -> dict[int, dict[str, int]]:
    rows = ThemeScore.objects.filter(assessment__in=keys, index__isnull=False)
    rows = rows.order_by("theme__order", "theme__title")
    found: dict[int, dict[str, int]] = {}
    for pk, title, index in rows.values_list("assessment", "theme__title", "index"):
        found.setdefault(pk, {})[title] = index
    return found
