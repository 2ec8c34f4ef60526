"""Requests, decisions and contests: the acts."""

from datetime import timedelta

import pytest

from territories import affiliation
from territories.affiliation import (
    AddressNotConfirmed,
    AlreadyMember,
    AlreadyRequested,
    CollectiviteRetired,
    NotEntitled,
    NothingToDecide,
    RefusedBefore,
    TooManyRequests,
    approve_membership,
    contest_membership,
    refuse_membership,
    request_membership,
)
from territories.contestation import contest_url, contested_member
from territories.enums import AuditAction, MemberRole, MemberState, Verification
from territories.models import AuditEntry, CollectiviteMember
from territories.official_code import WaitsForADecision, can_send_code, enter_code, send_code
from territories.team import leave, remove_member
from tests.accounts.factories import UserFactory
from tests.territories.factories import CollectiviteFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def village(opsn):
    """Nobody represents it yet."""
    return CollectiviteFactory(
        name="Bourg-l’Étang", opsn=opsn, official_email="mairie@bourg-letang.example"
    )


def journal(collectivite):
    entries = AuditEntry.objects.filter(collectivite=collectivite).order_by("pk")
    return [(e.action, e.actor and e.actor.first_name, e.subject.first_name) for e in entries]


def the(user):
    return CollectiviteMember.objects.get(user=user)


class TestRequesting:
    def test_the_official_address_opens_a_commune_that_nobody_represents(
        self, village, person, mails, at
    ):
        marie = person("Mairie@bourg-letang.example", first_name="Marie")

        with mails:
            member = request_membership(collectivite=village, by=marie, at=at)

        assert (member.state, member.role) == (MemberState.ACTIVE, MemberRole.REFERENT)
        assert member.verification == Verification.OFFICIAL_EMAIL
        assert journal(village) == [(AuditAction.MEMBERSHIP_OPENED, "Marie", "Marie")]
        assert mails.to == [village.opsn.contact_email, "mairie@bourg-letang.example"]
        assert all("/espace/collectivite/contester/" in mail.body for mail in mails.sent)

    def test_the_own_domain_opens_it_too(self, village, person, at):
        member = request_membership(
            collectivite=village, by=person("luc@bourg-letang.example"), at=at
        )

        assert member.verification == Verification.OWN_DOMAIN

    def test_a_free_mail_address_waits_and_the_opsn_is_told(self, village, person, mails, at):
        luc = person("luc@gmail.com", first_name="Luc")

        with mails:
            member = request_membership(
                collectivite=village, message="Je suis l’adjoint", by=luc, at=at
            )

        assert (member.state, member.verification) == (MemberState.PENDING, "")
        assert journal(village) == [(AuditAction.MEMBERSHIP_REQUESTED, "Luc", "Luc")]
        assert mails.to == [village.opsn.contact_email]
        assert "Je suis l’adjoint" in mails.sent[0].body

    def test_where_there_is_no_opsn_the_national_team_is_told(self, person, mails, at, settings):
        settings.NATIONAL_CONTACT_EMAIL = "contact@declic.example"
        orphan = CollectiviteFactory(opsn=None)

        with mails:
            request_membership(collectivite=orphan, by=person("luc@gmail.com"), at=at)

        assert mails.to == ["contact@declic.example"]

    def test_a_strong_link_waits_too_where_there_are_members(
        self, alice, commune, person, mails, at
    ):
        commune.official_email = "mairie@valmont.example"
        commune.save()

        with mails:
            member = request_membership(
                collectivite=commune, by=person("mairie@valmont.example"), at=at
            )

        assert member.state == MemberState.PENDING
        assert mails.to == sorted([alice.email, commune.opsn.contact_email])

    def test_nothing_is_sent_when_nothing_is_committed(self, village, person, mailoutbox, at):
        request_membership(collectivite=village, by=person("luc@gmail.com"), at=at)

        assert mailoutbox == []

    def test_an_unconfirmed_address_asks_for_nothing(self, village, at):
        luc = UserFactory(email="mairie@bourg-letang.example", confirmed=False)

        with pytest.raises(AddressNotConfirmed):
            request_membership(collectivite=village, by=luc, at=at)

        assert not AuditEntry.objects.exists()

    def test_a_retired_collectivite_cannot_be_joined(self, village, person, at):
        village.retired_at = at.date()
        village.save()

        with pytest.raises(CollectiviteRetired):
            request_membership(collectivite=village, by=person("luc@gmail.com"), at=at)

    def test_asking_twice_is_said(self, village, paul, alice, commune, at):
        with pytest.raises(AlreadyRequested):
            request_membership(collectivite=commune, by=paul, at=at)
        with pytest.raises(AlreadyMember):
            request_membership(collectivite=commune, by=alice, at=at)

    def test_a_refusal_stands(self, alice, paul, commune, at):
        refuse_membership(member=the(paul), by=alice, at=at)

        with pytest.raises(RefusedBefore):
            request_membership(collectivite=commune, by=paul, at=at + timedelta(days=400))

        assert the(paul).state == MemberState.REFUSED

    def test_somebody_who_left_may_ask_again(self, village, person, at):
        luc = person("luc@gmail.com")
        request_membership(collectivite=village, by=luc, at=at)
        CollectiviteMember.objects.update(state=MemberState.LEFT)

        member = request_membership(collectivite=village, by=luc, at=at)

        assert member.state == MemberState.PENDING
        assert CollectiviteMember.objects.filter(user=luc).count() == 1

    def test_requests_are_not_made_by_the_dozen(self, person, at, monkeypatch):
        monkeypatch.setattr(affiliation, "MAX_REQUESTS_A_DAY", 2)
        luc = person("luc@gmail.com")
        for _ in range(2):
            request_membership(collectivite=CollectiviteFactory(), by=luc, at=at)

        with pytest.raises(TooManyRequests):
            request_membership(collectivite=CollectiviteFactory(), by=luc, at=at)

        later = at + timedelta(days=1, seconds=1)
        assert request_membership(collectivite=CollectiviteFactory(), by=luc, at=later).pk


class TestDeciding:
    @pytest.mark.parametrize(
        ("name", "ground"),
        [
            ("alice", Verification.REFERENT),
            ("omar", Verification.OPSN),
            ("nadia", Verification.NATIONAL),
        ],
    )
    def test_those_entitled_accept(self, request, alice, paul, commune, mails, at, name, ground):
        by = request.getfixturevalue(name)

        with mails:
            member = approve_membership(member=the(paul), by=by, at=at)

        assert (member.state, member.role) == (MemberState.ACTIVE, MemberRole.CONTRIBUTEUR)
        assert (member.verification, member.verified_by) == (ground, by)
        assert journal(commune) == [(AuditAction.MEMBERSHIP_APPROVED, by.first_name, "Paul")]
        assert mails.to == sorted([paul.email, commune.opsn.contact_email])

    def test_the_first_member_accepted_is_the_referent(self, omar, paul, at):
        assert approve_membership(member=the(paul), by=omar, at=at).role == MemberRole.REFERENT

    @pytest.mark.parametrize("name", ["bob", "lea", "paul", "chloe", "sonia", "editor", "lone"])
    def test_nobody_else_decides(self, request, alice, paul, commune, at, name):
        by = request.getfixturevalue(name)

        for act in (approve_membership, refuse_membership):
            with pytest.raises(NotEntitled):
                act(member=the(paul), by=by, at=at)

        assert the(paul).state == MemberState.PENDING
        assert journal(commune) == []

    def test_those_entitled_refuse(self, alice, paul, commune, mails, at):
        with mails:
            member = refuse_membership(member=the(paul), by=alice, at=at)

        assert member.state == MemberState.REFUSED
        assert journal(commune) == [(AuditAction.MEMBERSHIP_REFUSED, "Alice", "Paul")]
        assert mails.to == [paul.email]
        assert "Alice" not in mails.sent[0].body
        assert commune.opsn.contact_email in mails.sent[0].body

    def test_a_decision_is_taken_once(self, alice, paul, at):
        approve_membership(member=the(paul), by=alice, at=at)

        for act in (approve_membership, refuse_membership):
            with pytest.raises(NothingToDecide):
                act(member=the(paul), by=alice, at=at)

    def test_the_opsn_and_not_the_referent_reverses_a_refusal(self, alice, omar, paul, at):
        refuse_membership(member=the(paul), by=alice, at=at)

        with pytest.raises(NothingToDecide):
            approve_membership(member=the(paul), by=alice, at=at)
        member = approve_membership(member=the(paul), by=omar, at=at)

        assert member.state == MemberState.ACTIVE

    def test_apps_above_are_called_in_the_same_transaction(self, alice, paul, at, monkeypatch):
        calls = []
        monkeypatch.setattr(affiliation, "on_membership_opened", [lambda *args: calls.append(args)])

        member = approve_membership(member=the(paul), by=alice, at=at)

        assert calls == [(member, alice, at)]

    def test_nothing_is_decided_when_an_app_above_fails(
        self, alice, paul, commune, at, monkeypatch
    ):
        def fail(member, by, at):
            raise ZeroDivisionError

        monkeypatch.setattr(affiliation, "on_membership_opened", [fail])

        with pytest.raises(ZeroDivisionError):
            approve_membership(member=the(paul), by=alice, at=at)

        assert the(paul).state == MemberState.PENDING
        assert journal(commune) == []


class TestContesting:
    def test_the_link_suspends_the_member_and_tells_those_who_decide(
        self, village, person, mails, at
    ):
        marie = person("marie@bourg-letang.example", first_name="Marie")
        member = request_membership(collectivite=village, by=marie, at=at)

        with mails:
            contest_membership(member=contested_member(token_of(member)), by=None, at=at)

        assert the(marie).state == MemberState.PENDING
        assert journal(village)[-1] == (AuditAction.MEMBERSHIP_CONTESTED, None, "Marie")
        assert mails.to == sorted([marie.email, village.opsn.contact_email])

    def test_the_link_dies_once_used(self, village, person, at):
        member = request_membership(
            collectivite=village, by=person("marie@bourg-letang.example"), at=at
        )
        token = token_of(member)
        contest_membership(member=member, by=None, at=at)

        assert contested_member(token) is None
        with pytest.raises(NothingToDecide):
            contest_membership(member=member, by=None, at=at)

    def test_the_link_of_an_earlier_decision_is_dead(self, village, person, omar, at):
        member = request_membership(
            collectivite=village, by=person("marie@bourg-letang.example"), at=at
        )
        token = token_of(member)
        contest_membership(member=member, by=None, at=at)
        approve_membership(member=member, by=omar, at=at + timedelta(days=1))

        assert contested_member(token) is None

    @pytest.mark.parametrize("token", ["", "x", "WzEsICJ4Il0:1abc:forged"])
    def test_a_forged_link_contests_nobody(self, alice, token):
        assert contested_member(token) is None


class TestComingBack:
    """Who was contested or removed does not open by herself what somebody entitled took from her."""

    @pytest.fixture
    def marie(self, village, person, at):
        """She opened the village by an address of its domain, and was its only member."""
        marie = person("marie@bourg-letang.example", first_name="Marie")
        request_membership(collectivite=village, by=marie, at=at)
        return marie

    @pytest.fixture
    def contested(self, marie, at):
        contest_membership(member=the(marie), by=None, at=at)
        return marie

    def test_to_leave_and_ask_again_waits_for_a_decision(self, village, contested, mails, at):
        leave(collectivite=village, by=contested, at=at + timedelta(minutes=1))

        with mails:
            request_membership(collectivite=village, by=contested, at=at + timedelta(minutes=2))

        assert (the(contested).state, the(contested).verification) == (MemberState.PENDING, "")
        assert mails.to == [village.opsn.contact_email]

    def test_no_code_opens_it_either(self, village, contested, at):
        assert not can_send_code(the(contested))
        with pytest.raises(WaitsForADecision):
            send_code(member=the(contested), by=contested, at=at)

    def test_a_code_sent_before_the_contest_is_dead(self, village, person, mails, at):
        luc = person("luc@gmail.com")
        member = request_membership(collectivite=village, by=luc, at=at)
        with mails:
            send_code(member=member, by=luc, at=at)
        code = mails.sent[-1].body.split("\n\n")[2]
        AuditEntry.objects.create(
            action=AuditAction.MEMBERSHIP_CONTESTED, collectivite=village, subject=luc, at=at
        )

        with pytest.raises(WaitsForADecision):
            enter_code(member=member, code=code, by=luc, at=at)

        assert the(luc).state == MemberState.PENDING

    def test_it_opens_again_once_the_opsn_has_decided(self, village, contested, omar, at):
        approve_membership(member=the(contested), by=omar, at=at + timedelta(days=1))
        leave(collectivite=village, by=contested, at=at + timedelta(days=2))

        member = request_membership(collectivite=village, by=contested, at=at + timedelta(days=3))

        assert (member.state, member.role) == (MemberState.ACTIVE, MemberRole.REFERENT)

    def test_a_colleague_who_was_removed_waits_too(self, village, marie, person, omar, at):
        luc = person("luc@bourg-letang.example", first_name="Luc")
        member = request_membership(collectivite=village, by=luc, at=at)
        approve_membership(member=member, by=marie, at=at + timedelta(days=1))
        remove_member(member=the(luc), by=marie, at=at + timedelta(days=2))
        leave(collectivite=village, by=marie, at=at + timedelta(days=3))

        member = request_membership(collectivite=village, by=luc, at=at + timedelta(days=4))

        assert member.state == MemberState.PENDING

    def test_a_contest_says_nothing_of_a_colleague(self, village, contested, person, at):
        luc = person("luc@bourg-letang.example", first_name="Luc")

        member = request_membership(collectivite=village, by=luc, at=at)

        assert member.state == MemberState.ACTIVE


class TestChangingAddress:
    def test_a_new_address_starts_the_check_again(self, alice, bob, commune, mails, at):
        alice.email = "alice@gmail.com"

        with mails:
            affiliation.check_again(alice, at)

        assert the(alice).state == MemberState.PENDING
        assert the(bob).state == MemberState.ACTIVE
        assert journal(commune) == [(AuditAction.MEMBERSHIP_REQUESTED, "Alice", "Alice")]
        assert mails.to == [commune.opsn.contact_email]

    def test_a_new_address_with_a_strong_link_changes_nothing(self, alice, commune, at):
        commune.official_email = "mairie@valmont.example"
        commune.save()
        alice.email = "alice.martin@valmont.example"

        affiliation.check_again(alice, at)

        assert the(alice).state == MemberState.ACTIVE

    def test_it_is_registered_with_the_accounts(self):
        from accounts.addresses import on_address_changed

        assert affiliation.check_again in on_address_changed


def token_of(member) -> str:
    return contest_url(member).rstrip("/").rsplit("/", 1)[1]
