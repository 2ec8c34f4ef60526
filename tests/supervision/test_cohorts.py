"""Which groups may be shown; the last tests are those of an attacker who adds and subtracts what is shown."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supervision.cohorts import MINIMUM_GROUP, MINIMUM_OTHERS, narrowest, offered

LEAVES = st.dictionaries(
    st.tuples(*[st.sampled_from("ab")] * 3), st.integers(min_value=0, max_value=9), max_size=8
)


@pytest.mark.parametrize("count", range(7))
def test_a_group_is_five_others_and_oneself(count):
    shown = offered({("commune",): count})

    assert shown == ({("commune",): 6} if count == 6 else {})


def test_small_groups_widen_to_the_one_that_holds_them():
    shown = offered({("commune", "a"): 3, ("commune", "b"): 4})

    assert shown == {("commune",): 7}
    assert narrowest(("commune", "a"), shown) == ("commune",)


def test_the_narrowest_group_is_taken():
    shown = offered({("commune", "a"): 6, ("commune", "b"): 8})

    assert narrowest(("commune", "a"), shown) == ("commune", "a")


@pytest.mark.parametrize("left", range(1, MINIMUM_GROUP))
def test_a_group_is_refused_when_the_difference_with_those_inside_would_tell_of_a_few(left):
    shown = offered({("commune", "a"): 10, ("commune", "b"): left})

    assert shown == {("commune", "a"): 10}
    assert narrowest(("commune", "b"), shown) is None


def test_having_none_is_nothing_in_common():
    shown = offered({("commune", None): 6, ("commune", "a"): 6})

    assert narrowest(("commune", None), shown) == ("commune",)


def test_nobody_is_in_no_group():
    assert offered({}) == offered({("commune",): 0}) == {}
    assert narrowest(("commune",), {}) is None


def members_of(leaves) -> dict[tuple, set]:
    """Return who is in each group, one name for each member."""
    groups: dict[tuple, set] = {}
    for leaf, count in leaves.items():
        for length in range(1, len(leaf) + 1):
            groups.setdefault(leaf[:length], set()).update((leaf, n) for n in range(count))
    return groups


@given(LEAVES)
def test_every_group_that_is_shown_has_the_size_that_is_told_and_enough_members(leaves):
    members = members_of(leaves)

    for path, size in offered(leaves).items():
        assert size == len(members[path]) >= MINIMUM_GROUP


@given(LEAVES)
def test_no_combination_of_the_groups_shown_tells_of_fewer_than_five_others(leaves):
    """Two members that are in the same shown groups cannot be told apart by sums: each such class is large enough."""
    members = members_of(leaves)
    shown = offered(leaves)

    classes: dict[frozenset, int] = {}
    for member in set().union(*members.values()) if members else ():
        groups = frozenset(path for path in shown if member in members[path])
        if groups:
            classes[groups] = classes.get(groups, 0) + 1

    assert all(count > MINIMUM_OTHERS for count in classes.values())


def test_what_the_reader_knows_is_not_counted_in_a_group_nor_in_a_difference():
    leaves = {("commune", "a"): 6, ("commune", "b"): 6}
    assert offered(leaves, {("commune", "a"): 1}) == offered(leaves)

    assert offered(leaves, {("commune", "a"): 2}) == {("commune", "b"): 6}
    assert offered(leaves, {("commune", "a"): 1, ("commune", "b"): 2}) == {("commune", "a"): 6}


@given(LEAVES, st.data())
def test_no_combination_tells_a_reader_of_fewer_than_five_that_she_does_not_know(leaves, data):
    known = {leaf: data.draw(st.integers(0, count)) for leaf, count in leaves.items()}
    members = members_of(leaves)
    shown = offered(leaves, known)
    assert shown.items() <= offered(leaves).items()

    classes: dict[frozenset, int] = {}
    for leaf, n in set().union(*members.values()) if members else ():
        groups = frozenset(path for path in shown if (leaf, n) in members[path])
        if groups and n >= known[leaf]:
            classes[groups] = classes.get(groups, 0) + 1

    assert all(count >= MINIMUM_OTHERS for count in classes.values())


@given(LEAVES)
def test_the_difference_of_two_groups_shown_isolates_nobody(leaves):
    members = members_of(leaves)

    for one, other in combinations(offered(leaves), 2):
        for left in (members[one] - members[other], members[other] - members[one]):
            assert not 0 < len(left) <= MINIMUM_OTHERS
