"""The durations of the page « Données personnelles » are kept, and the command can be run twice."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from smtplib import SMTPRecipientsRefused

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command

from accounts import retention as accounts_retention
from accounts.models import User
from territories import retention
from territories.enums import AuditAction, MemberRole, MemberState
from territories.journal import record
from territories.models import AuditEntry, CollectiviteMember, Invitation, OpsnMember
from tests.accounts.factories import UserFactory
from tests.territories.factories import MemberFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2030, 6, 1, 9, 0, tzinfo=UTC)


def last_seen(user, days_ago: int) -> User:
    user.last_login = user.date_joined = NOW - timedelta(days=days_ago)
    user.save()
    return user


def test_an_account_never_confirmed_is_deleted_after_thirty_days():
    late = UserFactory(confirmed=False, date_joined=NOW - timedelta(days=31))
    recent = UserFactory(confirmed=False, date_joined=NOW - timedelta(days=29))
    confirmed = UserFactory(date_joined=NOW - timedelta(days=400))

    assert accounts_retention.delete_unconfirmed(at=NOW, dry=False) == 1

    assert not User.objects.filter(pk=late.pk).exists()
    assert User.objects.filter(pk__in=[recent.pk, confirmed.pk]).count() == 2


def test_an_idle_person_is_warned_once(django_capture_on_commit_callbacks):
    idle = last_seen(UserFactory(email="idle@commune.example"), 3 * 365 - 10)
    last_seen(UserFactory(email="active@commune.example"), 100)

    with django_capture_on_commit_callbacks(execute=True):
        assert accounts_retention.warn_idle(at=NOW, dry=False) == 1
    with django_capture_on_commit_callbacks(execute=True):
        assert accounts_retention.warn_idle(at=NOW + timedelta(days=1), dry=False) == 0

    assert [m.to for m in mail.outbox] == [[idle.email]]
    assert "/compte/connexion/" in mail.outbox[0].body


def test_an_address_that_refuses_its_mail_keeps_nobody_else_from_being_warned(
    django_capture_on_commit_callbacks, monkeypatch
):
    class Refusing(EmailBackend):
        def send_messages(self, messages):
            if messages[0].to == ["bad@commune.example"]:
                raise SMTPRecipientsRefused({})
            return super().send_messages(messages)

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend", Refusing)
    for name in ("bad", "good"):
        last_seen(UserFactory(email=f"{name}@commune.example"), 3 * 365 - 10)

    with django_capture_on_commit_callbacks(execute=True):
        assert accounts_retention.warn_idle(at=NOW, dry=False) == 2

    assert [m.to for m in mail.outbox] == [["good@commune.example"]]


def test_she_is_anonymised_a_month_after_the_warning_and_her_rights_end(commune):
    idle = last_seen(UserFactory(first_name="Irène", phone="06 00 00 00 00"), 3 * 365 + 31)
    MemberFactory(user=idle, collectivite=commune, role=MemberRole.REFERENT)
    accounts_retention.warn_idle(at=NOW - timedelta(days=30), dry=False)

    assert retention.anonymise_idle(at=NOW, dry=False) == 1
    assert retention.anonymise_idle(at=NOW, dry=False) == 0

    idle.refresh_from_db()
    assert (idle.first_name, idle.last_name, idle.phone, idle.is_active) == ("", "", "", False)
    assert idle.email == f"compte-{idle.pk}@efface.invalid"
    assert not idle.has_usable_password()
    assert not EmailAddress.objects.filter(user=idle).exists()
    assert CollectiviteMember.objects.get(user=idle).state == MemberState.LEFT


def test_who_came_back_after_the_warning_is_left_alone():
    idle = last_seen(UserFactory(), 3 * 365 + 31)
    accounts_retention.warn_idle(at=NOW - timedelta(days=30), dry=False)
    last_seen(idle, 5)

    assert retention.anonymise_idle(at=NOW, dry=False) == 0


def test_the_national_team_is_never_anonymised_by_the_command(nadia):
    last_seen(nadia, 5 * 365)

    assert accounts_retention.warn_idle(at=NOW, dry=False) == 0


def test_to_be_forgotten_on_request_ends_every_membership(omar, alice):
    retention.forget(omar, at=NOW)
    retention.forget(alice, at=NOW)

    assert not OpsnMember.objects.filter(user=omar).exists()
    assert CollectiviteMember.objects.get(user=alice).state == MemberState.LEFT


def test_her_address_goes_from_the_invitations_and_from_the_journal(commune, alice, omar, bob):
    """Of hers, and of hers alone; what the journal says of acts stays."""
    EmailAddress.objects.create(user=bob, email="bob.nouveau@valmont.example")
    others = ("jean.bob@valmont.example", "bob@valmont.example.test")
    for address in ("Bob@valmont.example", "bob.nouveau@valmont.example", *others):
        sent = {"collectivite": commune, "by": alice, "at": NOW}
        record(AuditAction.INVITATION_SENT, ground=f"{address} (lecteur)", **sent)
        record(AuditAction.INVITATION_CANCELLED, ground=address, **sent)
        Invitation.objects.create(
            collectivite=commune,
            email=address,
            role=MemberRole.LECTEUR,
            digest=address,
            invited_by=alice,
            expires_at=NOW,
        )

    retention.forget(bob, at=NOW)

    left = sorted(Invitation.objects.values_list("email", flat=True))
    grounds = sorted(AuditEntry.objects.values_list("ground", flat=True))
    assert left == sorted(others)
    assert grounds == sorted(
        ["adresse effacée"] * 4 + [f"{o} (lecteur)" for o in others] + list(others)
    )


def test_requests_without_an_answer_go_after_a_year(commune):
    waits = {"collectivite": commune, "state": MemberState.PENDING, "verification": ""}
    MemberFactory(**waits, requested_at=NOW - timedelta(days=366))
    recent = MemberFactory(**waits, requested_at=NOW - timedelta(days=364))
    MemberFactory(collectivite=commune, requested_at=NOW - timedelta(days=366))

    assert retention.delete_requests(at=NOW, dry=True) == 1
    assert retention.delete_requests(at=NOW, dry=False) == 1
    assert retention.delete_requests(at=NOW, dry=False) == 0

    assert CollectiviteMember.objects.get(state=MemberState.PENDING) == recent
    assert CollectiviteMember.objects.active().count() == 1


def test_memberships_that_ended_go_with_the_journal(commune):
    gone = {"collectivite": commune, "state": MemberState.LEFT}
    MemberFactory(**gone, decided_at=NOW - timedelta(days=1096))
    recent = MemberFactory(**gone, decided_at=NOW - timedelta(days=1094))
    active = MemberFactory(collectivite=commune, decided_at=NOW - timedelta(days=1096))

    assert retention.delete_departures(at=NOW, dry=True) == 1
    assert retention.delete_departures(at=NOW, dry=False) == 1

    assert set(CollectiviteMember.objects.all()) == {recent, active}


def test_refusals_invitations_and_the_journal_go_in_their_time(commune, alice):
    refused = {"collectivite": commune, "state": MemberState.REFUSED, "verification": ""}
    MemberFactory(**refused, decided_at=NOW - timedelta(days=366))
    MemberFactory(**refused, decided_at=NOW - timedelta(days=364))
    for number, days in enumerate((93, 91)):
        Invitation.objects.create(
            collectivite=commune,
            email=f"invitee{number}@valmont.example",
            role=MemberRole.LECTEUR,
            digest=str(number),
            invited_by=alice,
            expires_at=NOW - timedelta(days=days),
        )
    for days in (1096, 1094):
        at = NOW - timedelta(days=days)
        record(AuditAction.ROLE_CHANGED, commune, by=alice, at=at)

    assert retention.delete_requests(at=NOW, dry=False) == 1
    assert retention.delete_invitations(at=NOW, dry=False) == 1
    assert retention.trim_journal(at=NOW, dry=False) == 1

    assert CollectiviteMember.objects.filter(state=MemberState.REFUSED).count() == 1
    assert Invitation.objects.count() == 1
    assert AuditEntry.objects.count() == 1


def test_a_dry_run_counts_and_changes_nothing(commune):
    UserFactory(confirmed=False, date_joined=datetime(2020, 1, 1, tzinfo=UTC))
    before = list(User.objects.values())
    out = StringIO()

    call_command("apply_retention", "--dry-run", stdout=out)

    assert "1 inscriptions jamais confirmées effacées" in out.getvalue()
    assert list(User.objects.values()) == before
