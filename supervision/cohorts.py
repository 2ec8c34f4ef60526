"""Which groups of similar collectivités may be shown, so that nobody in them is. Pure.

Groups are the prefixes of a path (kind, stratum, région, département, OPSN, EPCI, as frozen at closing): of two of them, one
holds the other or they share nobody. A group is offered when it counts enough members, and when those that no offered group
inside it holds are enough too, or none. Then no sum or difference of offered groups tells of fewer than that many. Of the
groups offered, a reader is shown those that pass the same rule without the members that she knows already.
docs/decisions/0007-groups-of-five.md has the rule and its proof, tests/supervision/test_cohorts.py plays the attacker.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass

MINIMUM_OTHERS = 5
MINIMUM_GROUP = MINIMUM_OTHERS + 1
"""Whoever reads a group is in it: five others, and herself."""

Path = tuple


@dataclass
class _Group:
    size: int = 0
    covered: int = 0
    """Members that an offered group inside this one holds."""


def offered(leaves: Mapping[Path, int], known: Mapping[Path, int] | None = None) -> dict[Path, int]:
    """Return the groups that may be shown, and how many members each has.

    `leaves` tells how many collectivités stand at each whole path, `known` how many of them the reader knows by name; the
    groups are the prefixes of a path, the empty one left out.
    """
    sizes = _allowed(leaves, MINIMUM_GROUP)
    if known is None:
        return sizes
    unknown = {leaf: count - known.get(leaf, 0) for leaf, count in leaves.items()}
    return {path: sizes[path] for path in _allowed(unknown, MINIMUM_OTHERS, among=sizes)}


def _allowed(
    leaves: Mapping[Path, int], minimum: int, among: Container[Path] | None = None
) -> dict[Path, int]:
    groups: dict[Path, _Group] = {}
    for leaf, count in leaves.items():
        for length in range(1, len(leaf) + 1):
            groups.setdefault(leaf[:length], _Group()).size += count
    allowed = {}
    for path in sorted(groups, key=len, reverse=True):  # the narrowest first
        group = groups[path]
        left = group.size - group.covered
        is_candidate = among is None or path in among
        if is_candidate and group.size >= minimum and (left == 0 or left >= minimum):
            allowed[path] = group.size
            group.covered = group.size
        if len(path) > 1:
            groups[path[:-1]].covered += group.covered
    return allowed


def narrowest(path: Path, shown: Mapping[Path, int]) -> Path | None:
    """Return the narrowest group that may be shown of those that a path is in; None when none may.

    Having no EPCI, or no OPSN, is nothing that one has in common.
    """
    prefixes = (path[:length] for length in range(len(path), 0, -1))
    return next((p for p in prefixes if p[-1] is not None and p in shown), None)
