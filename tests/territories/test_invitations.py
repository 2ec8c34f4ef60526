from datetime import timedelta

import pytest

from territories import invitations
from territories.affiliation import AddressNotConfirmed, AlreadyMember, NotEntitled
from territories.enums import AuditAction, MemberRole, MemberState, Verification
from territories.invitations import (
    AlreadyInvited,
    ColleagueAlready,
    InvitationClosed,
    InvitationForAnother,
    RoleNotOffered,
    TooManyInvitations,
    accept_invitation,
    cancel_invitation,
    find_invitation,
    invite,
    resend_invitation,
)
from territories.models import AuditEntry, CollectiviteMember, Invitation
from territories.team import leave
from tests.accounts.factories import UserFactory
from tests.territories.factories import MemberFactory

pytestmark = pytest.mark.django_db

ZOE = "zoe@valmont.example"


@pytest.fixture
def send(alice, commune, mails, at):
    """Alice invites; the token of the mail comes back."""

    def run(email=ZOE, role=MemberRole.CONTRIBUTEUR, by=alice, at=at) -> str:
        with mails:
            invite(collectivite=commune, email=email, role=role, by=by, at=at)
        return token_in(mails.sent[-1])

    return run


def token_in(mail) -> str:
    (link,) = (line for line in mail.body.splitlines() if "/invitation/" in line)
    return link.rstrip("/").rsplit("/", 1)[1]


def actions():
    return list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))


def test_an_invited_person_becomes_a_member(send, person, commune, alice, mails, at):
    token = send(role=MemberRole.LECTEUR)

    member = accept_invitation(token=token, by=person(ZOE), at=at)

    assert (member.state, member.role) == (MemberState.ACTIVE, MemberRole.LECTEUR)
    assert (member.verification, member.verified_by) == (Verification.INVITATION, alice)
    assert mails.to == [ZOE]
    assert actions() == [AuditAction.INVITATION_SENT, AuditAction.INVITATION_ACCEPTED]


def test_the_token_is_kept_as_a_digest_only(send):
    token = send()

    invitation = Invitation.objects.get()
    assert token not in str(Invitation.objects.values().get())
    assert len(invitation.digest) == 64
    assert not AuditEntry.objects.filter(ground__contains=token).exists()


def test_it_works_once(send, person, at):
    token = send()
    zoe = person(ZOE)
    accept_invitation(token=token, by=zoe, at=at)
    CollectiviteMember.objects.filter(user=zoe).update(state=MemberState.LEFT)

    with pytest.raises(InvitationClosed):
        accept_invitation(token=token, by=zoe, at=at)


def test_it_works_for_fourteen_days(send, person, at):
    token = send()
    end = at + timedelta(days=14)

    assert find_invitation(token, at=end - timedelta(seconds=1)).email == ZOE
    with pytest.raises(InvitationClosed):
        accept_invitation(token=token, by=person(ZOE), at=end)


def test_it_is_for_one_address(send, chloe, at):
    token = send()

    with pytest.raises(InvitationForAnother):
        accept_invitation(token=token, by=chloe, at=at)

    assert Invitation.objects.get().accepted_at is None


def test_the_address_must_be_confirmed(send, at):
    token = send()
    zoe = UserFactory(email=ZOE, confirmed=False)

    with pytest.raises(AddressNotConfirmed):
        accept_invitation(token=token, by=zoe, at=at)


def test_case_does_not_matter(send, person, at):
    token = send(email="Zoe@Valmont.example")

    assert accept_invitation(token=token, by=person(ZOE), at=at).state == MemberState.ACTIVE


def test_it_lapses_with_the_role_of_who_sent_it(send, alice, person, commune, at):
    token = send()
    leave(collectivite=commune, by=alice, at=at)

    with pytest.raises(InvitationClosed):
        accept_invitation(token=token, by=person(ZOE), at=at)


def test_an_invitation_settles_a_waiting_request(send, paul, at):
    token = send(email=paul.email)

    member = accept_invitation(token=token, by=paul, at=at)

    assert member.state == MemberState.ACTIVE
    assert CollectiviteMember.objects.filter(user=paul).count() == 1


def test_a_member_accepts_nothing(send, person, commune, at):
    token = send()
    zoe = person(ZOE)
    MemberFactory(user=zoe, collectivite=commune)

    with pytest.raises(AlreadyMember):
        accept_invitation(token=token, by=zoe, at=at)


def test_a_forged_token_opens_nothing(send, person, at):
    send()

    for token in ("", "x", "a" * 43):
        with pytest.raises(InvitationClosed):
            accept_invitation(token=token, by=person(f"{len(token)}{ZOE}"), at=at)


@pytest.mark.parametrize("name", ["bob", "lea", "paul", "chloe", "sonia", "editor", "lone"])
def test_nobody_else_invites(request, commune, mailoutbox, at, name):
    with pytest.raises(NotEntitled):
        invite(
            collectivite=commune,
            email=ZOE,
            role=MemberRole.LECTEUR,
            by=request.getfixturevalue(name),
            at=at,
        )

    assert not Invitation.objects.exists()


@pytest.mark.parametrize("role", [MemberRole.REFERENT, "maire", ""])
def test_nobody_is_invited_above_contributeur(alice, commune, at, role):
    with pytest.raises(RoleNotOffered):
        invite(collectivite=commune, email=ZOE, role=role, by=alice, at=at)


def test_a_colleague_or_an_address_that_waits_is_not_invited(send, bob):
    send()

    with pytest.raises(AlreadyInvited):
        send()
    with pytest.raises(ColleagueAlready):
        send(email=bob.email.upper())


def test_an_expired_invitation_does_not_stand_in_the_way(send, at):
    send()

    send(at=at + timedelta(days=15))

    assert Invitation.objects.filter(cancelled_at=None).count() == 1


def test_sending_again_makes_the_first_link_dead(send, alice, mails, at):
    first = send()

    with mails:
        resend_invitation(invitation=Invitation.objects.get(), by=alice, at=at + timedelta(days=9))

    second = token_in(mails.sent[-1])
    assert find_invitation(second, at=at + timedelta(days=20)).email == ZOE
    with pytest.raises(InvitationClosed):
        find_invitation(first, at=at)


def test_a_cancelled_invitation_is_dead(send, alice, person, at):
    token = send()

    cancel_invitation(invitation=Invitation.objects.get(), by=alice, at=at)

    with pytest.raises(InvitationClosed):
        accept_invitation(token=token, by=person(ZOE), at=at)
    with pytest.raises(InvitationClosed):
        cancel_invitation(invitation=Invitation.objects.get(), by=alice, at=at)
    assert actions()[-1] == AuditAction.INVITATION_CANCELLED


def test_who_does_not_manage_neither_sends_again_nor_cancels(send, chloe, bob, at):
    send()

    for by in (chloe, bob):
        for act in (resend_invitation, cancel_invitation):
            with pytest.raises(NotEntitled):
                act(invitation=Invitation.objects.get(), by=by, at=at)


def test_invitations_are_not_sent_by_the_hundred(send, monkeypatch):
    monkeypatch.setattr(invitations, "MAX_INVITATIONS_A_DAY", 2)
    send("a@valmont.example")
    send("b@valmont.example")

    with pytest.raises(TooManyInvitations):
        send("c@valmont.example")


class TestOfTheOpsn:
    """An OPSN, or the national team, invites somebody to speak for a collectivité that it follows."""

    @pytest.mark.parametrize(
        ("name", "ground"), [("omar", Verification.OPSN), ("nadia", Verification.NATIONAL)]
    )
    def test_who_accepts_becomes_its_referent(
        self, request, other_person, send, commune, mails, at, name, ground
    ):
        inviter = request.getfixturevalue(name)
        token = send(role=MemberRole.REFERENT, by=inviter)

        with mails:
            member = accept_invitation(token=token, by=other_person, at=at)

        assert (member.state, member.role) == (MemberState.ACTIVE, MemberRole.REFERENT)
        assert (member.verification, member.verified_by) == (ground, inviter)
        assert commune.opsn.contact_email in mails.to, "who may contest it is told"

    def test_its_text_and_its_name_are_in_the_mail(self, omar, commune, mails, at):
        with mails:
            invite(
                collectivite=commune,
                email=ZOE,
                role=MemberRole.REFERENT,
                message="Je passe <mardi> à la mairie.",
                by=omar,
                at=at,
            )

        (mail,) = mails.sent
        assert "OPSN du Nord invite Valmont-sur-Claire" in mail.body
        assert "Je passe <mardi> à la mairie." in mail.body
        assert "Vous aurez le rôle de référent de Valmont-sur-Claire" in mail.body
        assert "Je passe &lt;mardi&gt; à la mairie." in mail.alternatives[0].content

    def test_it_invites_nobody_below(self, omar, commune, at):
        with pytest.raises(RoleNotOffered):
            invite(collectivite=commune, email=ZOE, role=MemberRole.LECTEUR, by=omar, at=at)

    def test_it_invites_nobody_outside_its_territory(self, omar, other_commune, at):
        with pytest.raises(NotEntitled):
            invite(collectivite=other_commune, email=ZOE, role=MemberRole.REFERENT, by=omar, at=at)

    def test_it_lapses_when_the_collectivite_has_another_opsn(
        self, send, omar, commune, other_opsn, other_person, at
    ):
        token = send(role=MemberRole.REFERENT, by=omar)
        commune.opsn = other_opsn
        commune.save()

        with pytest.raises(InvitationClosed):
            accept_invitation(token=token, by=other_person, at=at)

    @pytest.fixture
    def other_person(self, person):
        return person(ZOE)
