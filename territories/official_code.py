"""A code sent to the official address of a collectivité that nobody represents: whoever reads its mail vouches for a person.

The rung of the ladder for a weak link (SECURITY.md, « Qui peut parler pour une commune »): the secretary who signed up with
an address of her own asks for the code, finds it in the mailbox of the town hall, and types it.
"""

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.models import User
from territories.affiliation import (
    AffiliationError,
    NothingToDecide,
    open_by_code,
    was_contested,
)
from territories.enums import AuditAction, MemberState
from territories.journal import record
from territories.models import AuditEntry, Collectivite, CollectiviteMember, OfficialCode
from territories.notices import tell_about_code
from territories.scoping import everything

DIGITS = 8
VALIDITY = timedelta(days=7)  # a village opens its mailbox once or twice a week
MAX_ATTEMPTS = 5
MAX_CODES_A_DAY = 3  # whoever asked for them: this mailbox is the collectivité's


class NoOfficialAddress(AffiliationError):
    sentence = (
        "Nous ne connaissons pas d’adresse officielle où envoyer un code à cette collectivité."
    )


class AlreadyRepresented(AffiliationError):
    sentence = "Un code ne suffit pas ici : votre demande est examinée. Vous recevrez un courriel."


class WaitsForADecision(AffiliationError):
    sentence = "Votre accès a été contesté ou retiré : un code ne suffit plus. Vous recevrez un courriel dès qu’il y aura une décision."


class TooManyCodes(AffiliationError):
    sentence = "Plusieurs codes sont déjà partis aujourd’hui vers cette collectivité. Cherchez-les dans sa boîte, ou réessayez demain."


class WrongCode(AffiliationError):
    sentence = "Ce code n’est pas le bon. Recopiez les huit chiffres du dernier courriel reçu."


class CodeExpired(AffiliationError):
    sentence = "Ce code ne peut plus servir. Demandez-en un nouveau."


def send_code(*, member: CollectiviteMember, by: User, at: datetime) -> OfficialCode:
    """Send a new code; the one before no longer works.

    Raises NothingToDecide, NoOfficialAddress, AlreadyRepresented, WaitsForADecision, TooManyCodes.
    """
    with transaction.atomic(), everything():
        member = _locked(member, by)
        _check_possible(member)
        today = AuditEntry.objects.filter(
            collectivite=member.collectivite,
            action=AuditAction.OFFICIAL_CODE_SENT,
            at__gt=at - timedelta(days=1),
        )
        if today.count() >= MAX_CODES_A_DAY:
            raise TooManyCodes
        code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
        kept, _ = OfficialCode.objects.update_or_create(
            member=member, defaults={"digest": _digest(member, code), "sent_at": at, "attempts": 0}
        )
        record(AuditAction.OFFICIAL_CODE_SENT, member.collectivite, by=by, at=at, subject=by)
        tell_about_code(member, code, days=VALIDITY.days)
    return kept


def enter_code(
    *, member: CollectiviteMember, code: str, by: User, at: datetime
) -> CollectiviteMember:
    """Open the membership whose code this is.

    Raises NothingToDecide, AlreadyRepresented, WaitsForADecision, WrongCode, CodeExpired.
    """
    with transaction.atomic(), everything():
        member = _locked(member, by)
        _check_possible(member)
        sent = OfficialCode.objects.filter(member=member).first()
        if sent is None or sent.attempts >= MAX_ATTEMPTS or at > sent.sent_at + VALIDITY:
            raise CodeExpired
        right = constant_time_compare(sent.digest, _digest(member, code))
        if right:
            sent.delete()
            open_by_code(member, by=by, at=at)
        else:
            sent.attempts += 1
            sent.save(update_fields=["attempts"])
    if not right:  # after the transaction, which keeps the count of the attempts
        raise WrongCode
    return member


def can_send_code(member: CollectiviteMember) -> bool:
    """Say whether a code would help: a request that waits, for a collectivité that nobody represents and may be written to."""
    if member.state != MemberState.PENDING:
        return False
    try:
        with everything():  # who waits does not see the members: only that there are some
            _check_possible(member)
    except AffiliationError:
        return False
    return True


def masked_address(collectivite: Collectivite) -> str:
    """Return the official address so that who knows it recognises it: « m…@valmont.example »; empty when there is none."""
    name, _, domain = collectivite.official_email.rpartition("@")
    return f"{name[:1]}…@{domain}" if domain else ""


def _locked(member: CollectiviteMember, by: User) -> CollectiviteMember:
    """Return her own pending request, held with its collectivité: two codes entered at once open one membership."""
    rows = CollectiviteMember.objects.select_for_update(of=("self", "collectivite"))
    rows = rows.select_related("collectivite__opsn", "user")
    member = rows.filter(pk=member.pk, user=by, state=MemberState.PENDING).first()
    if member is None or member.collectivite.retired_at:
        raise NothingToDecide
    return member


def _check_possible(member: CollectiviteMember) -> None:
    if CollectiviteMember.objects.filter(collectivite=member.collectivite).active().exists():
        raise AlreadyRepresented
    if not member.collectivite.official_email:
        raise NoOfficialAddress
    if was_contested(member.user, member.collectivite):
        raise WaitsForADecision


def _digest(member: CollectiviteMember, code: str) -> str:
    return salted_hmac(
        "territories.official_code", f"{member.pk}:{code}", algorithm="sha256"
    ).hexdigest()
