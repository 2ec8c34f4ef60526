"""The open data: what a release tells, and what the difference of two of them never does."""

import csv
import io
from dataclasses import replace

import pytest
from django.core.cache import cache
from django.core.management import call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from supervision.exports.open_data import MINIMUM_GROUP
from supervision.models import OpenDataRelease
from supervision.open_data import (
    KIND,
    REGION,
    SIZE,
    THEME,
    WHOLE,
    NothingToPublish,
    Row,
    cells_of,
    isolated,
    publish,
    publishable,
    tables_of,
)
from territories.affiliation import NotEntitled
from territories.enums import AuditAction
from territories.models import AuditEntry
from tests.questions.factories import MORNING
from tests.territories.factories import CollectiviteFactory

PAGE = "/donnees-ouvertes/"
CSV = "/donnees-ouvertes/indices.csv"
BUTTON = "/opsn/exports/open-data/publier/"


def row(pk: int, collectivite: int, region: str = "Nord", index: int = 50, size="petite") -> Row:
    return Row(pk, collectivite, index, {REGION: region, SIZE: size, KIND: "commune"})


def nord(*collectivites: int, first_pk: int = 0) -> list[Row]:
    return [row(first_pk + c, c) for c in collectivites]


def keys(rows) -> set[int]:
    return {r.pk for r in rows}


class TestHoldingBack:
    def test_one_that_joins_alone_waits(self):
        before = nord(*range(10))

        chosen = publishable(before, [*before, row(99, 99)])

        assert keys(chosen) == keys(before)

    def test_five_join_together(self):
        before = nord(*range(10))
        now = [*before, *nord(20, 21, 22, 23, 24)]

        assert keys(publishable(before, now)) == keys(now)

    def test_one_that_is_evaluated_again_keeps_her_former_value(self):
        before = nord(*range(10))
        now = [*nord(*range(9)), row(109, 9, index=100)]

        assert keys(publishable(before, now)) == keys(before)

    def test_one_that_is_alone_in_her_region_waits_though_others_join_elsewhere(self):
        before = [*nord(*range(10)), *(row(c, c, "Sud") for c in range(30, 40))]
        joining = nord(*range(20, 26))

        chosen = publishable(before, [*before, *joining, row(99, 99, "Sud")])

        assert keys(chosen) == keys([*before, *joining])

    def test_a_region_that_leaves_the_others_shows_nobody(self):
        """« autres » held three of the South and four of the East; five more of the South would show the four."""
        south, east = [row(c, c, "Sud") for c in range(3)], [row(c, c, "Est") for c in range(3, 7)]
        before = [*nord(*range(50, 60)), *south, *east]
        more = [row(c, c, "Sud") for c in range(20, 25)]

        chosen = publishable(before, [*before, *more])

        assert not isolated(cells_of(before), cells_of(chosen))

    def test_the_first_release_holds_nobody_back(self):
        assert keys(publishable([], nord(*range(7)))) == set(range(7))


PEOPLE = st.lists(
    st.tuples(st.sampled_from(["Nord", "Sud", "Est"]), st.sampled_from(["petite", "grande"])),
    min_size=0,
    max_size=40,
)


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(
    people=PEOPLE, cuts=st.lists(st.integers(0, 40), max_size=4), again=st.sets(st.integers(0, 39))
)
def test_no_two_releases_in_a_row_differ_by_fewer_than_five(people, cuts, again):
    """The attacker subtracts each group of a release from each group of the next one that meets it."""
    known: list[Row] = []
    for step, cut in enumerate(sorted(cuts)):
        now = []
        for c, (region, size) in enumerate(people[:cut]):
            fresh = step if c in again else 0
            now.append(row(c + 1000 * fresh, c, region, size=size))
        chosen = publishable(known, now)

        for table, cells in cells_of(chosen).items():
            for cell in cells.values():
                assert len(cell) >= MINIMUM_GROUP
                for former in cells_of(known).get(table, {}).values():
                    if cell & former:
                        assert len(cell - former) not in range(1, MINIMUM_GROUP)
                        assert len(former - cell) not in range(1, MINIMUM_GROUP)
        known = chosen


def test_the_tables_say_how_many_mean_and_median():
    rows = [row(n, n, index=10 * n) for n in range(1, 6)]

    tables = tables_of(rows)

    assert tables[WHOLE] == [["ensemble", 5, 30, 30]]
    assert tables[REGION] == [["Nord", 5, 30, 30]]


def test_regions_are_in_the_order_of_names_and_themes_in_theirs():
    regions = ["Normandie", "Île-de-France", "Occitanie"]
    rows = [row(n, n, region) for n, region in enumerate(regions * 5)]
    themes = {"Achats": 10, "Écoconception": 20, "Territoires": 30}
    rows = [replace(r, themes={"Usages": 0, **themes} if r.pk else themes) for r in rows]

    tables = tables_of(rows)

    assert [label for label, *_ in tables[REGION]] == ["Île-de-France", "Normandie", "Occitanie"]
    assert [label for label, *_ in tables[THEME]] == ["Usages", *themes]


@pytest.mark.django_db
class TestRelease:
    @pytest.fixture(autouse=True)
    def _nothing_cached(self):
        cache.clear()

    @pytest.fixture
    def five(self, assess):
        for index in (10, 20, 30, 40, 50):
            assess(CollectiviteFactory(name="Nomdevillage"), closed=True, index=index)

    def test_it_is_published_by_a_button_and_read_by_everybody(
        self, client_of, client, nadia, five, django_capture_on_commit_callbacks
    ):
        assert "Bientôt des chiffres" in client.get(PAGE).content.decode()
        browser = client_of(nadia)
        with django_capture_on_commit_callbacks(execute=True):
            page = browser.post(BUTTON, follow=True).content.decode()

        answer, file = client.get(PAGE), client.get(CSV)
        text = io.StringIO(file.content.decode("utf-8-sig"))
        rows = list(csv.reader(text, delimiter=";"))

        assert "Les chiffres sont publiés" in page
        assert ["France", "ensemble", "5", "30", "30"] in rows
        assert "public" in file["Cache-Control"]
        assert "public" not in answer.get("Cache-Control", "")  # it greets who is logged in
        assert "Nomdevillage" not in answer.content.decode()
        entry = AuditEntry.objects.get()
        assert (entry.action, entry.actor) == (AuditAction.OPEN_DATA_PUBLISHED, nadia)

    def test_without_anything_new_it_says_so(self, client_of, nadia, five, assess):
        publish(by=nadia, at=MORNING)
        assess(CollectiviteFactory(), closed=True, index=100)

        page = client_of(nadia).post(BUTTON, follow=True).content.decode()

        assert "Elles paraîtront avec les suivantes." in page
        assert OpenDataRelease.objects.count() == 1

    def test_fewer_than_five_are_never_published(self, nadia, assess):
        for _ in range(4):
            assess(CollectiviteFactory(), closed=True)

        with pytest.raises(NothingToPublish):
            publish(by=nadia, at=MORNING)

    def test_a_command_publishes_too(self, five, capsys):
        call_command("publish_open_data")
        call_command("publish_open_data")

        assert OpenDataRelease.objects.count() == 1
        assert "5 collectivités publiées." in capsys.readouterr().out

    @pytest.mark.parametrize("name", ["omar", "rosa", "alice", "editor", "lone"])
    def test_others_do_not(self, request, client_of, five, name):
        person = request.getfixturevalue(name)

        with pytest.raises(NotEntitled):
            publish(by=person, at=MORNING)
        assert client_of(person).post(BUTTON).status_code == 404
        assert not OpenDataRelease.objects.exists()

    def test_publishing_takes_a_post_and_reading_a_get(self, client_of, client, nadia):
        assert client_of(nadia).get(BUTTON).status_code == 405
        assert client.post(PAGE).status_code == 405
        assert client.post(CSV).status_code == 405

    def test_the_page_is_read_from_the_cache(self, client, five, django_assert_num_queries):
        publish(by=None, at=MORNING)
        client.get(PAGE)

        with django_assert_num_queries(2):  # the site and its settings
            client.get(PAGE)
