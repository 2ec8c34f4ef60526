"""What allauth asks us about accounts."""

import logging
from contextlib import suppress
from io import BytesIO
from urllib.parse import quote

import qrcode
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from qrcode.image.svg import SvgPathFillImage

from accounts.addresses import absolute_url, on_address_changed
from accounts.mail import MailNotSent, send_mail
from accounts.rules import needs_second_factor
from accounts.views import mail_not_sent, too_many_requests

logger = logging.getLogger(__name__)

TOO_MANY = {"too_many_login_attempts", "rate_limited"}


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "L’adresse ou le mot de passe ne correspond pas. Vérifiez l’un et l’autre.",
        "enter_current_password": "Ce n’est pas votre mot de passe actuel.",
        "incorrect_password": "Ce n’est pas votre mot de passe.",
        "incorrect_code": "Ce code n’est pas le bon. Recopiez celui du dernier courriel reçu.",
        "too_many_login_attempts": "Trop d’essais. Demandez un nouveau code ou réessayez dans quelques minutes.",
        "rate_limited": "Trop de demandes. Réessayez dans quelques minutes.",
        "duplicate_email": "C’est déjà l’adresse de votre compte.",
    }

    def validation_error(self, code, *args):
        """Too many attempts are answered 429 and not by a form that invites to try again."""
        if code in TOO_MANY:
            raise ImmediateHttpResponse(too_many_requests(context.request))
        return super().validation_error(code, *args)

    def is_safe_url(self, url):
        """After login or logout a person stays on our site: a path of ours, nothing else."""
        return bool(url) and url.startswith("/") and super().is_safe_url(url)

    def send_mail(self, template_prefix, email, values):
        """Nobody goes on without the code or the link of this mail: say it when it could not leave."""
        try:
            send_mail(template_prefix, email, values)
        except MailNotSent as error:
            logger.exception("A mail of the accounts could not be sent")
            raise ImmediateHttpResponse(mail_not_sent(context.request)) from error

    def send_notification_mail(self, *args, **kwargs):
        """What it tells is done already, and stays done when it could not leave."""
        with suppress(ImmediateHttpResponse):
            super().send_notification_mail(*args, **kwargs)

    def get_reset_password_from_key_url(self, key):
        path = reverse(
            "account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"}
        ).replace("UID-KEY", quote(key))
        return absolute_url(path)

    def confirm_email(self, request, email_address):
        """Confirm an address; when it takes the place of another, tell who gave rights to the old one."""
        user = email_address.user
        with transaction.atomic():
            before = EmailAddress.objects.get_primary_email(user)
            confirmed = super().confirm_email(request, email_address)
            if confirmed and before and before.lower() != email_address.email.lower():
                for act in on_address_changed:
                    act(user, timezone.now())
        return confirmed


class MFAAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "Ce code n’est pas le bon, ou il a expiré. Attendez le suivant et réessayez.",
        "cannot_delete_authenticator": "L’équipe nationale et les OPSN gardent toujours leur second facteur.",
    }

    def build_totp_svg(self, url: str) -> str:
        """White behind the squares, or no telephone reads them in dark mode."""
        svg = BytesIO()
        qrcode.make(url, image_factory=SvgPathFillImage).save(svg)
        return svg.getvalue().decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return not needs_second_factor(authenticator.user)
