"""Where a collectivité stands among similar ones: never a rank, never another's name, never a group of a few.

Two kinds of groups, each safe by itself (docs/decisions/0007-groups-of-five.md):
- indices are compared within the narrowest group offered, of those nested in one another (`supervision.cohorts`);
- practices (`supervision.peer_practices`), within the same kind and stratum in the whole country: groups that share nobody.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db.models import Count, F, Q, QuerySet

from accounts.models import User
from questions.models import Assessment, ThemeScore
from questions.models.counted import CURRENT, PEERS
from supervision.cohorts import Path, narrowest, offered
from supervision.histograms import Histogram, histogram
from territories.enums import STRATA, CollectiviteKind
from territories.models import Collectivite

KINDS = {
    CollectiviteKind.COMMUNE: "communes",
    CollectiviteKind.CC: "communautés de communes",
    CollectiviteKind.CA: "communautés d’agglomération",
    CollectiviteKind.CU: "communautés urbaines",
    CollectiviteKind.METROPOLE: "métropoles",
    CollectiviteKind.SYNDICAT: "syndicats",
    CollectiviteKind.DEPARTEMENT: "départements",
    CollectiviteKind.AUTRE: "autres collectivités",
}
# By length of the path: what the group adds to « communes de 500 à 999 habitants ».
PLACES = {
    1: "de toutes tailles, dans tout le pays",
    2: "dans tout le pays",
    3: "de votre région",
    4: "de votre département",
    5: "de votre département qui ont le même OPSN",
    6: "de votre intercommunalité",
}


@dataclass(frozen=True)
class Peers:
    """The group within which indices are compared; `path` is the beginning of the frozen cohort."""

    path: Path
    count: int

    @property
    def where(self) -> Q:
        return Q(**dict(zip(PEERS, self.path, strict=False)))

    @property
    def label(self) -> str:
        """« communes de 500 à 999 habitants de votre département »."""
        return f"{kind_and_size(*self.path[:2])} {PLACES[len(self.path)]}"

    @property
    def is_widened(self) -> bool:
        return len(self.path) < len(PEERS)


@dataclass(frozen=True)
class ThemeMark:
    title: str
    own: int | None
    histogram: Histogram | None
    """None when too few of the group have an index of this theme."""


@dataclass(frozen=True)
class Comparison:
    """One collectivité's own last closed assessment, and what of the others may be told."""

    assessment: Assessment
    peers: Peers | None
    indices: Histogram | None
    themes: list[ThemeMark]


def own_assessment(collectivite: Collectivite, level: int) -> Assessment | None:
    """Return her last closed assessment of a level, among those that the reader may see."""
    return Assessment.objects.filter(CURRENT, collectivite=collectivite, level=level).first()


def standing_of(assessment: Assessment, reader: User) -> Comparison:
    """Compare the index alone. Three queries, five when the size is a rare one."""
    own = tuple(getattr(assessment, name) for name in columns(PEERS))
    peers = _peers(own, assessment.level, reader)
    members = peers and _everybody(assessment.level).filter(peers.where)
    indices = peers and histogram(counted(members, "index"))
    return Comparison(assessment, peers, indices, themes=[])


def comparison_of(assessment: Assessment, reader: User) -> Comparison:
    """Compare an assessment that the reader was allowed to find. Three queries more, for the themes."""
    standing = standing_of(assessment, reader)
    if standing.peers is None:
        return standing
    return replace(standing, themes=_themes(assessment, standing.peers, reader))


def known_to(reader: User) -> Q:
    """Return the condition on a row that it is of a collectivité whose figures the reader reads by name elsewhere.

    By whatever role she has, or because the commune agreed to be seen by the EPCI that she works for.
    """
    hers = Collectivite.objects.represented_by(reader).values("pk")
    agreeing = Collectivite.objects.filter(epci__in=hers, consents__epci=F("epci"), retired_at=None)
    keys = Collectivite.objects.followed_by(reader).order_by().values("pk")
    return Q(collectivite__in=keys.union(agreeing.order_by().values("pk")))


def _peers(own: Path, level: int, reader: User) -> Peers | None:
    """Return the narrowest group that may be shown to this reader: same size first, then every size."""
    everybody = _everybody(level)
    for depth in (2, 1):
        inside = everybody.filter(Peers(own[:depth], 0).where)
        shown = offered(_leaves(inside), _leaves(inside.filter(known_to(reader))))
        # The rule looks at all that a group holds; of a wider one, these queries have seen a part only.
        path = narrowest(own, {path: size for path, size in shown.items() if len(path) >= depth})
        if path:
            return Peers(path, shown[path])
    return None


def _everybody(level: int) -> QuerySet[Assessment]:
    return Assessment._base_manager.filter(CURRENT, level=level, index__isnull=False)


def _leaves(rows: QuerySet) -> dict[Path, int]:
    return {tuple(path): count for *path, count in counted(rows, *columns(PEERS))}


def _themes(assessment: Assessment, peers: Peers, reader: User) -> list[ThemeMark]:
    """Return each theme of the assessment; of the others, those of the same code, whatever the edition."""
    mine = ThemeScore.objects.filter(assessment=assessment, asked__gt=0).select_related("theme")
    scores = ThemeScore._base_manager.filter(
        CURRENT, peers.where, level=assessment.level, index__isnull=False
    )
    rows = list(counted(scores, *columns(PEERS), "theme__code", "index"))
    known = list(counted(scores.filter(known_to(reader)), *columns(PEERS), "theme__code"))
    marks = []
    for score in mine.order_by("theme__order", "theme"):
        leaves: dict[Path, int] = {}
        counts: dict[int, int] = {}
        for *path, code, index, count in rows:
            if code == score.theme.code:
                leaves[tuple(path)] = leaves.get(tuple(path), 0) + count
                counts[index] = counts.get(index, 0) + count
        hers = {tuple(path): count for *path, code, count in known if code == score.theme.code}
        is_shown = peers.path in offered(leaves, hers)
        marks.append(
            ThemeMark(score.theme.title, score.index, Histogram(counts) if is_shown else None)
        )
    return marks


def counted(rows: QuerySet, *columns: str):
    return rows.order_by().values_list(*columns).annotate(count=Count("*"))


def columns(names: Iterable[str]) -> list[str]:
    foreign = ("region", "departement", "opsn", "epci")
    return [f"{name}_id" if name.endswith(foreign) else name for name in names]


def kind_and_size(kind: str, *stratum: int | None) -> str:
    """Return « communes de 500 à 999 habitants », « communes » without a stratum."""
    words = KINDS.get(kind, "collectivités")
    return f"{words} de {dict(STRATA).get(stratum[0], 'population inconnue')}" if stratum else words
