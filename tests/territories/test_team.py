import pytest

from territories.affiliation import NotEntitled
from territories.enums import AuditAction, MemberRole, MemberState
from territories.models import AuditEntry, CollectiviteMember
from territories.team import LastReferent, NotAMember, change_role, leave, remove_member

pytestmark = pytest.mark.django_db


def the(user):
    return CollectiviteMember.objects.get(user=user)


def actions():
    return list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))


def test_a_referent_changes_a_role(alice, bob, at):
    change_role(member=the(bob), role=MemberRole.REFERENT, by=alice, at=at)

    entry = AuditEntry.objects.get()
    assert the(bob).role == MemberRole.REFERENT
    assert (entry.action, entry.actor, entry.subject, entry.ground) == (
        AuditAction.ROLE_CHANGED,
        alice,
        bob,
        "contributeur → référent",
    )


def test_the_same_role_leaves_no_trace(alice, bob, at):
    change_role(member=the(bob), role=MemberRole.CONTRIBUTEUR, by=alice, at=at)

    assert actions() == []


def test_a_role_that_does_not_exist_is_refused(alice, bob, at):
    with pytest.raises(ValueError, match="maire"):
        change_role(member=the(bob), role="maire", by=alice, at=at)


def test_one_referent_stays(alice, bob, at):
    with pytest.raises(LastReferent):
        change_role(member=the(alice), role=MemberRole.LECTEUR, by=alice, at=at)
    with pytest.raises(LastReferent):
        remove_member(member=the(alice), by=alice, at=at)
    with pytest.raises(LastReferent):
        leave(collectivite=the(alice).collectivite, by=alice, at=at)

    assert (the(alice).role, the(alice).state) == (MemberRole.REFERENT, MemberState.ACTIVE)


def test_a_referent_leaves_once_there_is_another(alice, bob, commune, at):
    change_role(member=the(bob), role=MemberRole.REFERENT, by=alice, at=at)

    leave(collectivite=commune, by=alice, at=at)

    assert the(alice).state == MemberState.LEFT
    assert actions() == [AuditAction.ROLE_CHANGED, AuditAction.MEMBERSHIP_LEFT]


def test_the_only_member_may_leave(alice, commune, at):
    leave(collectivite=commune, by=alice, at=at)

    assert the(alice).state == MemberState.LEFT


def test_a_referent_removes_a_colleague_who_is_told(alice, bob, mails, at):
    with mails:
        remove_member(member=the(bob), by=alice, at=at)

    assert the(bob).state == MemberState.LEFT
    assert actions() == [AuditAction.MEMBERSHIP_REMOVED]
    assert mails.to == [bob.email]


@pytest.mark.parametrize("name", ["bob", "lea", "paul", "chloe", "omar", "nadia", "lone"])
def test_nobody_else_manages_the_members(request, alice, bob, at, name):
    by = request.getfixturevalue(name)

    with pytest.raises(NotEntitled):
        change_role(member=the(bob), role=MemberRole.REFERENT, by=by, at=at)
    with pytest.raises(NotEntitled):
        remove_member(member=the(bob), by=by, at=at)

    assert (the(bob).role, the(bob).state) == (MemberRole.CONTRIBUTEUR, MemberState.ACTIVE)
    assert actions() == []


def test_who_is_no_member_any_more_has_no_role(alice, bob, paul, at):
    remove_member(member=the(bob), by=alice, at=at)

    for member in (the(bob), the(paul)):
        with pytest.raises(NotAMember):
            change_role(member=member, role=MemberRole.LECTEUR, by=alice, at=at)


def test_a_request_can_be_taken_back(paul, commune, at):
    leave(collectivite=commune, by=paul, at=at)

    assert the(paul).state == MemberState.LEFT


def test_a_refusal_is_not_left(paul, lone, commune, at):
    CollectiviteMember.objects.filter(user=paul).update(state=MemberState.REFUSED)

    for user in (paul, lone):
        with pytest.raises(NotAMember):
            leave(collectivite=commune, by=user, at=at)

    assert the(paul).state == MemberState.REFUSED
