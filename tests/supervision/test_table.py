"""The table of collectivités: what each row says, filters and order in the address."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from supervision.models import Assignment
from territories.enums import CollectiviteKind
from territories.models import OpsnMember
from tests.questions.factories import MORNING
from tests.territories.factories import CollectiviteFactory, MemberFactory

pytestmark = pytest.mark.django_db

TABLE = "/opsn/collectivites/"


def names(response) -> list[str]:
    return [row.name for row in response.context["page"].object_list]


@pytest.fixture
def browser(client_of, omar):
    return client_of(omar)


@pytest.fixture
def three(opsn, assess):
    """Amble is closed at 72, Bray is open, Cers is not registered."""
    epci = CollectiviteFactory(
        name="CC du Pays", kind=CollectiviteKind.CC, code_insee=None, siren="200040715"
    )
    amble = CollectiviteFactory(name="Amble", opsn=opsn, population=12_000, epci=epci)
    bray = CollectiviteFactory(name="Bray", opsn=opsn, population=300)
    cers = CollectiviteFactory(name="Cers", opsn=opsn, population=None)
    assess(amble, closed=True, index=72, last_activity_at=MORNING)
    assess(bray, answered=1, index=15, last_activity_at=MORNING - timedelta(days=60))
    return amble, bray, cers


class TestRows:
    def test_a_row_says_where_the_collectivite_is(self, browser, three):
        rows = {row.name: row for row in browser.get(TABLE).context["page"].object_list}

        assert [
            (row.stage, row.answered, row.asked, row.index, row.letter, row.closed_index)
            for row in rows.values()
        ] == [
            ("clos", 3, 3, 72, "B", 72),
            ("commence", 1, 3, 15, "E", None),
            ("non-inscrite", None, None, None, None, None),
        ]

    def test_an_index_that_may_change_is_said_provisional(self, browser, three):
        assert browser.get(TABLE).content.decode().count("provisoire") == 1

    def test_while_a_new_evaluation_is_open_the_index_is_that_of_the_closed_one(
        self, browser, three, assess
    ):
        assess(three[0], answered=2, index=90)

        row = browser.get(TABLE).context["page"].object_list[0]

        assert (row.index, row.closed_index, row.answered) == (72, 72, 2)

    def test_a_provisional_assessment_is_in_no_column(self, browser, commune, paul, assess):
        assess(commune, provisional_for=paul, answered=2, index=99, last_activity_at=MORNING)

        (row,) = browser.get(TABLE).context["page"].object_list

        assert (row.stage, row.index, row.asked, row.last_activity) == (
            "non-inscrite",
            None,
            None,
            None,
        )

    def test_only_the_territory_is_there_whatever_is_asked(
        self, browser, commune, other_commune, chloe
    ):
        for query in (
            "",
            "?q=coeur",
            "?q=60",
            "?tri=-indice",
            "?epci=1",
            "?page=9",
            "?etape=inscrite",
        ):
            page = browser.get(TABLE + query).content.decode()
            assert "Épine" not in page
            assert "chloe" not in page

    def test_moving_a_commune_moves_its_row_at_the_next_request(
        self, browser, opsn, commune, other_commune
    ):
        other_commune.opsn = opsn
        other_commune.save()

        assert names(browser.get(TABLE)) == ["L’Épine & Cœur", "Valmont-sur-Claire"]

    def test_long_names_and_no_data_hold(self, browser, opsn):
        CollectiviteFactory(
            name="Saint-Remy-en-Bouzemont-Saint-Genest-et-Isson", opsn=opsn, population=None
        )

        assert browser.get(TABLE).status_code == 200


class TestFilters:
    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("q=amb", ["Amble"]),
            ("q=pays", ["Amble"]),
            ("etape=commence", ["Bray"]),
            ("etape=non-inscrite", ["Cers"]),
            ("lettre=B", ["Amble"]),
            ("lettre=E", ["Bray"]),
            ("lettre=A", []),
            ("strate=10000", ["Amble"]),
            ("strate=0", ["Bray"]),
            ("type=commune", ["Amble", "Bray", "Cers"]),
            ("type=cc", []),
            ("attention=bloquee", ["Bray"]),
            ("etape=nimporte", ["Amble", "Bray", "Cers"]),
            ("strate=abc&conseiller=9999&tri=drop", ["Amble", "Bray", "Cers"]),
        ],
    )
    def test_a_filter_keeps_what_it_says(self, browser, three, query, expected):
        assert names(browser.get(f"{TABLE}?{query}")) == expected

    def test_the_adviser_is_a_filter(self, browser, three, omar):
        adviser = OpsnMember.objects.get(user=omar)
        Assignment.objects.create(collectivite=three[1], adviser=adviser)

        assert names(browser.get(f"{TABLE}?conseiller={adviser.pk}")) == ["Bray"]

    def test_those_of_the_epci_too(self, browser, three):
        assert names(browser.get(f"{TABLE}?epci={three[0].epci_id}")) == ["Amble"]

    def test_those_invited_long_ago_are_silent(self, browser, three):
        MemberFactory(collectivite=three[2], decided_at=timezone.now() - timedelta(days=15))

        assert names(browser.get(f"{TABLE}?attention=silencieuse")) == ["Cers"]

    def test_nothing_found_offers_to_show_everything(self, browser, three):
        page = browser.get(f"{TABLE}?q=introuvable").content.decode()

        assert "Aucune collectivité ne correspond" in page

    def test_filters_stay_when_one_sorts(self, browser, three):
        page = browser.get(f"{TABLE}?etape=commence&page=1").content.decode()

        assert "?etape=commence&amp;tri=population" in page


class TestOrder:
    @pytest.mark.parametrize(
        ("order", "expected"),
        [
            ("nom", ["Amble", "Bray", "Cers"]),
            ("-nom", ["Cers", "Bray", "Amble"]),
            ("population", ["Bray", "Amble", "Cers"]),
            ("-population", ["Amble", "Bray", "Cers"]),
            ("indice", ["Bray", "Amble", "Cers"]),
            ("-indice", ["Amble", "Bray", "Cers"]),
            ("progression", ["Bray", "Amble", "Cers"]),
            ("activite", ["Bray", "Amble", "Cers"]),
            ("-etape", ["Amble", "Bray", "Cers"]),
            ("etape", ["Cers", "Bray", "Amble"]),
            ("epci", ["Amble", "Bray", "Cers"]),
        ],
    )
    def test_unknown_values_come_last(self, browser, three, order, expected):
        assert names(browser.get(f"{TABLE}?tri={order}")) == expected


class TestPages:
    def test_fifty_to_a_page(self, browser, villages):
        villages(51)

        first, second = browser.get(TABLE), browser.get(f"{TABLE}?page=2")

        assert (len(names(first)), len(names(second))) == (50, 1)

    @pytest.mark.parametrize("rows", [1, 3])
    def test_the_rows_cost_one_query_however_many(
        self, browser, villages, assess, rows, omar, django_assert_max_num_queries
    ):
        adviser = OpsnMember.objects.get(user=omar)
        epci = CollectiviteFactory(name="CC", kind=CollectiviteKind.CC, code_insee=None)
        for village in villages(rows):
            village.epci = epci
            village.save()
            MemberFactory(collectivite=village)
            assess(village, closed=True, closed_at=datetime(2026, 11, 1, tzinfo=UTC))
            Assignment.objects.create(collectivite=village, adviser=adviser)
        browser.get(TABLE)

        with django_assert_max_num_queries(13) as queries:
            browser.get(f"{TABLE}?tri=-indice&etape=clos")

        rows_queries = [q for q in queries if 'AS "members_count"' in q["sql"]]
        assert len(rows_queries) == 1
