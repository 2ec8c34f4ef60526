"""Requests decided from the console, with what speaks for or against each."""

import pytest

from territories.enums import AuditAction, MemberRole, MemberState
from territories.models import AuditEntry, CollectiviteMember
from tests.accounts.factories import UserFactory
from tests.territories.factories import CollectiviteFactory, MemberFactory

pytestmark = pytest.mark.django_db

LIST = "/opsn/demandes/"


@pytest.fixture
def request_of(commune):
    def make(email: str, collectivite=commune) -> CollectiviteMember:
        return MemberFactory(
            user=UserFactory(email=email),
            collectivite=collectivite,
            state=MemberState.PENDING,
            verification="",
        )

    return make


def test_each_is_shown_with_its_evidence(client_of, omar, commune, alice, request_of):
    commune.official_email = "mairie@valmont.example"
    commune.save()
    request_of("accueil@valmont.example")
    request_of("quelquun@gmail.com")
    request_of("conseil@ailleurs.example")

    page = client_of(omar).get(LIST).content.decode()

    assert "Lien fort : nom de domaine de la collectivité." in page
    assert "messagerie grand public" in page
    assert "Son domaine n’est pas celui de l’adresse officielle (mairie@valmont.example)." in page
    assert page.count("La collectivité a déjà 1 membre") == 3


def test_a_domain_of_several_communes_proves_nothing(client_of, omar, commune, request_of):
    commune.official_email = "valmont@cc-pays.example"
    commune.save()
    CollectiviteFactory(official_email="aubin@cc-pays.example")
    request_of("paul@cc-pays.example")

    page = client_of(omar).get(LIST).content.decode()

    assert "Son domaine est celui de plusieurs collectivités" in page


@pytest.mark.parametrize("rows", [1, 3])
def test_the_number_of_queries_does_not_grow(
    client_of, omar, commune, request_of, rows, django_assert_max_num_queries
):
    commune.official_email = "mairie@valmont.example"
    commune.save()
    for number in range(rows):
        request_of(f"agent{number}@valmont.example")
    browser = client_of(omar)
    browser.get(LIST)

    with django_assert_max_num_queries(11):
        browser.get(LIST)


class TestDeciding:
    def address(self, member, verb) -> str:
        return f"{LIST}{member.pk}/{verb}/"

    def test_accepting_makes_a_referent_and_tells(
        self, client_of, omar, commune, request_of, mails
    ):
        member = request_of("paul@ailleurs.example")

        with mails:
            response = client_of(omar).post(self.address(member, "accepter"))

        member.refresh_from_db()
        assert response.url == LIST
        assert (member.state, member.role) == (MemberState.ACTIVE, MemberRole.REFERENT)
        assert "paul@ailleurs.example" in mails.to
        assert AuditEntry.objects.get().action == AuditAction.MEMBERSHIP_APPROVED

    def test_refusing_tells_too(self, client_of, omar, request_of, mails):
        member = request_of("paul@ailleurs.example")

        with mails:
            client_of(omar).post(self.address(member, "refuser"))

        member.refresh_from_db()
        assert member.state == MemberState.REFUSED
        assert mails.to == ["paul@ailleurs.example"]

    @pytest.mark.parametrize("verb", ["accepter", "refuser"])
    def test_it_takes_a_post(self, client_of, omar, request_of, verb):
        member = request_of("paul@ailleurs.example")

        assert client_of(omar).get(self.address(member, verb)).status_code == 405

    @pytest.mark.parametrize("verb", ["accepter", "refuser"])
    @pytest.mark.parametrize("name", ["sonia", "alice", "lone"])
    def test_others_decide_nothing_here(self, request, client_of, request_of, verb, name):
        member = request_of("paul@ailleurs.example")

        response = client_of(request.getfixturevalue(name)).post(self.address(member, verb))

        member.refresh_from_db()
        assert response.status_code == 404
        assert member.state == MemberState.PENDING

    def test_one_decided_meanwhile_is_gone(self, client_of, omar, request_of):
        member = request_of("paul@ailleurs.example")
        browser = client_of(omar)
        browser.post(self.address(member, "refuser"))

        assert browser.post(self.address(member, "accepter")).status_code == 404

    def test_nobody_decides_on_her_own_request(self, client_of, omar, commune):
        member = MemberFactory(
            user=omar, collectivite=commune, state=MemberState.PENDING, verification=""
        )

        client_of(omar).post(self.address(member, "accepter"))

        member.refresh_from_db()
        assert member.state == MemberState.PENDING
