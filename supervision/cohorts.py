"""Which groups of similar collectivités may be shown, so that nobody in them is. Pure.

Groups are the prefixes of a path (kind, stratum, région, département, OPSN, EPCI, as frozen at closing): of two of them, one
holds the other or they share nobody. A group is offered when it counts enough members, and when those that no offered group
inside it holds are enough too, or none. Then no sum or difference of offered groups tells of fewer than that many:
docs/decisions/0007-groups-of-five.md has the rule and its proof, tests/supervision/test_cohorts.py plays the attacker.
"""

from collections.abc import Mapping
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


def offered(leaves: Mapping[Path, int]) -> dict[Path, int]:
    """Return the groups that may be shown, and how many members each has.

    `leaves` tells how many collectivités stand at each whole path; the groups are its prefixes, the empty one left out.
    """
    groups: dict[Path, _Group] = {}
    for leaf, count in leaves.items():
        for length in range(1, len(leaf) + 1):
            groups.setdefault(leaf[:length], _Group()).size += count
    shown = {}
    for path in sorted(groups, key=len, reverse=True):  # the narrowest first
        group = groups[path]
        if group.size >= MINIMUM_GROUP and _is_enough(group.size - group.covered):
            shown[path] = group.size
            group.covered = group.size
        if len(path) > 1:
            groups[path[:-1]].covered += group.covered
    return shown


def narrowest(path: Path, shown: Mapping[Path, int]) -> Path | None:
    """Return the narrowest group that may be shown of those that a path is in; None when none may.

    Having no EPCI, or no OPSN, is nothing that one has in common.
    """
    prefixes = (path[:length] for length in range(len(path), 0, -1))
    return next((p for p in prefixes if p[-1] is not None and p in shown), None)


def _is_enough(left: int) -> bool:
    return left == 0 or left >= MINIMUM_GROUP
