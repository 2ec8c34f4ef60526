"""A collectivité is attached, asked for, handed over, let go; never taken."""

import pytest

from supervision.asking import (
    AlreadyAnswered,
    AlreadyAsked,
    accept_attachment,
    ask_attachment,
    follow,
    refuse_attachment,
)
from supervision.enums import AskState
from supervision.models import AttachmentRequest
from supervision.territory import Territory
from territories.affiliation import CollectiviteRetired, NotEntitled
from territories.attachment import (
    AlreadyAttached,
    FollowedByAnother,
    NotAttached,
    OutsideTerritory,
    attach_collectivite,
    detach_collectivite,
)
from territories.enums import AuditAction, OpsnRole
from territories.models import AuditEntry, Collectivite, OpsnMember
from tests.territories.factories import CollectiviteFactory, DepartementFactory

pytestmark = pytest.mark.django_db

FIND = "/opsn/collectivites/ajouter/"


@pytest.fixture(autouse=True)
def _oise_is_theirs(opsn, other_opsn):
    for each in (opsn, other_opsn):
        each.departements.add(DepartementFactory(code="60"))


@pytest.fixture
def free():
    """Followed by nobody, in the territory."""
    return CollectiviteFactory(name="Libreville-sur-Oise", official_email="mairie@libre.example")


@pytest.fixture
def sonia_manages(sonia):
    OpsnMember.objects.filter(user=sonia).update(role=OpsnRole.RESPONSABLE)
    return sonia


@pytest.fixture
def asked(other_commune, opsn, omar, at) -> AttachmentRequest:
    return ask_attachment(collectivite=other_commune, opsn=opsn, by=omar, at=at)


def opsn_of(collectivite):
    return Collectivite.objects.get(pk=collectivite.pk).opsn


class TestAttaching:
    def test_a_free_one_of_the_territory_is_attached_and_told(self, free, opsn, omar, mails, at):
        with mails:
            attach_collectivite(collectivite=free, opsn=opsn, by=omar, at=at)

        assert opsn_of(free) == opsn
        assert mails.to == ["mairie@libre.example"]
        entry = AuditEntry.objects.get()
        assert (entry.action, entry.opsn, entry.collectivite) == (AuditAction.ATTACHED, opsn, free)

    def test_one_that_another_follows_is_not_taken(self, other_commune, other_opsn, opsn, omar, at):
        with pytest.raises(FollowedByAnother):
            attach_collectivite(collectivite=other_commune, opsn=opsn, by=omar, at=at)

        assert opsn_of(other_commune) == other_opsn

    def test_nor_by_the_national_team(self, other_commune, opsn, nadia, at):
        with pytest.raises(FollowedByAnother):
            attach_collectivite(collectivite=other_commune, opsn=opsn, by=nadia, at=at)

    def test_outside_its_departements_only_the_national_team_attaches(self, opsn, omar, nadia, at):
        far = CollectiviteFactory(departement=DepartementFactory(code="59", name="Nord"))

        with pytest.raises(OutsideTerritory):
            attach_collectivite(collectivite=far, opsn=opsn, by=omar, at=at)
        attach_collectivite(collectivite=far, opsn=opsn, by=nadia, at=at)

        assert opsn_of(far) == opsn

    def test_an_opsn_without_departements_attaches_nothing(self, free, opsn, omar, at):
        opsn.departements.clear()

        with pytest.raises(OutsideTerritory):
            attach_collectivite(collectivite=free, opsn=opsn, by=omar, at=at)

    @pytest.mark.parametrize("name", ["sonia", "alice", "lone"])
    def test_others_attach_nothing_to_it(self, request, free, opsn, at, name):
        with pytest.raises(NotEntitled):
            attach_collectivite(
                collectivite=free, opsn=opsn, by=request.getfixturevalue(name), at=at
            )

    def test_nor_does_a_member_of_a_deactivated_opsn(self, free, opsn, omar, at):
        opsn.active = False
        opsn.save()

        with pytest.raises(NotEntitled):
            attach_collectivite(collectivite=free, opsn=opsn, by=omar, at=at)

    def test_odd_states_are_told(self, commune, opsn, omar, at):
        retired = CollectiviteFactory(retired_at=at.date())

        with pytest.raises(AlreadyAttached):
            attach_collectivite(collectivite=commune, opsn=opsn, by=omar, at=at)
        with pytest.raises(CollectiviteRetired):
            attach_collectivite(collectivite=retired, opsn=opsn, by=omar, at=at)


class TestAsking:
    def test_who_follows_is_told_and_nothing_changes(
        self, other_commune, other_opsn, opsn, omar, mails, at
    ):
        with mails:
            ask_attachment(
                collectivite=other_commune, opsn=opsn, message="Elle nous rejoint.", by=omar, at=at
            )

        assert mails.to == [other_opsn.contact_email]
        assert "Elle nous rejoint." in mails.sent[0].body
        assert opsn_of(other_commune) == other_opsn

    def test_twice_is_said(self, asked, other_commune, opsn, omar, at):
        with pytest.raises(AlreadyAsked):
            ask_attachment(collectivite=other_commune, opsn=opsn, by=omar, at=at)

    def test_who_asks_sees_nothing_meanwhile(self, client_of, asked, omar, other_commune):
        address = f"/opsn/collectivites/{other_commune.pk}/"

        assert client_of(omar).get(address).status_code == 404

    def test_who_follows_hands_over(self, asked, other_commune, opsn, sonia_manages, mails, at):
        with mails:
            accept_attachment(asked=asked, by=sonia_manages, at=at)

        asked.refresh_from_db()
        assert (asked.state, asked.decided_by) == (AskState.ACCEPTED, sonia_manages)
        assert opsn_of(other_commune) == opsn
        assert opsn.contact_email in mails.to

    def test_or_refuses(self, asked, other_commune, other_opsn, sonia_manages, mails, at):
        with mails:
            refuse_attachment(asked=asked, by=sonia_manages, at=at)

        assert opsn_of(other_commune) == other_opsn
        assert "est refusée" in mails.sent[0].body

    @pytest.mark.parametrize("name", ["omar", "rosa", "sonia", "chloe", "lone"])
    def test_who_asks_and_who_does_not_manage_decide_nothing(
        self, request, asked, other_commune, other_opsn, at, name
    ):
        for act in (accept_attachment, refuse_attachment):
            with pytest.raises(NotEntitled):
                act(asked=asked, by=request.getfixturevalue(name), at=at)
        assert opsn_of(other_commune) == other_opsn

    def test_it_is_answered_once(self, asked, sonia_manages, at):
        refuse_attachment(asked=asked, by=sonia_manages, at=at)

        with pytest.raises(AlreadyAnswered):
            accept_attachment(asked=asked, by=sonia_manages, at=at)


class TestAskingForNothingAnyMore:
    """The OPSN got by itself what it had asked for."""

    @pytest.fixture
    def free_since(self, asked, other_commune, other_opsn, sonia_manages, at):
        detach_collectivite(collectivite=other_commune, opsn=other_opsn, by=sonia_manages, at=at)
        return other_commune

    def test_its_request_is_taken_back_when_it_follows(
        self, client_of, free_since, asked, opsn, omar, mails
    ):
        with mails:
            client_of(omar).post(f"{FIND}{free_since.pk}/")

        asked.refresh_from_db()
        assert opsn_of(free_since) == opsn
        assert (asked.state, asked.decided_by) == (AskState.CANCELLED, omar)
        assert "est refusée" not in str([mail.body for mail in mails.sent])

    def test_whoever_follows_next_inherits_nothing(
        self, free_since, asked, opsn, other_opsn, omar, rosa, sonia, at
    ):
        follow(collectivite=free_since, opsn=opsn, by=omar, at=at)
        detach_collectivite(collectivite=free_since, opsn=opsn, by=rosa, at=at)
        attach_collectivite(collectivite=free_since, opsn=other_opsn, by=sonia, at=at)

        assert not Territory(other_opsn).attachment_requests().exists()

    def test_one_that_the_back_office_attached_asks_itself_nothing(self, asked, opsn):
        Collectivite.objects.filter(pk=asked.collectivite_id).update(opsn=opsn)

        assert not Territory(opsn).attachment_requests().exists()
        assert not Territory(None).attachment_requests().exists()

    def test_one_that_nobody_follows_is_for_the_national_team(self, free_since, asked):
        assert list(Territory(None).attachment_requests()) == [asked]


class TestDetaching:
    def test_a_responsable_lets_it_go(self, commune, opsn, rosa, at):
        detach_collectivite(collectivite=commune, opsn=opsn, by=rosa, at=at)

        assert opsn_of(commune) is None
        assert AuditEntry.objects.get().action == AuditAction.DETACHED

    @pytest.mark.parametrize("name", ["omar", "sonia", "alice"])
    def test_others_do_not(self, request, commune, opsn, at, name):
        with pytest.raises(NotEntitled):
            detach_collectivite(
                collectivite=commune, opsn=opsn, by=request.getfixturevalue(name), at=at
            )

    def test_what_it_does_not_follow_is_not_its_to_let_go(self, other_commune, opsn, rosa, at):
        with pytest.raises(NotAttached):
            detach_collectivite(collectivite=other_commune, opsn=opsn, by=rosa, at=at)


class TestPages:
    def test_one_is_found_and_followed(self, client_of, omar, free, opsn):
        browser = client_of(omar)
        assert "Libreville-sur-Oise" in browser.get(FIND, {"q": "libreville"}).content.decode()
        address = f"{FIND}{free.pk}/"
        assert "Suivre cette collectivité" in browser.get(address).content.decode()
        assert opsn_of(free) is None

        assert browser.post(address).url == "/opsn/collectivites/"

        assert opsn_of(free) == opsn

    def test_one_of_another_is_asked_for_and_its_opsn_is_not_named(
        self, client_of, omar, other_commune, other_opsn
    ):
        address = f"{FIND}{other_commune.pk}/"
        browser = client_of(omar)
        assert other_opsn.name not in browser.get(address).content.decode()

        browser.post(address, {"message": "Elle nous rejoint."})

        assert AttachmentRequest.objects.get().message == "Elle nous rejoint."
        assert opsn_of(other_commune) == other_opsn

    def test_the_answer_is_given_on_the_page_of_requests(
        self, client_of, asked, sonia_manages, omar, other_commune, opsn
    ):
        address = f"/opsn/rattachements/{asked.pk}/accepter/"
        assert client_of(sonia_manages).get(address).status_code == 405
        assert client_of(omar).post(address).status_code == 404
        assert "Confier" in client_of(sonia_manages).get("/opsn/demandes/").content.decode()

        client_of(sonia_manages).post(address)

        assert opsn_of(other_commune) == opsn

    def test_or_refused_there(self, client_of, asked, sonia_manages, other_commune, other_opsn):
        client_of(sonia_manages).post(f"/opsn/rattachements/{asked.pk}/refuser/")

        assert opsn_of(other_commune) == other_opsn

    def test_letting_go_asks_first(self, client_of, rosa, omar, sonia, commune):
        address = f"/opsn/collectivites/{commune.pk}/detacher/"
        assert client_of(sonia).post(address).status_code == 404
        client_of(omar).post(address)
        assert opsn_of(commune) is not None
        assert "Ne plus suivre" in client_of(rosa).get(address).content.decode()

        client_of(rosa).post(address)

        assert opsn_of(commune) is None

    def test_the_whole_country_follows_by_one_opsn_only(self, client_of, nadia, free):
        assert client_of(nadia).post(f"{FIND}{free.pk}/").status_code == 404
