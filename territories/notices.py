"""Mails about memberships, sent once the act is committed. None names a member to somebody outside."""

from collections.abc import Callable, Iterable

from django.db import transaction
from django.urls import reverse

from accounts.addresses import absolute_url
from accounts.mail import send_mail
from territories.contacts import (
    referent_addresses,
    support_address,
    support_name,
    watching_addresses,
)
from territories.contestation import contest_url
from territories.enums import MemberRole, MemberState
from territories.models import Collectivite, CollectiviteMember, Invitation


def tell_about_request(member: CollectiviteMember) -> None:
    """To the référents and the OPSN: somebody asks; here is where to decide."""
    to = [*referent_addresses(member.collectivite), support_address(member.collectivite)]
    url = absolute_url(reverse("territories:request", args=[member.pk]))
    _send_on_commit("mail/request", to, member, decision_url=url)


def tell_about_code(member: CollectiviteMember, code: str, *, days: int) -> None:
    """To the official address alone: whoever reads it may give the code to the person; it is nowhere else."""
    to = [member.collectivite.official_email]
    _send_on_commit("mail/official_code", to, member, code=code, days=days)


def tell_about_decision(member: CollectiviteMember) -> None:
    """To the person who asked."""
    accepted = member.state == MemberState.ACTIVE
    name = "mail/accepted" if accepted else "mail/refused"
    _send_on_commit(name, [member.user.email], member)


def tell_about_opening(member: CollectiviteMember) -> None:
    """To the official address and the OPSN: somebody speaks for the collectivité; here is how to contest."""
    to = watching_addresses(member.collectivite)
    _send_on_commit("mail/opened", to, member, contest_url=contest_url(member))


def tell_about_contest(member: CollectiviteMember) -> None:
    """To the person, and to those who decide."""
    _send_on_commit("mail/contested", [member.user.email], member)
    tell_about_request(member)


def tell_about_departure(member: CollectiviteMember) -> None:
    """To the person whom a référent removed."""
    _send_on_commit("mail/removed", [member.user.email], member)


def tell_about_attachment(collectivite: Collectivite) -> None:
    """To the référents and the official address: an OPSN now reads what the collectivité answers."""
    to = [*referent_addresses(collectivite), collectivite.official_email]
    context = {
        "collectivite": collectivite,
        "support_name": support_name(collectivite),
        "support_address": support_address(collectivite),
    }
    _on_commit(lambda: send_mail("mail/attached", [a for a in to if a], context))


def tell_about_level_two(collectivite: Collectivite) -> None:
    """To the référents and the official address: its OPSN opened level 2, or closed it."""
    to = [*referent_addresses(collectivite), collectivite.official_email]
    context = {
        "collectivite": collectivite,
        "support_name": support_name(collectivite),
        "support_address": support_address(collectivite),
        "space_url": absolute_url("/espace/"),
    }
    name = "mail/level_two_opened" if collectivite.level_two_opened_at else "mail/level_two_closed"
    _on_commit(lambda: send_mail(name, [a for a in to if a], context))


def tell_about_invitation(invitation: Invitation, token: str) -> None:
    """To the colleague or the référent to be; the token is nowhere but in this mail."""
    template, context = invitation_mail(invitation, token)
    _on_commit(lambda: send_mail(template, invitation.email, context))


def invitation_mail(invitation: Invitation, token: str) -> tuple[str, dict]:
    """Return the template and the values of an invitation, sent or only shown before sending."""
    by_a_colleague = invitation.role != MemberRole.REFERENT
    return "mail/invitation" if by_a_colleague else "mail/invitation_referent", {
        "invitation": invitation,
        "collectivite": invitation.collectivite,
        "support_name": support_name(invitation.collectivite),
        "support_address": support_address(invitation.collectivite),
        "accept_url": absolute_url(reverse("territories:invitation", args=[token])),
    }


def _send_on_commit(template: str, to: Iterable[str], member: CollectiviteMember, **more) -> None:
    collectivite = member.collectivite
    context = {
        "member": member,
        "person": member.user,
        "collectivite": collectivite,
        "support_name": support_name(collectivite),
        "support_address": support_address(collectivite),
        **more,
    }
    to = list(to)
    _on_commit(lambda: send_mail(template, to, context))


def _on_commit(send: Callable[[], None]) -> None:
    """A mail server that is away is logged, and does not undo or hide what was decided."""
    transaction.on_commit(send, robust=True)
