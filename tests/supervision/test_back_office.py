"""The home of the back office and its register of assessments, for the national team."""

import pytest

from questions.models import Assessment
from territories.enums import MemberState
from tests.accounts.factories import UserFactory
from tests.territories.factories import CollectiviteFactory, MemberFactory

pytestmark = pytest.mark.django_db

REGISTER = "/admin/evaluations/"


class TestHome:
    def test_it_counts_the_country_and_names_requests_without_opsn(
        self, client_of, nadia, commune, alice, paul, assess
    ):
        assess(commune, closed=True)
        orphan = MemberFactory(
            user=UserFactory(first_name="Marie", last_name="Seule"),
            collectivite=CollectiviteFactory(opsn=None),
            state=MemberState.PENDING,
            verification="",
        )

        page = client_of(nadia).get("/admin/").content.decode()

        assert "Chiffres nationaux" in page
        assert "<strong>2</strong> demandes en attente" in page
        assert f"/espace/collectivite/demandes/{orphan.pk}/" in page
        assert "Marie Seule" in page
        assert "Paul Martin" not in page

    def test_an_editor_has_none_of_it(self, client_of, editor, paul):
        page = client_of(editor).get("/admin/").content.decode()

        assert "Chiffres nationaux" not in page


class TestAssessments:
    def test_they_are_listed_searched_and_filtered(
        self, client_of, nadia, commune, other_commune, assess
    ):
        assess(commune, closed=True, index=72)
        assess(other_commune)
        browser = client_of(nadia)

        page = browser.get(REGISTER, {"q": ["st", "valmont"][1]}).content.decode()

        assert "Valmont-sur-Claire" in page
        assert "Épine" not in page
        assert "Épine" in browser.get(REGISTER, {"state__exact": "open"}).content.decode()

    def test_a_provisional_one_is_not_there(self, client_of, nadia, commune, paul, assess):
        assess(commune, provisional_for=paul)

        assert "Valmont-sur-Claire" not in client_of(nadia).get(REGISTER).content.decode()

    def test_nothing_is_created_changed_or_deleted(self, client_of, nadia, commune, assess):
        assessment = assess(commune, closed=True)
        browser = client_of(nadia)

        for address in ("create/", f"edit/{assessment.pk}/", f"delete/{assessment.pk}/"):
            browser.post(REGISTER + address, {"index": 99})

        assessment.refresh_from_db()
        assert (assessment.index, Assessment.objects.count()) == (50, 1)

    @pytest.mark.parametrize("name", ["omar", "alice"])
    def test_nobody_else_opens_it(self, request, client_of, name):
        assert client_of(request.getfixturevalue(name)).get(REGISTER).status_code == 403

    @pytest.mark.parametrize("rows", [1, 3])
    def test_the_number_of_queries_does_not_grow(
        self, client_of, nadia, villages, assess, rows, django_assert_max_num_queries
    ):
        for village in villages(rows):
            assess(village)
        browser = client_of(nadia)
        browser.get(REGISTER)

        with django_assert_max_num_queries(18):
            browser.get(REGISTER)
