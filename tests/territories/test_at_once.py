"""Two people at once: one row, one first référent, one référent who stays. PostgreSQL only."""

import threading

import pytest
from django.db import connection

from territories.affiliation import AffiliationError, approve_membership, request_membership
from territories.enums import MemberRole, MemberState
from territories.invitations import accept_invitation, invite
from territories.models import AuditEntry, CollectiviteMember, Invitation
from territories.scoping import everything
from territories.team import leave
from tests.accounts.factories import UserFactory
from tests.territories.factories import CollectiviteFactory, MemberFactory

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def at_once(*calls) -> list:
    """Run the calls in threads that start together; return what each gave, or the error it raised."""
    outcomes, barrier = [], threading.Barrier(len(calls))

    def run(call):
        barrier.wait()
        try:
            with everything():
                outcomes.append(call())
        except AffiliationError as error:
            outcomes.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[call]) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_of_eight_first_members_one_is_the_referent_and_the_others_wait(at):
    village = CollectiviteFactory(official_email="mairie@bourg.example")
    people = [UserFactory(email=f"p{n}@bourg.example") for n in range(8)]

    at_once(*(lambda p=p: request_membership(collectivite=village, by=p, at=at) for p in people))

    states = sorted(CollectiviteMember.objects.values_list("state", flat=True))
    assert states == [MemberState.ACTIVE] + [MemberState.PENDING] * 7


def test_the_same_request_sent_eight_times_makes_one_row(at):
    village, luc = CollectiviteFactory(), UserFactory()

    at_once(*[lambda: request_membership(collectivite=village, by=luc, at=at)] * 8)

    assert CollectiviteMember.objects.count() == AuditEntry.objects.count() == 1


def test_of_six_requests_accepted_at_once_one_makes_the_referent(at, nadia):
    commune = CollectiviteFactory()
    pending = {"state": MemberState.PENDING, "verification": "", "requested_at": at}
    waiting = [MemberFactory(collectivite=commune, **pending) for _ in range(6)]

    at_once(*(lambda m=m: approve_membership(member=m, by=nadia, at=at) for m in waiting))

    roles = sorted(CollectiviteMember.objects.active().values_list("role", flat=True))
    assert roles == [MemberRole.CONTRIBUTEUR] * 5 + [MemberRole.REFERENT]


def test_two_referents_who_leave_at_once_do_not_leave_the_others_alone(at):
    commune = CollectiviteFactory()
    referents = [MemberFactory(collectivite=commune, role=MemberRole.REFERENT) for _ in range(2)]
    MemberFactory(collectivite=commune)

    at_once(*(lambda m=m: leave(collectivite=commune, by=m.user, at=at) for m in referents))

    left = CollectiviteMember.objects.filter(role=MemberRole.REFERENT).active()
    assert left.count() == 1


def test_an_invitation_accepted_in_two_tabs_opens_one_membership(at, mailoutbox):
    referent = MemberFactory(role=MemberRole.REFERENT)
    zoe = UserFactory(email="zoe@bourg.example")
    invite(
        collectivite=referent.collectivite,
        email=zoe.email,
        role=MemberRole.LECTEUR,
        by=referent.user,
        at=at,
    )
    (line,) = (li for li in mailoutbox[0].body.splitlines() if "/invitation/" in li)
    token = line.rstrip("/").rsplit("/", 1)[1]

    at_once(*[lambda: accept_invitation(token=token, by=zoe, at=at)] * 2)

    assert CollectiviteMember.objects.filter(user=zoe).count() == 1
    assert Invitation.objects.get().accepted_at == at
