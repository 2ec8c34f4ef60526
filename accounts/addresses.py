"""The address by which a person is known, and who must be told when it changes."""

from collections.abc import Callable
from datetime import datetime

from allauth.account.models import EmailAddress
from django.conf import settings

from accounts.models import User

# Acts called in the transaction of the change, with (user, at). An app above this one adds its own in its
# `AppConfig.ready()`: a right that was given to an address must be looked at again when the address changes.
on_address_changed: list[Callable[[User, datetime], None]] = []


def has_confirmed_address(user: User) -> bool:
    return EmailAddress.objects.filter(
        user_id=user.pk, email__iexact=user.email, verified=True
    ).exists()


def absolute_url(path: str) -> str:
    """Return an address for a mail: our own domain, never the one that the request names."""
    return f"{settings.WAGTAILADMIN_BASE_URL.rstrip('/')}{path}"
