"""The weekly mail: what is late and what is due, to those who own actions and to the référents. Never twice a week."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.core.signing import BadSignature, Signer
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.addresses import absolute_url
from accounts.mail import compose
from accounts.models import User
from plans.models import DUE_SOON, Action, DigestPreference, DigestSent
from plans.models.action import WITHOUT_OWNER, due_within, late
from territories.enums import MemberRole
from territories.models import Collectivite, CollectiviteMember
from territories.scoping import everything

THIS_WEEK = timedelta(days=7)
LISTED = 15  # actions of one kind in a mail; the rest is counted
signer = Signer(salt="plans.digest")


@dataclass
class CommuneDigest:
    """What one person has to know of one plan; `unowned` is counted for a référent only."""

    collectivite: Collectivite
    late: list[Action] = field(default_factory=list)
    this_week: list[Action] = field(default_factory=list)
    this_month: list[Action] = field(default_factory=list)
    unowned: int = 0

    @property
    def is_worth_a_mail(self) -> bool:
        return bool(self.late or self.this_week or self.this_month)

    @property
    def url(self) -> str:
        return absolute_url(reverse("plans:table", args=[self.collectivite.pk]))


@dataclass(frozen=True)
class Digest:
    user: User
    communes: list[CommuneDigest]


@dataclass(frozen=True)
class Sent:
    """Who was written to, or would be; and how many mails could not leave."""

    digests: list[Digest]
    failed: int = 0


def send_digests(*, at: datetime, dry: bool = False) -> Sent:
    """Send the digest of the week to everybody who has something to know and did not get it yet."""
    today = timezone.localdate(at)
    week = today - timedelta(days=today.weekday())
    with everything():
        digests = digests_of(today)
    served = set(DigestSent.objects.filter(week=week).values_list("user_id", flat=True))
    refused = set(DigestPreference.objects.filter(wanted=False).values_list("user_id", flat=True))
    due = [d for d in digests if d.user.pk not in served | refused]
    if dry:
        return Sent(due)
    results = [(digest, _send(digest, week, at)) for digest in due]
    return Sent(
        [digest for digest, result in results if result is True],
        failed=sum(result is False for _, result in results),
    )


def digests_of(today: date) -> list[Digest]:
    """Return what each person has to know, by person; two queries for the whole country."""
    actions = _open_actions(today)
    communes = {action.plan.collectivite_id for action in actions}
    members = CollectiviteMember.objects.active().filter(
        collectivite__in=communes, user__is_active=True
    )
    by_commune: dict[int, list[Action]] = defaultdict(list)
    for action in actions:
        by_commune[action.plan.collectivite_id].append(action)
    found: dict[User, list[CommuneDigest]] = defaultdict(list)
    for member in members.select_related("user", "collectivite").order_by("user_id", "pk"):
        digest = _commune_digest(member, by_commune[member.collectivite_id], today)
        if digest.is_worth_a_mail:
            found[member.user].append(digest)
    return [Digest(user, communes) for user, communes in found.items()]


def unsubscribe_token(user: User) -> str:
    return signer.sign(str(user.pk))


def user_of_token(token: str) -> User | None:
    """Return whom an unsubscribe link is about; None when the link is not ours."""
    try:
        return User.objects.filter(pk=signer.unsign(token)).first()
    except BadSignature:
        return None


def choose_digest(*, user: User, wanted: bool) -> None:
    """Say whether a person wants the weekly mail."""
    DigestPreference.objects.update_or_create(user=user, defaults={"wanted": wanted})


def wants_digest(user: User) -> bool:
    return not DigestPreference.objects.filter(user=user, wanted=False).exists()


def _open_actions(today: date) -> list[Action]:
    rows = Action.objects.adopted().filter(late(today) | due_within(today) | WITHOUT_OWNER)
    return list(
        rows.filter(plan__collectivite__retired_at=None)
        .select_related("plan")
        .order_by("due_on", "number")
    )


def _commune_digest(
    member: CollectiviteMember, actions: Iterable[Action], today: date
) -> CommuneDigest:
    leads = member.role == MemberRole.REFERENT
    digest = CommuneDigest(member.collectivite)
    for action in actions:
        if leads and not action.has_owner:
            digest.unowned += 1
        if action.due_on is None or action.due_on > today + DUE_SOON:
            continue
        if not leads and action.owner_id != member.user_id:
            continue
        if action.due_on < today:
            digest.late.append(action)
        elif action.due_on <= today + THIS_WEEK:
            digest.this_week.append(action)
        else:
            digest.this_month.append(action)
    return digest


def _send(digest: Digest, week: date, at: datetime) -> bool | None:
    """Send one mail: None when somebody else is sending it, False when it could not leave and may leave later."""
    try:
        with transaction.atomic():
            sent = DigestSent.objects.create(user=digest.user, week=week, sent_at=at)
    except IntegrityError:  # one_digest_per_person_and_week: another run was faster
        return None
    url = absolute_url(reverse("plans:unsubscribe", args=[unsubscribe_token(digest.user)]))
    context = {"digest": digest, "listed": LISTED, "unsubscribe_url": url}
    mail = compose("mail/digest", digest.user.email, context)
    # RFC 8058: the button « Se désinscrire » of mail readers
    mail.extra_headers["List-Unsubscribe"] = f"<{url}>"
    mail.extra_headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    try:
        mail.send()
    except OSError:
        sent.delete()
        return False
    return True
