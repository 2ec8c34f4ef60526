"""The national extract: aggregates only, no group of fewer than five, no difference that shows one."""

import csv
import io
import zipfile
from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from supervision.exports.open_data import MINIMUM_GROUP, OTHERS, group_tables, grouped
from territories.enums import AuditAction
from territories.models import AuditEntry
from tests.questions.factories import MORNING
from tests.territories.factories import CollectiviteFactory

ADDRESS = "/opsn/exports/open-data/"

LABELS = st.lists(st.sampled_from("abcdef"), max_size=40).map(lambda names: dict(enumerate(names)))
TABLES = st.lists(st.tuples(*[st.sampled_from("abcd")] * 3), max_size=40).map(
    lambda rows: {n: {key: row[n] for key, row in enumerate(rows)} for n in range(3)}
)
given_labels = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@given_labels
@given(LABELS)
def test_no_group_has_fewer_than_five(labels):
    assert all(len(keys) >= MINIMUM_GROUP for keys in grouped(labels).values())


@given_labels
@given(LABELS)
def test_what_a_total_hides_is_nothing_or_everybody(labels):
    shown = sum(len(keys) for keys in grouped(labels).values())

    assert shown in (0, len(labels))


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ({"a": 5}, {"a": 5}),
        ({"a": 4}, {}),
        ({"a": 6, "b": 4}, {OTHERS: 10}),
        ({"a": 9, "b": 6, "c": 1}, {"a": 9, OTHERS: 7}),
        ({"a": 9, "b": 3, "c": 2}, {"a": 9, OTHERS: 5}),
        ({}, {}),
    ],
)
def test_small_groups_are_put_together(sizes, expected):
    labels = dict(enumerate(label for label, size in sizes.items() for _ in range(size)))

    assert {label: len(keys) for label, keys in grouped(labels).items()} == expected


def test_the_only_commune_among_the_largest_is_not_what_the_metropoles_leave():
    """Five métropoles and one commune of more than 100 000; small communes and communautés besides."""
    sizes = dict(enumerate(["grande"] * 6 + ["petite"] * 20))
    kinds = dict(enumerate(["métropole"] * 5 + ["commune"] * 11 + ["communauté"] * 10))

    cells = group_tables({"Population": sizes, "Type": kinds})

    assert {label: len(keys) for label, keys in cells["Population"].items()} == {
        "grande": 6,
        "petite": 20,
    }
    assert "métropole" not in cells["Type"]


@given_labels
@given(TABLES)
def test_no_group_is_what_groups_of_another_table_are_but_for_a_few(tables):
    """The attacker takes from each group all those of another table that it holds."""
    cells = group_tables(tables)

    for outer, inner in permutations(cells.values(), 2):
        for cell in outer.values():
            held = [keys for keys in inner.values() if keys <= cell]
            left = cell - frozenset().union(*held)
            assert not held or len(left) == 0 or len(left) >= MINIMUM_GROUP


@given_labels
@given(TABLES)
def test_everybody_stays_in_every_table(tables):
    for name, found in group_tables(tables).items():
        everybody = tables[name].keys()
        shown = frozenset().union(*found.values())
        assert shown == (everybody if len(everybody) >= MINIMUM_GROUP else set())


@pytest.mark.django_db
class TestFile:
    def rows(self, response, name="indices") -> list[dict]:
        content = b"".join(response.streaming_content)
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            text = archive.read(f"{name}.csv").decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text), delimiter=";"))

    def test_each_collectivite_counts_once_with_its_last_closed_value(
        self, client_of, nadia, assess, paul
    ):
        for index in (10, 20, 30, 40, 50):
            assess(CollectiviteFactory(), closed=True, index=index)
        twice = CollectiviteFactory()
        assess(twice, closed=True, index=0)
        assess(twice, closed=True, index=90, closed_at=MORNING + timedelta(days=1))
        assess(CollectiviteFactory(), index=100)
        assess(CollectiviteFactory(), closed=True, index=100, provisional_for=paul)

        whole, *_ = self.rows(client_of(nadia).post(ADDRESS))

        assert whole == {
            "Regroupement": "France",
            "Groupe": "ensemble",
            "Collectivités": "6",
            "Indice moyen": "40",
            "Indice médian": "35",
        }

    def test_with_fewer_than_five_there_is_no_figure(self, client_of, nadia, assess):
        for _ in range(4):
            assess(CollectiviteFactory(), closed=True)
        browser = client_of(nadia)

        assert self.rows(browser.post(ADDRESS)) == []
        assert "4" not in str(self.rows(browser.post(ADDRESS), "lisez-moi")[-1])

    def test_it_names_no_collectivite(self, client_of, nadia, assess, commune):
        for _ in range(5):
            assess(CollectiviteFactory(name="Nomdevillage"), closed=True)

        response = client_of(nadia).post(ADDRESS)

        assert b"Nomdevillage" not in b"".join(response.streaming_content)

    def test_the_journal_tells(self, client_of, nadia):
        client_of(nadia).post(ADDRESS)

        entry = AuditEntry.objects.get()
        assert (entry.action, entry.actor) == (AuditAction.OPEN_DATA_EXPORTED, nadia)

    @pytest.mark.parametrize("name", ["omar", "alice", "editor", "lone"])
    def test_others_are_refused(self, request, client_of, name):
        assert client_of(request.getfixturevalue(name)).post(ADDRESS).status_code == 404

    def test_it_takes_a_post(self, client_of, nadia):
        assert client_of(nadia).get(ADDRESS).status_code == 405
