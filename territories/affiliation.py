"""Who may speak for a collectivité: requests, decisions, contests, and the check that starts again.

The ladder: a strong link (`verification.strong_link`) to a collectivité that nobody represents opens it at once, with the
role of référent; so does a code sent to its official address (`official_code`); everything else, and who was contested or
removed (`was_contested`), waits for a référent, the OPSN or the national team. Each act is one transaction, leaves
an entry in the journal, and sends its mails once it is committed.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from accounts.addresses import has_confirmed_address
from accounts.models import User
from territories import rules
from territories.enums import AuditAction, MemberRole, MemberState, Verification
from territories.journal import record
from territories.models import AuditEntry, Collectivite, CollectiviteMember
from territories.notices import (
    tell_about_contest,
    tell_about_decision,
    tell_about_opening,
    tell_about_request,
)
from territories.scoping import everything
from territories.verification import strong_link

# A person asks for one or two collectivités; more is a mistake or a nuisance to those who get the mails.
MAX_REQUESTS_A_DAY = 10

# What takes the word from a person, and what gives it back: the last of them in the journal holds.
TAKEN_AWAY = (AuditAction.MEMBERSHIP_CONTESTED, AuditAction.MEMBERSHIP_REMOVED)
GIVEN_BACK = (AuditAction.MEMBERSHIP_APPROVED, AuditAction.INVITATION_ACCEPTED)

# Acts called in the transaction that opens a membership, with (member, by, at). An app above this one adds its own in its
# `AppConfig.ready()`, as in `on_membership_opened.append(adopt_provisional)`: this app imports none of them.
on_membership_opened: list[Callable[[CollectiviteMember, User | None, datetime], None]] = []


class AffiliationError(Exception):
    """An act on a membership that cannot be done; `sentence` is what the person reads."""

    sentence = "Cette action n’est pas possible."

    def __str__(self) -> str:
        return self.sentence


class AddressNotConfirmed(AffiliationError):
    sentence = "Confirmez d’abord votre adresse électronique."


class CollectiviteRetired(AffiliationError):
    sentence = "Cette collectivité n’existe plus. Cherchez celle qui lui a succédé."


class AlreadyMember(AffiliationError):
    sentence = "Vous êtes déjà membre de cette collectivité."


class AlreadyRequested(AffiliationError):
    sentence = (
        "Votre demande est déjà enregistrée. Vous recevrez un courriel dès qu’elle sera examinée."
    )


class RefusedBefore(AffiliationError):
    sentence = "Une demande de votre part a déjà été refusée pour cette collectivité."


class TooManyRequests(AffiliationError):
    sentence = "Vous avez fait beaucoup de demandes aujourd’hui. Réessayez demain."


class NotEntitled(AffiliationError):
    sentence = "Vous ne pouvez pas décider pour cette collectivité."


class NothingToDecide(AffiliationError):
    sentence = "Cette demande a déjà reçu une réponse, ou a été retirée."


def request_membership(
    *, collectivite: Collectivite, message: str = "", by: User, at: datetime
) -> CollectiviteMember:
    """Ask to speak for a collectivité; the row that comes back is active or pending.

    Raises AddressNotConfirmed, CollectiviteRetired, AlreadyMember, AlreadyRequested, RefusedBefore, TooManyRequests.
    """
    with transaction.atomic(), everything():
        # Two first members at once: the second waits here, and finds that there is one.
        collectivite = Collectivite.objects.select_for_update(of=("self",)).get(pk=collectivite.pk)
        _check_request(collectivite, by, at)
        represented = CollectiviteMember.objects.filter(collectivite=collectivite).active().exists()
        member, _ = CollectiviteMember.objects.update_or_create(
            user=by,
            collectivite=collectivite,
            defaults={
                "state": MemberState.PENDING,
                "role": MemberRole.CONTRIBUTEUR,
                "verification": "",
                "verified_by": None,
                "message": message,
                "requested_at": at,
                "decided_at": None,
            },
        )
        if represented or was_contested(by, collectivite):
            link = None
        else:
            link = strong_link(by.email, collectivite)
        if link is None:
            record(AuditAction.MEMBERSHIP_REQUESTED, collectivite, by=by, at=at, subject=by)
            tell_about_request(member)
        else:
            _open(member, MemberRole.REFERENT, link, by=None, at=at)
            record(
                AuditAction.MEMBERSHIP_OPENED,
                collectivite,
                by=by,
                at=at,
                subject=by,
                ground=link.label,
            )
            tell_about_opening(member)
    return member


def approve_membership(*, member: CollectiviteMember, by: User, at: datetime) -> CollectiviteMember:
    """Accept a request; a collectivité without a référent gets one. Raises NotEntitled, NothingToDecide.

    A refused request may still be accepted, by the OPSN or the national team alone: a refusal by a référent stands for her.
    """
    with transaction.atomic(), everything():
        member = _locked(member)
        if not rules.can_decide(by, member):
            raise NotEntitled
        ground = _ground_of(by, member.collectivite)
        undecided = member.state == MemberState.PENDING
        reversible = member.state == MemberState.REFUSED and rules.can_overrule(by, member)
        if not (undecided or reversible) or member.collectivite.retired_at:
            raise NothingToDecide
        role = MemberRole.CONTRIBUTEUR if _has_referent(member) else MemberRole.REFERENT
        _open(member, role, ground, by=by, at=at)
        record(
            AuditAction.MEMBERSHIP_APPROVED,
            member.collectivite,
            by=by,
            at=at,
            subject=member.user,
            ground=ground.label,
        )
        tell_about_decision(member)
        tell_about_opening(member)
    return member


def refuse_membership(*, member: CollectiviteMember, by: User, at: datetime) -> CollectiviteMember:
    """Refuse a pending request, for good as far as the person is concerned. Raises NotEntitled, NothingToDecide."""
    with transaction.atomic(), everything():
        member = _locked(member)
        if not rules.can_decide(by, member):
            raise NotEntitled
        if member.state != MemberState.PENDING:
            raise NothingToDecide
        member.state = MemberState.REFUSED
        member.verified_by, member.decided_at = by, at
        member.save()
        ground = _ground_of(by, member.collectivite).label
        record(
            AuditAction.MEMBERSHIP_REFUSED,
            member.collectivite,
            by=by,
            at=at,
            subject=member.user,
            ground=ground,
        )
        tell_about_decision(member)
    return member


def open_by_invitation(
    *, collectivite: Collectivite, role: MemberRole, invited_by: User, by: User, at: datetime
) -> CollectiviteMember:
    """Make the person who accepts an invitation an active member, whatever became of her earlier requests."""
    with transaction.atomic(), everything():
        member, _ = CollectiviteMember.objects.get_or_create(user=by, collectivite=collectivite)
        member = _locked(member)
        if member.state == MemberState.ACTIVE:
            raise AlreadyMember
        if role == MemberRole.REFERENT:  # of the OPSN or the national team: it may be contested
            _open(member, role, _ground_of(invited_by, collectivite), by=invited_by, at=at)
            tell_about_opening(member)
        else:
            _open(member, role, Verification.INVITATION, by=invited_by, at=at)
    return member


def open_by_code(member: CollectiviteMember, *, by: User, at: datetime) -> None:
    """Make référent whoever gave the code of the official address, in the transaction of `official_code.enter_code`."""
    ground = Verification.OFFICIAL_CODE
    _open(member, MemberRole.REFERENT, ground, by=None, at=at)
    record(
        AuditAction.MEMBERSHIP_OPENED,
        member.collectivite,
        by=by,
        at=at,
        subject=by,
        ground=ground.label,
    )
    tell_about_opening(member)


def contest_membership(
    *, member: CollectiviteMember, by: User | None, at: datetime
) -> CollectiviteMember:
    """Suspend a member until somebody entitled decides. Raises NotEntitled, NothingToDecide.

    `by` is None for whoever holds the signed link of the mail: the official address or the OPSN.
    """
    with transaction.atomic(), everything():
        member = _locked(member)
        if by is not None and not rules.can_overrule(by, member):
            raise NotEntitled
        if member.state != MemberState.ACTIVE:
            raise NothingToDecide
        ground = _ground_of(by, member.collectivite).label if by else "lien du courriel"
        _suspend(member, AuditAction.MEMBERSHIP_CONTESTED, by=by, at=at, ground=ground)
        tell_about_contest(member)
    return member


def was_contested(user: User, collectivite: Collectivite) -> bool:
    """Tell whether somebody entitled must decide: neither her address nor a code opens what was suspended or taken away."""
    entries = AuditEntry.objects.filter(
        collectivite=collectivite, subject=user, action__in=(*TAKEN_AWAY, *GIVEN_BACK)
    )
    last = entries.order_by("-at", "-pk").values_list("action", flat=True).first()
    return last in TAKEN_AWAY


def check_again(user: User, at: datetime) -> None:
    """Start the check again after a change of address: what the old one proved, the new one may not.

    Registered with `accounts.addresses.on_address_changed`.
    """
    with transaction.atomic(), everything():
        for member in (
            CollectiviteMember.objects.active()
            .filter(user=user)
            .select_related("collectivite__opsn", "user")
        ):
            member.user = user
            if strong_link(user.email, member.collectivite) is None:
                _suspend(
                    member,
                    AuditAction.MEMBERSHIP_REQUESTED,
                    by=user,
                    at=at,
                    ground="changement d’adresse électronique",
                )
                tell_about_request(member)


def _check_request(collectivite: Collectivite, by: User, at: datetime) -> None:
    if not has_confirmed_address(by):
        raise AddressNotConfirmed
    if collectivite.retired_at:
        raise CollectiviteRetired
    earlier = CollectiviteMember.objects.filter(user=by, collectivite=collectivite).first()
    if earlier:
        stands_in_the_way = {
            MemberState.ACTIVE: AlreadyMember,
            MemberState.PENDING: AlreadyRequested,
            MemberState.REFUSED: RefusedBefore,
        }.get(earlier.state)
        if stands_in_the_way:
            raise stands_in_the_way
    today = AuditEntry.objects.filter(
        actor=by, action=AuditAction.MEMBERSHIP_REQUESTED, at__gt=at - timedelta(days=1)
    )
    if today.count() >= MAX_REQUESTS_A_DAY:
        raise TooManyRequests


def _locked(member: CollectiviteMember) -> CollectiviteMember:
    """The collectivité's row first: of requests accepted at once, one finds no référent and the others wait to find her.

    Whoever answers or closes meanwhile writes rows that point to it, and need not wait: `no_key`.
    """
    of_hers = Collectivite.objects.select_for_update(of=("self",), no_key=True)
    of_hers.get(pk=member.collectivite_id)
    rows = CollectiviteMember.objects.select_for_update(of=("self",))
    return rows.select_related("collectivite__opsn", "user").get(pk=member.pk)


def _open(member, role: MemberRole, ground: Verification, *, by: User | None, at: datetime) -> None:
    member.state, member.role = MemberState.ACTIVE, role
    member.verification, member.verified_by, member.decided_at = ground, by, at
    member.save()
    for act in on_membership_opened:
        act(member, by, at)


def _suspend(member, action: AuditAction, *, by: User | None, at: datetime, ground: str) -> None:
    member.state = MemberState.PENDING
    member.verification, member.verified_by, member.decided_at = "", None, None
    member.requested_at = at
    member.save()
    record(action, member.collectivite, by=by, at=at, subject=member.user, ground=ground)


def _ground_of(by: User, collectivite: Collectivite) -> Verification:
    """The nearest ground first: a référent who is also of the OPSN speaks as référent."""
    if rules.can_manage_members(by, collectivite):
        return Verification.REFERENT
    return Verification.OPSN if rules.is_of_its_opsn(by, collectivite) else Verification.NATIONAL


def _has_referent(member: CollectiviteMember) -> bool:
    colleagues = CollectiviteMember.objects.filter(collectivite_id=member.collectivite_id).active()
    return colleagues.filter(role=MemberRole.REFERENT).exists()
