"""Who opens the console, for which territory, and what its home counts."""

from datetime import timedelta

import pytest
from django.utils import timezone

from questions.enums import AssessmentState
from territories.enums import MemberState
from tests.accounts.factories import UserFactory
from tests.territories.factories import (
    CollectiviteFactory,
    MemberFactory,
    OpsnFactory,
    OpsnMemberFactory,
)

pytestmark = pytest.mark.django_db

HOME = "/opsn/"
TABLE = "/opsn/collectivites/"
PAGES = [
    HOME,
    TABLE,
    "/opsn/demandes/",
    "/opsn/invitations/",
    "/opsn/journal/",
    "/opsn/exports/",
    "/opsn/collectivites/ajouter/",
]


def figures(browser) -> dict:
    return vars(browser.get(HOME).context["figures"])


@pytest.mark.parametrize("address", PAGES)
class TestWhoOpensIt:
    @pytest.mark.parametrize("name", ["omar", "rosa", "nadia"])
    def test_an_opsn_and_the_national_team_do(self, request, client_of, commune, address, name):
        assert client_of(request.getfixturevalue(name)).get(address).status_code == 200

    @pytest.mark.parametrize("name", ["alice", "paul", "lone", "editor"])
    def test_for_others_it_does_not_exist(self, request, client_of, commune, address, name):
        assert client_of(request.getfixturevalue(name)).get(address).status_code == 404

    def test_a_deactivated_opsn_sees_nothing(self, client_of, omar, opsn, commune, address):
        browser = client_of(omar)
        assert browser.get(address).status_code == 200

        opsn.active = False
        opsn.save()

        assert browser.get(address).status_code == 404

    def test_who_leaves_the_opsn_is_out_at_the_next_request(self, client_of, omar, address):
        browser = client_of(omar)
        assert browser.get(address).status_code == 200

        omar.opsn_memberships.all().delete()

        assert browser.get(address).status_code == 404

    def test_it_only_reads(self, client_of, omar, address):
        assert client_of(omar).post(address).status_code == 405


class TestProvingWhoOneIs:
    def test_without_a_second_factor_there_is_nothing_but_its_page(self, client_of, opsn):
        user = UserFactory()
        OpsnMemberFactory(user=user, opsn=opsn, proven=False)

        response = client_of(user).get(HOME)

        assert response.url == "/compte/second-facteur/application/activer/"

    def test_a_setting_leaves_it_off_for_demonstrations(self, client_of, opsn, settings):
        settings.SECOND_FACTOR_REQUIRED = False
        user = UserFactory()
        OpsnMemberFactory(user=user, opsn=opsn, proven=False)

        assert client_of(user).get(HOME).status_code == 200

    def test_an_idle_session_ends(self, client_of, omar, settings):
        browser = client_of(omar)
        browser.get(HOME)
        session = browser.session
        session["last_seen"] = int(timezone.now().timestamp()) - settings.STAFF_IDLE_SECONDS - 1
        session.save()

        assert browser.get(HOME).url.startswith("/compte/connexion/")
        assert browser.get(HOME).status_code == 302

    def test_a_member_of_a_commune_is_asked_for_neither(self, client_of, alice):
        assert client_of(alice).get("/compte/").status_code == 200


class TestChoosing:
    def test_an_adviser_of_two_opsn_changes_from_one_to_the_other(
        self, client_of, omar, commune, other_opsn, other_commune
    ):
        OpsnMemberFactory(user=omar, opsn=other_opsn)
        browser = client_of(omar)
        assert "Valmont-sur-Claire" in browser.get(TABLE).content.decode()

        assert browser.post("/opsn/choisir/", {"opsn": other_opsn.pk}).url == HOME

        page = browser.get(TABLE).content.decode()
        assert "L’Épine &amp; Cœur" in page
        assert "Valmont-sur-Claire" not in page

    def test_one_of_others_is_not_to_be_chosen(self, client_of, omar, commune, other_opsn):
        browser = client_of(omar)

        for wanted in (other_opsn.pk, "", "x"):
            assert browser.post("/opsn/choisir/", {"opsn": wanted}).status_code == 404
        assert browser.get(HOME).wsgi_request.opsn == commune.opsn

    def test_the_national_team_takes_the_country_or_one_opsn(
        self, client_of, nadia, opsn, commune, other_commune
    ):
        browser = client_of(nadia)
        assert figures(browser)["collectivites"] == 2

        browser.post("/opsn/choisir/", {"opsn": opsn.pk})
        assert figures(browser)["collectivites"] == 1

        browser.post("/opsn/choisir/", {"opsn": ""})
        assert figures(browser)["collectivites"] == 2

    def test_it_takes_a_post(self, client_of, omar):
        assert client_of(omar).get("/opsn/choisir/").status_code == 405


class TestFigures:
    def test_each_step_is_counted(
        self, client_of, omar, opsn, commune, alice, paul, assess, villages
    ):
        first, second, third = villages()
        MemberFactory(collectivite=first)
        assess(commune)
        assess(second, closed=True)
        third.level_two_opened_at = timezone.now()
        third.save()

        assert figures(client_of(omar)) == {
            "collectivites": 4,
            "population": 4 * 850,
            "registered": 2,
            "begun": 2,
            "closed": 1,
            "level_two": 1,
            "requests": 1,
        }

    def test_only_those_of_the_territory_count(
        self, client_of, omar, commune, other_commune, chloe, assess
    ):
        assess(other_commune, closed=True)

        assert figures(client_of(omar)) == {
            "collectivites": 1,
            "population": 850,
            "registered": 0,
            "begun": 0,
            "closed": 0,
            "level_two": 0,
            "requests": 0,
        }

    def test_moving_a_commune_changes_them_at_the_next_request_and_back(
        self, client_of, omar, opsn, commune, other_commune, other_opsn, chloe, assess
    ):
        assess(other_commune, closed=True)
        browser = client_of(omar)
        before = figures(browser)

        other_commune.opsn = opsn
        other_commune.save()
        with_it = figures(browser)
        other_commune.opsn = other_opsn
        other_commune.save()

        assert (with_it["collectivites"], with_it["closed"], with_it["registered"]) == (2, 1, 1)
        assert figures(browser) == before

    def test_a_provisional_assessment_counts_for_nothing(
        self, client_of, omar, commune, paul, assess
    ):
        assess(commune, provisional_for=paul)

        assert figures(client_of(omar))["begun"] == 0

    def test_what_is_archived_or_retired_counts_for_nothing(
        self, client_of, omar, opsn, commune, assess
    ):
        assess(commune, state=AssessmentState.ARCHIVED)
        CollectiviteFactory(opsn=opsn, retired_at=timezone.localdate())

        counts = figures(client_of(omar))

        assert (counts["collectivites"], counts["begun"]) == (1, 0)

    def test_a_person_without_opsn_does_not_get_communes_without_opsn(self, client_of, lone):
        CollectiviteFactory(opsn=None)

        assert client_of(lone).get(HOME).status_code == 404


class TestToDo:
    def test_it_names_requests_the_stuck_and_the_silent(
        self, client_of, omar, commune, paul, assess, villages
    ):
        stuck, silent, fresh = villages()
        long_ago = timezone.now() - timedelta(days=40)
        assess(stuck, opened_at=long_ago, last_activity_at=long_ago)
        MemberFactory(collectivite=silent, decided_at=long_ago)
        MemberFactory(collectivite=fresh, decided_at=timezone.now())

        to_do = client_of(omar).get(HOME).context["to_do"]

        assert [member.user for member in to_do.requests] == [paul]
        assert (to_do.stuck, to_do.stuck_count) == ([stuck], 1)
        assert (to_do.silent, to_do.silent_count) == ([silent], 1)

    def test_it_says_that_nothing_waits(self, client_of, omar, commune):
        assert "Rien n’attend" in client_of(omar).get(HOME).content.decode()

    def test_an_empty_territory_says_what_to_do_first(self, client_of, omar):
        assert "Votre territoire est vide" in client_of(omar).get(HOME).content.decode()

    def test_it_names_nobody_of_another_territory(
        self, client_of, sonia, other_commune, commune, paul
    ):
        page = client_of(sonia).get(HOME).content.decode()

        assert "Paul" not in page
        assert "Valmont" not in page


@pytest.mark.parametrize("rows", [1, 3])
def test_the_number_of_queries_of_the_home_does_not_grow(
    client_of, omar, villages, assess, rows, django_assert_max_num_queries
):
    long_ago = timezone.now() - timedelta(days=40)
    for village in villages(rows):
        assess(village, opened_at=long_ago, last_activity_at=long_ago)
        MemberFactory(collectivite=village, state=MemberState.PENDING, verification="")
    browser = client_of(omar)
    browser.get(HOME)

    with django_assert_max_num_queries(17):
        browser.get(HOME)


def test_an_opsn_name_is_data_and_never_markup(client_of):
    opsn = OpsnFactory(name="<script>alert(1)</script> & Cie")
    user = UserFactory()
    OpsnMemberFactory(user=user, opsn=opsn)

    assert "<script>alert" not in client_of(user).get(HOME).content.decode()
