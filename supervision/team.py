"""The people of an OPSN: invited, given a role, removed. By a responsable or the national team."""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import transaction

from accounts.addresses import has_confirmed_address
from accounts.models import User
from supervision.models import OpsnInvitation
from supervision.notices import tell_opsn_departure, tell_opsn_invitation
from supervision.tokens import revoke_tokens_of
from territories.affiliation import AddressNotConfirmed, AffiliationError, NotEntitled
from territories.enums import AuditAction, OpsnRole
from territories.invitations import (
    AlreadyInvited,
    InvitationClosed,
    InvitationForAnother,
    TooManyInvitations,
)
from territories.journal import record
from territories.models import AuditEntry, Opsn, OpsnMember
from territories.rules import manages_opsn
from territories.scoping import everything

VALIDITY = timedelta(days=14)
MAX_INVITATIONS_A_DAY = 20


class RoleUnknown(AffiliationError):
    sentence = "On est responsable ou conseiller."


class ColleagueAlready(AffiliationError):
    sentence = "Cette personne est déjà de votre OPSN."


class LastResponsable(AffiliationError):
    sentence = "Il faut au moins un responsable : donnez d’abord ce rôle à une autre personne."


def invite_member(
    *, opsn: Opsn, email: str, role: OpsnRole, by: User, at: datetime
) -> OpsnInvitation:
    """Send an invitation; an open one to the same address is replaced when it has expired.

    Raises NotEntitled, RoleUnknown, ColleagueAlready, AlreadyInvited, TooManyInvitations.
    """
    email = email.strip().lower()
    with transaction.atomic(), everything():
        opsn = _locked(opsn, by)
        if role not in OpsnRole:
            raise RoleUnknown
        if OpsnMember.objects.filter(opsn=opsn, user__email__iexact=email).exists():
            raise ColleagueAlready
        waiting = OpsnInvitation.objects.filter(
            opsn=opsn, email=email, accepted_at=None, cancelled_at=None
        )
        waiting.filter(expires_at__lte=at).update(cancelled_at=at)
        if waiting.exists():
            raise AlreadyInvited
        invitation = OpsnInvitation(opsn=opsn, email=email, role=role, created_at=at)
        _send(invitation, by=by, at=at)
    return invitation


def resend_member_invitation(*, invitation: OpsnInvitation, by: User, at: datetime) -> None:
    """Send a new link; the earlier one is dead. Raises NotEntitled, InvitationClosed, TooManyInvitations."""
    with transaction.atomic(), everything():
        _send(_locked_open(invitation, by), by=by, at=at)


def cancel_member_invitation(*, invitation: OpsnInvitation, by: User, at: datetime) -> None:
    """Take back an open invitation. Raises NotEntitled, InvitationClosed."""
    with transaction.atomic(), everything():
        invitation = _locked_open(invitation, by)
        invitation.cancelled_at = at
        invitation.save(update_fields=["cancelled_at"])
        _record(AuditAction.INVITATION_CANCELLED, invitation.opsn, by, at, ground=invitation.email)


def find_member_invitation(token: str, *, at: datetime) -> OpsnInvitation:
    """Return the open invitation of a link; raises InvitationClosed when there is none, or when who sent it lost her role."""
    with everything():  # the token is the right
        rows = OpsnInvitation.objects.filter(
            digest=_digest(token),
            accepted_at=None,
            cancelled_at=None,
            expires_at__gt=at,
            opsn__active=True,
        )
        invitation = rows.select_related("opsn", "invited_by").first()
    if invitation is None or not manages_opsn(invitation.invited_by, invitation.opsn):
        raise InvitationClosed
    return invitation


def accept_member_invitation(*, token: str, by: User, at: datetime) -> OpsnMember:
    """Make the invited person a member. Raises InvitationClosed, InvitationForAnother, AddressNotConfirmed."""
    with transaction.atomic(), everything():
        invitation = find_member_invitation(token, at=at)
        invitation = OpsnInvitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
        if invitation.accepted_at or invitation.cancelled_at:
            raise InvitationClosed
        if by.email.lower() != invitation.email.lower():
            raise InvitationForAnother
        if not has_confirmed_address(by):
            raise AddressNotConfirmed
        invitation.accepted_at = at
        invitation.save(update_fields=["accepted_at"])
        member, _ = OpsnMember.objects.get_or_create(
            user=by, opsn=invitation.opsn, defaults={"role": invitation.role}
        )
        ground = OpsnRole(member.role).label
        _record(AuditAction.OPSN_MEMBER_JOINED, invitation.opsn, by, at, subject=by, ground=ground)
    return member


def change_member_role(*, member: OpsnMember, role: OpsnRole, by: User, at: datetime) -> None:
    """Change it; the tokens that she made end with the role. Raises NotEntitled, RoleUnknown, LastResponsable."""
    with transaction.atomic(), everything():
        if role not in OpsnRole:
            raise RoleUnknown
        opsn = _locked(member.opsn, by)
        member = OpsnMember.objects.select_related("user").get(pk=member.pk)
        if member.role == role:
            return
        _check_a_responsable_stays(member)
        ground = f"{OpsnRole(member.role).label} → {OpsnRole(role).label}"
        member.role = role
        member.save(update_fields=["role"])
        _record(AuditAction.OPSN_ROLE_CHANGED, opsn, by, at, subject=member.user, ground=ground)
        revoke_tokens_of(member.user, opsn, by=by, at=at)


def remove_opsn_member(*, member: OpsnMember, by: User, at: datetime) -> None:
    """End it at once, with the tokens that she made; the collectivités that she followed have no adviser any more.

    Raises NotEntitled, LastResponsable.
    """
    with transaction.atomic(), everything():
        opsn = _locked(member.opsn, by)
        member = OpsnMember.objects.select_related("user").get(pk=member.pk)
        _check_a_responsable_stays(member)
        user = member.user
        member.delete()
        _record(AuditAction.OPSN_MEMBER_REMOVED, opsn, by, at, subject=user)
        revoke_tokens_of(user, opsn, by=by, at=at)
        tell_opsn_departure(opsn, user)


def _locked(opsn: Opsn, by: User) -> Opsn:
    """Two responsables who remove each other at once: the row of the OPSN makes one wait for the other."""
    opsn = Opsn.objects.select_for_update(of=("self",)).get(pk=opsn.pk)
    if not manages_opsn(by, opsn):
        raise NotEntitled
    return opsn


def _locked_open(invitation: OpsnInvitation, by: User) -> OpsnInvitation:
    rows = OpsnInvitation.objects.select_for_update(of=("self",)).select_related("opsn")
    invitation = rows.get(pk=invitation.pk)
    if not manages_opsn(by, invitation.opsn):
        raise NotEntitled
    if invitation.accepted_at or invitation.cancelled_at:
        raise InvitationClosed
    return invitation


def _send(invitation: OpsnInvitation, *, by: User, at: datetime) -> None:
    today = AuditEntry.objects.filter(
        opsn=invitation.opsn,
        action=AuditAction.OPSN_MEMBER_INVITED,
        at__gt=at - timedelta(days=1),
    )
    if today.count() >= MAX_INVITATIONS_A_DAY:
        raise TooManyInvitations
    token = secrets.token_urlsafe(32)
    invitation.digest, invitation.invited_by = _digest(token), by
    invitation.expires_at = at + VALIDITY
    invitation.save()
    ground = f"{invitation.email} ({OpsnRole(invitation.role).label})"
    _record(AuditAction.OPSN_MEMBER_INVITED, invitation.opsn, by, at, ground=ground)
    tell_opsn_invitation(invitation, token)


def _check_a_responsable_stays(member: OpsnMember) -> None:
    others = OpsnMember.objects.filter(opsn=member.opsn_id, role=OpsnRole.RESPONSABLE)
    if member.role == OpsnRole.RESPONSABLE and not others.exclude(pk=member.pk).exists():
        raise LastResponsable


def _record(action: AuditAction, opsn: Opsn, by: User, at: datetime, **more) -> None:
    record(action, None, by=by, at=at, opsn=opsn, **more)


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
