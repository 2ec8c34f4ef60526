"""Invitations by e-mail: a référent invites a colleague, an OPSN or the national team invites a référent.

The token of the link is in the mail only; we keep its digest.
"""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import transaction

from accounts.addresses import has_confirmed_address
from accounts.models import User
from territories import rules
from territories.affiliation import (
    AddressNotConfirmed,
    AffiliationError,
    CollectiviteRetired,
    NotEntitled,
    open_by_invitation,
)
from territories.enums import AuditAction, MemberRole
from territories.journal import record
from territories.models import AuditEntry, Collectivite, CollectiviteMember, Invitation
from territories.notices import tell_about_invitation
from territories.scoping import everything

VALIDITY = timedelta(days=14)
MAX_INVITATIONS_A_DAY = 20
INVITED_ROLES = (MemberRole.CONTRIBUTEUR, MemberRole.LECTEUR)


class RoleNotOffered(AffiliationError):
    sentence = "Un référent invite des contributeurs et des lecteurs ; l’OPSN invite un référent."


class ColleagueAlready(AffiliationError):
    sentence = "Cette personne est déjà membre de la collectivité."


class AlreadyInvited(AffiliationError):
    sentence = "Une invitation attend déjà cette adresse. Vous pouvez la renvoyer ou l’annuler."


class TooManyInvitations(AffiliationError):
    sentence = "Vous avez envoyé beaucoup d’invitations aujourd’hui. Réessayez demain."


class InvitationClosed(AffiliationError):
    sentence = "Cette invitation n’est plus valable. Demandez-en une autre à la personne qui vous a invité."


class InvitationForAnother(AffiliationError):
    sentence = "Cette invitation est pour une autre adresse que celle de votre compte."


def invite(
    *,
    collectivite: Collectivite,
    email: str,
    role: MemberRole,
    message: str = "",
    by: User,
    at: datetime,
) -> Invitation:
    """Send an invitation. Raises NotEntitled, RoleNotOffered, ColleagueAlready, AlreadyInvited, TooManyInvitations."""
    email = email.strip().lower()
    with transaction.atomic(), everything():
        collectivite = Collectivite.objects.select_for_update(of=("self",)).get(pk=collectivite.pk)
        _check_invitation(collectivite, email, role, by, at)
        invitation = Invitation(
            collectivite=collectivite,
            email=email,
            role=role,
            message=message,
            invited_by=by,
            created_at=at,
        )
        _send(invitation, by=by, at=at)
    return invitation


def resend_invitation(*, invitation: Invitation, by: User, at: datetime) -> None:
    """Send a new link; the earlier one is dead. Raises NotEntitled, InvitationClosed, TooManyInvitations."""
    with transaction.atomic(), everything():
        invitation = _locked_open(invitation, by)
        _check_pace(invitation.collectivite, at)
        _send(invitation, by=by, at=at)


def cancel_invitation(*, invitation: Invitation, by: User, at: datetime) -> None:
    """Take back an open invitation. Raises NotEntitled, InvitationClosed."""
    with transaction.atomic(), everything():
        invitation = _locked_open(invitation, by)
        invitation.cancelled_at = at
        invitation.save(update_fields=["cancelled_at"])
        record(
            AuditAction.INVITATION_CANCELLED,
            invitation.collectivite,
            by=by,
            at=at,
            ground=invitation.email,
        )


def find_invitation(token: str, *, at: datetime) -> Invitation:
    """Return the open invitation of a link; raises InvitationClosed when there is none.

    The invitation of somebody who is no longer a référent, or of an OPSN that no longer follows, has lapsed with her role.
    """
    with everything():  # the token is the right
        rows = Invitation.objects.filter(
            digest=_digest(token), accepted_at=None, cancelled_at=None, expires_at__gt=at
        )
        invitation = rows.select_related("collectivite", "invited_by").first()
    if invitation is None or invitation.collectivite.retired_at:
        raise InvitationClosed
    offered = rules.roles_offered_by(invitation.invited_by, invitation.collectivite)
    if invitation.role not in offered:
        raise InvitationClosed
    return invitation


def accept_invitation(*, token: str, by: User, at: datetime) -> CollectiviteMember:
    """Make the invited person a member, once. Raises InvitationClosed, InvitationForAnother, AddressNotConfirmed, AlreadyMember."""
    with transaction.atomic(), everything():
        invitation = find_invitation(token, at=at)
        invitation = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
        if invitation.accepted_at or invitation.cancelled_at:
            raise InvitationClosed
        if by.email.lower() != invitation.email.lower():
            raise InvitationForAnother
        if not has_confirmed_address(by):
            raise AddressNotConfirmed
        invitation.accepted_at = at
        invitation.save(update_fields=["accepted_at"])
        member = open_by_invitation(
            collectivite=invitation.collectivite,
            role=invitation.role,
            invited_by=invitation.invited_by,
            by=by,
            at=at,
        )
        record(
            AuditAction.INVITATION_ACCEPTED,
            invitation.collectivite,
            by=by,
            at=at,
            subject=by,
            ground=MemberRole(invitation.role).label,
        )
    return member


def _check_invitation(collectivite, email: str, role: str, by: User, at: datetime) -> None:
    offered = rules.roles_offered_by(by, collectivite)
    if not offered:
        raise NotEntitled
    if role not in offered:
        raise RoleNotOffered
    if collectivite.retired_at:
        raise CollectiviteRetired
    colleagues = CollectiviteMember.objects.filter(
        collectivite=collectivite, user__email__iexact=email
    )
    if colleagues.active().exists():
        raise ColleagueAlready
    waiting = Invitation.objects.filter(
        collectivite=collectivite, email=email, accepted_at=None, cancelled_at=None
    )
    waiting.filter(expires_at__lte=at).update(cancelled_at=at)
    if waiting.filter(expires_at__gt=at).exists():
        raise AlreadyInvited
    _check_pace(collectivite, at)


def _check_pace(collectivite: Collectivite, at: datetime) -> None:
    sent = AuditEntry.objects.filter(
        collectivite=collectivite,
        action=AuditAction.INVITATION_SENT,
        at__gt=at - timedelta(days=1),
    )
    if sent.count() >= MAX_INVITATIONS_A_DAY:
        raise TooManyInvitations


def _locked_open(invitation: Invitation, by: User) -> Invitation:
    rows = Invitation.objects.select_for_update(of=("self",)).select_related("collectivite")
    invitation = rows.get(pk=invitation.pk)
    if invitation.role not in rules.roles_offered_by(by, invitation.collectivite):
        raise NotEntitled
    if invitation.accepted_at or invitation.cancelled_at:
        raise InvitationClosed
    return invitation


def _send(invitation: Invitation, *, by: User, at: datetime) -> None:
    token = secrets.token_urlsafe(32)
    invitation.digest, invitation.invited_by = _digest(token), by
    invitation.expires_at = at + VALIDITY
    invitation.save()
    record(
        AuditAction.INVITATION_SENT,
        invitation.collectivite,
        by=by,
        at=at,
        ground=f"{invitation.email} ({MemberRole(invitation.role).label})",
    )
    tell_about_invitation(invitation, token)


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
