"""The national extract that anybody may read: aggregates only, no group of fewer than five collectivités.

One value for each collectivité, that of its last closed assessment of level 1, in the cohort frozen on that day. Small groups
are put together; when together they are still fewer than five, the smallest of the others joins them, so that no
difference with a total shows them. Groupings are not crossed and not nested, for the same reason.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from statistics import mean, median

from django.db.models import OuterRef, QuerySet, Subquery

from questions.enums import Level
from questions.models import Assessment, ThemeScore
from supervision.exports.files import Sheet
from territories.enums import STRATA, CollectiviteKind

MINIMUM_GROUP = 5
OTHERS = "autres"
LICENCE = "Licence Ouverte 2.0 (Etalab)"


@dataclass(frozen=True)
class Group:
    label: str
    indices: tuple[int, ...]

    @property
    def row(self) -> tuple:
        return (len(self.indices), round(mean(self.indices)), round(median(self.indices)))


def sheets(*, at: datetime) -> Iterable[Sheet]:
    """Yield what the extract holds; with fewer than five collectivités in the country, it holds no figure."""
    rows = list(
        last_closed().values_list(
            "index", "cohort_region__name", "cohort_stratum", "cohort_kind", named=True
        )
    )
    enough = len(rows) >= MINIMUM_GROUP
    yield Sheet("Lisez-moi", (("À savoir", 28), ("", 110)), _read_me(len(rows), enough, at))
    strata, kinds = dict(STRATA), dict(CollectiviteKind.choices)
    figures = []
    if enough:
        figures = [
            *_table("France", [("ensemble", row.index) for row in rows]),
            *_table("Région", [(row.cohort_region__name or "inconnue", row.index) for row in rows]),
            *_table(
                "Population",
                [(strata.get(row.cohort_stratum, "inconnue"), row.index) for row in rows],
            ),
            *_table("Type", [(kinds.get(row.cohort_kind, "inconnu"), row.index) for row in rows]),
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


def grouped(pairs: Iterable[tuple[str, int]]) -> list[Group]:
    """Return the groups of at least five, the others together; of fewer than five in all, nothing."""
    found: dict[str, list[int]] = {}
    for label, index in pairs:
        found.setdefault(label, []).append(index)
    by_size = sorted(found.items(), key=lambda item: (len(item[1]), item[0]))
    others: list[int] = []
    while by_size and (len(by_size[0][1]) < MINIMUM_GROUP or 0 < len(others) < MINIMUM_GROUP):
        others += by_size.pop(0)[1]
    groups = [Group(label, tuple(indices)) for label, indices in sorted(by_size)]
    if len(others) >= MINIMUM_GROUP:
        groups.append(Group(OTHERS, tuple(others)))
    return groups


def _table(name: str, pairs: Iterable[tuple[str, int]]) -> list[tuple]:
    return [(name, group.label, *group.row) for group in grouped(pairs)]


def _theme_rows() -> list[tuple]:
    scores = ThemeScore.objects.filter(assessment__in=last_closed().values("pk"))
    scores = scores.filter(index__isnull=False).order_by("theme__title")
    groups: dict[str, list[int]] = {}
    for title, index in scores.values_list("theme__title", "index"):
        groups.setdefault(title, []).append(index)
    return [
        (title, *Group(title, tuple(indices)).row)
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
