"""The people of an OPSN and its profile: a closed list of roles, given by a responsable."""

from datetime import timedelta

import pytest

from supervision.models import OpsnInvitation
from supervision.team import (
    ColleagueAlready,
    LastResponsable,
    RoleUnknown,
    accept_member_invitation,
    change_member_role,
    invite_member,
    remove_opsn_member,
)
from territories.affiliation import AddressNotConfirmed, NotEntitled
from territories.enums import AuditAction, OpsnRole
from territories.invitations import AlreadyInvited, InvitationClosed, InvitationForAnother
from territories.models import AuditEntry, OpsnMember
from tests.accounts.factories import UserFactory

pytestmark = pytest.mark.django_db

TEAM = "/opsn/equipe/"
NEW = "nora@opsn-nord.example"


@pytest.fixture
def send(rosa, opsn, mails, at):
    """Rosa invites; the token of the mail comes back."""

    def run(email=NEW, role=OpsnRole.CONSEILLER, by=rosa, at=at) -> str:
        with mails:
            invite_member(opsn=opsn, email=email, role=role, by=by, at=at)
        (link,) = (line for line in mails.sent[-1].body.splitlines() if "/invitation/" in line)
        return link.rstrip("/").rsplit("/", 1)[1]

    return run


def member(user) -> OpsnMember:
    return OpsnMember.objects.get(user=user)


class TestInviting:
    def test_who_accepts_is_of_the_opsn(self, send, person, opsn, at):
        nora = person(NEW)

        accept_member_invitation(token=send(), by=nora, at=at)

        assert (member(nora).opsn, member(nora).role) == (opsn, OpsnRole.CONSEILLER)
        assert list(AuditEntry.objects.order_by("pk").values_list("action", "opsn")) == [
            (AuditAction.OPSN_MEMBER_INVITED, opsn.pk),
            (AuditAction.OPSN_MEMBER_JOINED, opsn.pk),
        ]

    def test_it_works_once_for_one_confirmed_address_and_for_fourteen_days(
        self, send, person, lone, at
    ):
        token = send()
        with pytest.raises(InvitationForAnother):
            accept_member_invitation(token=token, by=lone, at=at)
        unconfirmed = UserFactory(email=NEW, confirmed=False)
        with pytest.raises(AddressNotConfirmed):
            accept_member_invitation(token=token, by=unconfirmed, at=at)
        unconfirmed.emailaddress_set.create(email=NEW, verified=True, primary=True)
        with pytest.raises(InvitationClosed):
            accept_member_invitation(token=token, by=unconfirmed, at=at + timedelta(days=14))

        accept_member_invitation(token=token, by=unconfirmed, at=at)

        with pytest.raises(InvitationClosed):
            accept_member_invitation(token=token, by=unconfirmed, at=at)

    def test_it_lapses_with_the_role_of_who_sent_it(self, send, rosa, person, at):
        token = send()
        OpsnMember.objects.filter(user=rosa).update(role=OpsnRole.CONSEILLER)

        with pytest.raises(InvitationClosed):
            accept_member_invitation(token=token, by=person(NEW), at=at)

    def test_the_token_is_kept_as_a_digest_only(self, send):
        token = send()

        assert token not in str(OpsnInvitation.objects.values().get())

    @pytest.mark.parametrize("name", ["omar", "sonia", "alice", "lone"])
    def test_others_do_not(self, request, opsn, at, name):
        by = request.getfixturevalue(name)

        with pytest.raises(NotEntitled):
            invite_member(opsn=opsn, email=NEW, role=OpsnRole.CONSEILLER, by=by, at=at)

    def test_the_list_of_roles_is_closed(self, rosa, opsn, at):
        with pytest.raises(RoleUnknown):
            invite_member(opsn=opsn, email=NEW, role="superuser", by=rosa, at=at)

    def test_a_colleague_or_an_address_that_waits_is_not_invited(self, send, omar):
        send()

        with pytest.raises(AlreadyInvited):
            send()
        with pytest.raises(ColleagueAlready):
            send(email=omar.email.upper())


class TestManaging:
    def test_a_role_changes(self, rosa, omar, at):
        change_member_role(member=member(omar), role=OpsnRole.RESPONSABLE, by=rosa, at=at)

        assert member(omar).role == OpsnRole.RESPONSABLE

    def test_the_last_responsable_stays(self, rosa, at):
        with pytest.raises(LastResponsable):
            change_member_role(member=member(rosa), role=OpsnRole.CONSEILLER, by=rosa, at=at)
        with pytest.raises(LastResponsable):
            remove_opsn_member(member=member(rosa), by=rosa, at=at)

    def test_who_is_removed_is_out_at_the_next_request(self, client_of, rosa, omar, commune, at):
        browser = client_of(omar)
        assert browser.get("/opsn/").status_code == 200

        remove_opsn_member(member=member(omar), by=rosa, at=at)

        assert browser.get("/opsn/").status_code == 404

    @pytest.mark.parametrize("name", ["omar", "sonia", "lone"])
    def test_others_change_nothing(self, request, rosa, at, name):
        by = request.getfixturevalue(name)

        with pytest.raises(NotEntitled):
            change_member_role(member=member(rosa), role=OpsnRole.CONSEILLER, by=by, at=at)
        with pytest.raises(NotEntitled):
            remove_opsn_member(member=member(rosa), by=by, at=at)


class TestPages:
    def test_an_adviser_sees_the_team_and_no_button(self, client_of, omar, rosa):
        page = client_of(omar).get(TEAM).content.decode()

        assert "rosa@opsn-nord.example" in page
        assert "Retirer de l’équipe" not in page

    def test_a_responsable_does_it_all_from_there(self, client_of, rosa, omar, mails):
        browser = client_of(rosa)
        with mails:
            browser.post(f"{TEAM}inviter/", {"email": NEW, "role": "conseiller"})
        invitation = OpsnInvitation.objects.get()
        with mails:
            browser.post(f"{TEAM}invitations/{invitation.pk}/renvoyer/")
        browser.post(f"{TEAM}invitations/{invitation.pk}/annuler/")
        browser.post(f"{TEAM}{member(omar).pk}/role/", {"role": "responsable"})
        assert member(omar).role == OpsnRole.RESPONSABLE

        browser.post(f"{TEAM}{member(omar).pk}/retirer/")

        invitation.refresh_from_db()
        assert invitation.cancelled_at
        assert [mail.to for mail in mails.sent] == [[NEW], [NEW]]
        assert not OpsnMember.objects.filter(user=omar).exists()

    @pytest.mark.parametrize(
        "what", ["inviter/", "{pk}/role/", "{pk}/retirer/", "invitations/1/renvoyer/"]
    )
    def test_each_takes_a_post_of_a_responsable(self, client_of, rosa, omar, sonia, what):
        address = TEAM + what.format(pk=member(rosa).pk)

        assert client_of(rosa).get(address).status_code == 405
        assert client_of(omar).post(address, {"role": "conseiller"}).status_code == 404
        assert client_of(sonia).post(address, {"role": "conseiller"}).status_code == 404
        assert member(rosa).role == OpsnRole.RESPONSABLE

    def test_a_member_of_another_opsn_is_out_of_reach(self, client_of, rosa, sonia):
        address = f"{TEAM}{member(sonia).pk}/retirer/"

        assert client_of(rosa).post(address).status_code == 404

    def test_a_wrong_address_is_said_beside_the_field(self, client_of, rosa):
        page = client_of(rosa).post(f"{TEAM}inviter/", {"email": "nora@", "role": "conseiller"})

        assert "Quelque chose est à corriger" in page.content.decode()

    def test_the_link_opens_a_page_then_a_button(self, client_of, send, person, lone, opsn):
        address = f"/opsn/invitation/{send()}/"
        assert "Créer mon compte" in client_of().get(address).content.decode()
        assert (
            "qui n’est pas celle de l’invitation" in client_of(lone).get(address).content.decode()
        )
        nora = person(NEW)
        assert client_of(nora).get(f"{address}accepter/").status_code == 405
        assert client_of(lone).post(f"{address}accepter/").status_code == 410

        assert client_of(nora).get("/opsn/invitation/faux/").status_code == 410

    @pytest.mark.parametrize("rows", [1, 3])
    def test_the_number_of_queries_does_not_grow(
        self, client_of, rosa, send, rows, django_assert_max_num_queries
    ):
        for number in range(rows):
            send(email=f"n{number}@opsn-nord.example")
        browser = client_of(rosa)
        browser.get(TEAM)

        with django_assert_max_num_queries(10):
            browser.get(TEAM)


class TestProfile:
    DATA = {"contact_email": "bonjour@opsn.example", "phone": "03 00 00 00 00", "website": ""}

    def test_a_responsable_keeps_it_and_the_journal_tells_what_changed(self, client_of, rosa, opsn):
        hostile = {"name": "Autre", "active": "", "offers_level_two": "on", "siren": "1"}

        client_of(rosa).post("/opsn/fiche/", self.DATA | hostile)

        opsn.refresh_from_db()
        assert (opsn.contact_email, opsn.phone) == ("bonjour@opsn.example", "03 00 00 00 00")
        assert (opsn.name, opsn.active, opsn.offers_level_two) == ("OPSN du Nord", True, False)
        assert AuditEntry.objects.get().action == AuditAction.OPSN_CHANGED

    @pytest.mark.parametrize("name", ["omar", "sonia", "alice"])
    def test_others_do_not(self, request, client_of, opsn, name):
        client_of(request.getfixturevalue(name)).post("/opsn/fiche/", self.DATA)

        opsn.refresh_from_db()
        assert opsn.contact_email != "bonjour@opsn.example"

    def test_a_wrong_address_is_said(self, client_of, rosa):
        page = client_of(rosa).post("/opsn/fiche/", self.DATA | {"website": "javascript:alert(1)"})

        assert "Quelque chose est à corriger" in page.content.decode()
