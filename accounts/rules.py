"""What an account must have."""

from allauth.mfa.models import Authenticator
from django.conf import settings

from accounts.models import User

BACK_OFFICE_PERMISSION = "wagtailadmin.access_admin"


def needs_second_factor(user: User) -> bool:
    """The national team sees every collectivité, so it proves itself twice."""
    return settings.SECOND_FACTOR_REQUIRED and user.is_staff


def has_second_factor(user: User) -> bool:
    """Recovery codes alone are none: they come with an application."""
    return Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.TOTP).exists()


def can_open_back_office(user: User) -> bool:
    return user.has_perm(BACK_OFFICE_PERMISSION)
