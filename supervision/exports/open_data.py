"""The national extract that anybody may read: aggregates only, no group of fewer than five collectivités.

One value for each collectivité, that of its last closed assessment of level 1, in the cohort frozen on that day. Small groups
are put together; when together they are still fewer than five, the smallest of the others joins them, so that no
difference with a total shows them. Tables are not crossed; when a group of one holds groups of another but for fewer than five
(the métropoles, in the largest size), the smallest of these joins the others of its table.
"""

from collections.abc import Container, Iterable, Mapping
from datetime import datetime
from itertools import permutations
from statistics import mean, median

from django.db.models import OuterRef, QuerySet, Subquery

from questions.enums import Level
from questions.models import Assessment, ThemeScore
from supervision.exports.files import Sheet
from territories.enums import STRATA, CollectiviteKind
from territories.search import normalise_name

MINIMUM_GROUP = 5
OTHERS = "autres"
LICENCE = "Licence Ouverte 2.0 (Etalab)"


Cells = Mapping[str, frozenset[int]]
"""The groups of a table by their label, as keys of their members."""


def sheets(*, at: datetime) -> Iterable[Sheet]:
    """Yield what the extract holds; with fewer than five collectivités in the country, it holds no figure."""
    columns = ("index", "cohort_region__name", "cohort_stratum", "cohort_kind")
    rows = {row.pk: row for row in last_closed().values_list("pk", *columns, named=True)}
    enough = len(rows) >= MINIMUM_GROUP
    yield Sheet("Lisez-moi", (("À savoir", 28), ("", 110)), _read_me(len(rows), enough, at))
    strata, kinds = dict(STRATA), dict(CollectiviteKind.choices)
    tables = {
        "France": dict.fromkeys(rows, "ensemble"),
        "Région": {pk: row.cohort_region__name or "inconnue" for pk, row in rows.items()},
        "Population": {pk: strata.get(row.cohort_stratum, "inconnue") for pk, row in rows.items()},
        "Type": {pk: kinds.get(row.cohort_kind, "inconnu") for pk, row in rows.items()},
    }
    figures = [
        (table, label, *summary(rows[pk].index for pk in keys))
        for table, cells in group_tables(tables).items()
        for label, keys in cells.items()
    ]
    columns = (
        ("Regroupement", 18),
        ("Groupe", 36),
        ("Collectivités", 14),
        ("Indice moyen", 14),
        ("Indice médian", 14),
    )
    yield Sheet("Indices", columns, figures)
    yield Sheet("Thèmes", (("Thème", 36), *columns[2:]), _theme_rows() if enough else [])


def last_closed() -> QuerySet[Assessment]:
    closed = Assessment.objects.official().closed().filter(level=Level.ONE, index__isnull=False)
    hers = Assessment._base_manager.filter(
        collectivite=OuterRef("collectivite"),
        level=Level.ONE,
        provisional_for=None,
        state=OuterRef("state"),
        index__isnull=False,
    )
    last = hers.order_by("-closed_at", "-pk").values("pk")[:1]
    return closed.filter(pk=Subquery(last))


def group_tables(tables: Mapping[str, Mapping[int, str]]) -> dict[str, Cells]:
    """Return the groups of each table, from the label that each member has in it. Pure."""
    joined: dict[str, set[str]] = {name: set() for name in tables}
    while True:
        cells = {name: grouped(labels, joined[name]) for name, labels in tables.items()}
        table, label = _shown_by_difference(cells)
        if table is None:
            return cells
        joined[table].add(label)


def grouped(labels: Mapping[int, str], joined: Container[str] = ()) -> Cells:
    """Return the groups of at least five; the others together, with those of `joined`; of fewer than five in all, nothing."""
    found: dict[str, set[int]] = {}
    for key, label in labels.items():
        found.setdefault(label, set()).add(key)
    others = set().union(*(found.pop(label) for label in [*found] if label in joined))
    by_size = sorted(found.items(), key=lambda item: (len(item[1]), item[0]))
    while by_size and (len(by_size[0][1]) < MINIMUM_GROUP or 0 < len(others) < MINIMUM_GROUP):
        others |= by_size.pop(0)[1]
    by_name = sorted(by_size, key=lambda item: normalise_name(item[0]))
    groups = {label: frozenset(keys) for label, keys in by_name}
    return groups | ({OTHERS: frozenset(others)} if len(others) >= MINIMUM_GROUP else {})


def _shown_by_difference(tables: Mapping[str, Cells]) -> tuple[str, str] | tuple[None, None]:
    """Return the table and the label of a group to join to others: a group elsewhere holds it, and a few more."""
    for (_, outer), (name, inner) in permutations(tables.items(), 2):
        for cell in outer.values():
            held = {label: keys for label, keys in inner.items() if keys <= cell}
            left = len(cell) - sum(len(keys) for keys in held.values())
            if held and 0 < left < MINIMUM_GROUP:
                # « autres » grow by the smallest of the table when they are all that is held
                named = [label for label in held if label != OTHERS] or [*inner.keys() - {OTHERS}]
                return name, min(named, key=lambda label: (len(inner[label]), label))
    return None, None


def summary(values: Iterable[int]) -> tuple[int, int, int]:
    """Return how many there are, their mean and their median, as whole numbers."""
    values = list(values)
    return len(values), round(mean(values)), round(median(values))


def _theme_rows() -> list[tuple]:
    scores = ThemeScore.objects.filter(assessment__in=last_closed().values("pk"))
    scores = scores.filter(index__isnull=False).order_by("theme__order", "theme__title")
    groups: dict[str, list[int]] = {}
    for title, index in scores.values_list("theme__title", "index"):
        groups.setdefault(title, []).append(index)
    return [
        (title, *summary(indices))
        for title, indices in groups.items()
        if len(indices) >= MINIMUM_GROUP
    ]


def _read_me(count: int, enough: bool, at: datetime) -> list[tuple]:
    rows = [
        ("Contenu", "Indices de sobriété numérique des collectivités, niveau 1, en agrégats seulement."),
        ("Fichier fait le", at),
        ("Licence", LICENCE),
        ("Une valeur", "Une par collectivité : sa dernière évaluation close."),
        ("Groupes", f"Aucun de moins de {MINIMUM_GROUP} collectivités ; les petits sont réunis sous « {OTHERS} »."),
        ("Indice", "100 × points obtenus ÷ points possibles, arrondi à l’entier."),
    ]  # fmt: skip
    if enough:
        return [*rows, ("Collectivités", count)]
    return [*rows, ("Collectivités", f"moins de {MINIMUM_GROUP} : rien n’est publié")]
