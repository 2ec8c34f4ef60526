"""Mails of the console, sent once the act is committed."""

from collections.abc import Callable, Iterable

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from accounts.addresses import absolute_url
from accounts.mail import send_mail
from accounts.models import User
from supervision.enums import AskState
from supervision.models import AttachmentRequest, OpsnInvitation, Relaunch, TerritoryExport
from territories.contacts import support_address, support_name
from territories.models import Opsn


def tell_relaunch(relaunch: Relaunch, addresses: Iterable[str]) -> None:
    addresses = list(addresses)
    _on_commit(lambda: send_mail("mail/relaunch", addresses, relaunch_context(relaunch)))


def relaunch_context(relaunch: Relaunch) -> dict:
    """Return the values of the mail, sent or only shown before sending."""
    collectivite = relaunch.collectivite
    return {
        "collectivite": collectivite,
        "text": relaunch.text,
        "support_name": support_name(collectivite),
        "support_address": support_address(collectivite),
        "space_url": absolute_url("/espace/"),
    }


def tell_attachment_request(asked: AttachmentRequest) -> None:
    """To the OPSN that follows the collectivité, or the national team."""
    to = support_address(asked.collectivite)
    context = {
        "asked": asked,
        "collectivite": asked.collectivite,
        "opsn": asked.opsn,
        "decision_url": absolute_url(reverse("supervision:requests")),
    }
    _on_commit(lambda: send_mail("mail/attachment_request", to, context))


def tell_attachment_answer(asked: AttachmentRequest) -> None:
    """To the OPSN that asked."""
    to = asked.opsn.contact_email or (asked.asked_by and asked.asked_by.email)
    context = {"accepted": asked.state == AskState.ACCEPTED, "collectivite": asked.collectivite}
    if to:
        _on_commit(lambda: send_mail("mail/attachment_answer", to, context))


def tell_opsn_invitation(invitation: OpsnInvitation, token: str) -> None:
    """To the colleague; the token is nowhere but in this mail."""
    context = {
        "invitation": invitation,
        "opsn": invitation.opsn,
        "accept_url": absolute_url(reverse("supervision:invitation", args=[token])),
    }
    _on_commit(lambda: send_mail("mail/opsn_invitation", invitation.email, context))


def tell_opsn_departure(opsn: Opsn, user: User) -> None:
    to = opsn.contact_email or settings.NATIONAL_CONTACT_EMAIL
    context = {"opsn": opsn, "contact": to}
    _on_commit(lambda: send_mail("mail/opsn_removed", user.email, context))


def tell_export_ready(export: TerritoryExport) -> None:
    """To who asked; the link leads to the page, where one logs in, and not to the file."""
    context = {
        "export": export,
        "page_url": absolute_url(reverse("supervision:prepared", args=[export.pk])),
    }
    _on_commit(lambda: send_mail("mail/export_ready", export.asked_by.email, context))


def _on_commit(send: Callable[[], None]) -> None:
    """A mail server that is away is logged, and does not undo or hide what was decided."""
    transaction.on_commit(send, robust=True)
