from datetime import date

import pytest

from plans.rules import Rights, rights

WRITES = Rights(can_read=True, can_edit=True, can_comment=True)
READS = Rights(can_read=True)
ADVISES = Rights(can_read=True, can_comment=True, can_propose=True)
NOTHING = Rights()


@pytest.mark.parametrize(
    ("person", "expected"),
    [
        ("alice", WRITES),
        ("bob", WRITES),
        ("lea", READS),
        ("omar", ADVISES),
        ("nadia", READS),
        ("chloe", NOTHING),
        ("sonia", NOTHING),
        ("paul", NOTHING),
        ("lone", NOTHING),
        ("editor", NOTHING),
    ],
)
def test_who_may_do_what(person, expected, commune, request):
    assert rights(request.getfixturevalue(person), commune) == expected


def test_an_opsn_that_is_no_longer_active_may_do_nothing(omar, commune):
    commune.opsn.active = False
    commune.opsn.save()

    assert rights(omar, commune) == NOTHING


def test_a_person_whose_account_is_closed_may_do_nothing(alice, commune):
    alice.is_active = False

    assert rights(alice, commune) == NOTHING


@pytest.mark.parametrize("person", ["alice", "bob", "lea", "omar", "nadia"])
def test_the_plan_of_a_commune_that_merged_is_only_read(person, commune, request):
    commune.retired_at = date(2027, 1, 1)
    commune.save()

    assert rights(request.getfixturevalue(person), commune) == READS
