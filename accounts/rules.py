"""What an account must have."""

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from django.conf import settings

from accounts.models import User

BACK_OFFICE_PERMISSION = "wagtailadmin.access_admin"

# Questions asked of an account; one « yes » makes it see the data of many. An app above this one adds its own in its
# `AppConfig.ready()`: this app knows the national team only.
sees_the_data_of_many: list[Callable[[User], bool]] = [lambda user: user.is_staff]


def is_guarded(user: User) -> bool:
    """Who sees the data of many collectivités proves herself twice, and is logged out when idle."""
    return any(asks(user) for asks in sees_the_data_of_many)


def needs_second_factor(user: User) -> bool:
    return settings.SECOND_FACTOR_REQUIRED and is_guarded(user)


def has_second_factor(user: User) -> bool:
    """Recovery codes alone are none: they come with an application."""
    return Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.TOTP).exists()


def can_open_back_office(user: User) -> bool:
    """The national team alone, who proves herself twice: neither a group nor « Administrateur » opens it without the box."""
    return user.is_staff and user.has_perm(BACK_OFFICE_PERMISSION)
