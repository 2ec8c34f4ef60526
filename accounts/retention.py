"""How long accounts are kept: the durations that the page « Données personnelles » states.

Each rule takes the moment and whether to write, and returns how many accounts it concerns. Running it again does nothing more.
"""

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from accounts.mail import send_mail
from accounts.models import User

UNCONFIRMED_KEPT = timedelta(days=30)
IDLE_KEPT = timedelta(days=3 * 365)
WARNED_BEFORE = timedelta(days=30)
NOBODY = "efface.invalid"


def unconfirmed(at: datetime) -> QuerySet[User]:
    """Accounts whose address was never confirmed in the time given, that never acted, and that nobody made a member."""
    return (
        User.objects.filter(date_joined__lt=at - UNCONFIRMED_KEPT, last_login=None, is_staff=False)
        .exclude(emailaddress__verified=True)
        .filter(memberships=None, opsn_memberships=None)
    )


def idle(at: datetime) -> QuerySet[User]:
    """Accounts not used for 36 months, less the month of notice; the national team is managed by hand."""
    return (
        User.objects.filter(is_staff=False)
        .exclude(email__endswith=f"@{NOBODY}")
        .annotate(last_seen=Coalesce("last_login", "date_joined"))
        .filter(last_seen__lt=at - IDLE_KEPT + WARNED_BEFORE)
    )


def delete_unconfirmed(*, at: datetime, dry: bool) -> int:
    rows = unconfirmed(at)
    count = rows.count()
    if not dry:
        rows.delete()
    return count


def warn_idle(*, at: datetime, dry: bool) -> int:
    """Write to those who will be anonymised in a month, once for each spell of absence."""
    rows = idle(at).filter(
        Q(idle_warned_at=None) | Q(idle_warned_at__lt=Coalesce("last_login", "date_joined"))
    )
    people = list(rows)
    if not dry:
        for user in people:
            _warn(user, at)
    return len(people)


@transaction.atomic
def _warn(user: User, at: datetime) -> None:
    User.objects.filter(pk=user.pk).update(idle_warned_at=at)
    # An address that refuses its mail keeps nobody else from being warned.
    transaction.on_commit(lambda: send_mail("mail/idle", user.email, {"user": user}), robust=True)


def to_anonymise(at: datetime) -> QuerySet[User]:
    """Those who were warned a month ago and did not come back."""
    return idle(at).filter(
        idle_warned_at__lte=at - WARNED_BEFORE,
        idle_warned_at__gte=Coalesce("last_login", "date_joined"),
    )


@transaction.atomic
def anonymise(user: User) -> None:
    """Take away all that says who a person was; what she wrote stays with her collectivité, without her name."""
    EmailAddress.objects.filter(user=user).delete()
    Authenticator.objects.filter(user=user).delete()
    user.email = f"compte-{user.pk}@{NOBODY}"
    user.first_name = user.last_name = user.function = user.phone = ""
    user.is_active = False
    user.set_unusable_password()
    user.save()
