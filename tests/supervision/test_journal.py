"""The journal of a territory: its own entries, that nothing changes."""

import pytest

from territories.enums import AuditAction
from territories.journal import record
from territories.models import AuditEntry
from territories.scoping import acting_as

pytestmark = pytest.mark.django_db

JOURNAL = "/opsn/journal/"


@pytest.fixture
def entries(commune, other_commune, opsn, other_opsn, omar, sonia, nadia, at):
    record(AuditAction.RELAUNCHED, commune, by=omar, at=at, opsn=opsn)
    record(AuditAction.TERRITORY_EXPORTED, None, by=omar, at=at, opsn=opsn, ground="classeur")
    record(AuditAction.RELAUNCHED, other_commune, by=sonia, at=at, opsn=other_opsn)
    record(AuditAction.OPSN_CHANGED, None, by=sonia, at=at, opsn=other_opsn, ground="téléphone")
    record(AuditAction.OPEN_DATA_EXPORTED, None, by=nadia, at=at)


def seen_by(user) -> list[tuple]:
    with acting_as(user):
        return list(AuditEntry.objects.order_by("pk").values_list("action", "opsn__name"))


def test_each_reads_her_own(entries, omar, sonia, alice, lone, nadia):
    assert seen_by(omar) == [
        (AuditAction.RELAUNCHED, "OPSN du Nord"),
        (AuditAction.TERRITORY_EXPORTED, "OPSN du Nord"),
    ]
    assert seen_by(sonia) == [
        (AuditAction.RELAUNCHED, "OPSN du Sud"),
        (AuditAction.OPSN_CHANGED, "OPSN du Sud"),
    ]
    assert seen_by(alice) == [(AuditAction.RELAUNCHED, "OPSN du Nord")]
    assert seen_by(lone) == []
    assert len(seen_by(nadia)) == 5


def test_the_page_shows_the_territory(client_of, entries, omar):
    page = client_of(omar).get(JOURNAL)

    assert len(page.context["page"].object_list) == 2
    assert "Export du territoire" in page.content.decode()
    assert "Sonia" not in page.content.decode()


@pytest.mark.parametrize(
    ("query", "count"),
    [("action=relaunched", 1), ("q=valmont", 1), ("action=nimporte", 2), ("q=ailleurs", 0)],
)
def test_it_is_filtered_in_the_address(client_of, entries, omar, query, count):
    page = client_of(omar).get(f"{JOURNAL}?{query}")

    assert len(page.context["page"].object_list) == count


@pytest.mark.parametrize("rows", [1, 3])
def test_the_number_of_queries_does_not_grow(
    client_of, omar, alice, commune, opsn, at, rows, django_assert_max_num_queries
):
    for _ in range(rows):
        record(AuditAction.ROLE_CHANGED, commune, by=omar, at=at, opsn=opsn, subject=alice)
    browser = client_of(omar)
    browser.get(JOURNAL)

    with django_assert_max_num_queries(9):
        browser.get(JOURNAL)
