"""The members of a collectivité among themselves: roles, removal, departure."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from territories import rules
from territories.affiliation import AffiliationError, NotEntitled
from territories.enums import AuditAction, MemberRole, MemberState
from territories.journal import record
from territories.models import Collectivite, CollectiviteMember
from territories.notices import tell_about_departure
from territories.scoping import everything


class LastReferent(AffiliationError):
    sentence = "Il faut au moins un référent : donnez d’abord ce rôle à une autre personne."


class NotAMember(AffiliationError):
    sentence = "Cette personne n’est plus membre de la collectivité."


def change_role(*, member: CollectiviteMember, role: MemberRole, by: User, at: datetime) -> None:
    """Give an active member another role. Raises NotEntitled, NotAMember, LastReferent."""
    with transaction.atomic(), everything():
        member = _locked(member, by)
        role = MemberRole(role)
        if member.role == role:
            return
        _check_a_referent_stays(member)
        ground = f"{MemberRole(member.role).label} → {role.label}"
        member.role = role
        member.save(update_fields=["role"])
        record(
            AuditAction.ROLE_CHANGED,
            member.collectivite,
            by=by,
            at=at,
            subject=member.user,
            ground=ground,
        )


def remove_member(*, member: CollectiviteMember, by: User, at: datetime) -> None:
    """End a colleague's membership at once. Raises NotEntitled, NotAMember, LastReferent."""
    with transaction.atomic(), everything():
        member = _locked(member, by)
        _check_a_referent_stays(member)
        _end(member, at)
        record(
            AuditAction.MEMBERSHIP_REMOVED, member.collectivite, by=by, at=at, subject=member.user
        )
        tell_about_departure(member)


def leave(*, collectivite: Collectivite, by: User, at: datetime) -> None:
    """End one's own membership, or take back one's request. Raises NotAMember, LastReferent.

    The only member may leave; a refusal is not left, it stands.
    """
    with transaction.atomic(), everything():
        Collectivite.objects.select_for_update(of=("self",)).get(pk=collectivite.pk)
        member = CollectiviteMember.objects.filter(user=by, collectivite=collectivite).first()
        if member is None or member.state not in (MemberState.ACTIVE, MemberState.PENDING):
            raise NotAMember
        if member.state == MemberState.ACTIVE and _colleagues(member).exists():
            _check_a_referent_stays(member)
        _end(member, at)
        record(AuditAction.MEMBERSHIP_LEFT, collectivite, by=by, at=at, subject=by)


def _locked(member: CollectiviteMember, by: User) -> CollectiviteMember:
    """Two référents who demote each other at once: the collectivité's row makes one wait for the other."""
    Collectivite.objects.select_for_update(of=("self",)).get(pk=member.collectivite_id)
    member = CollectiviteMember.objects.select_related("collectivite", "user").get(pk=member.pk)
    if not rules.can_manage_members(by, member.collectivite):
        raise NotEntitled
    if member.state != MemberState.ACTIVE:
        raise NotAMember
    return member


def _colleagues(member: CollectiviteMember):
    others = CollectiviteMember.objects.active().exclude(pk=member.pk)
    return others.filter(collectivite_id=member.collectivite_id)


def _check_a_referent_stays(member: CollectiviteMember) -> None:
    if member.role != MemberRole.REFERENT:
        return
    if not _colleagues(member).filter(role=MemberRole.REFERENT).exists():
        raise LastReferent


def _end(member: CollectiviteMember, at: datetime) -> None:
    member.state, member.decided_at = MemberState.LEFT, at
    member.save(update_fields=["state", "decided_at"])
