"""The signed link by which the official address or the OPSN contests a member. Nothing is stored."""

from datetime import timedelta

from django.core import signing
from django.urls import reverse

from accounts.addresses import absolute_url
from territories.enums import MemberState
from territories.models import CollectiviteMember
from territories.scoping import everything

SALT = "territories.contestation"
VALIDITY = timedelta(days=60)


def contest_url(member: CollectiviteMember) -> str:
    token = signing.dumps([member.pk, _decision(member)], salt=SALT)
    return absolute_url(reverse("territories:contest", args=[token]))


def contested_member(token: str) -> CollectiviteMember | None:
    """Return the active member that a link contests; None when it is wrong, too old, or of an earlier decision."""
    try:
        pk, decision = signing.loads(token, salt=SALT, max_age=VALIDITY)
    except signing.BadSignature:
        return None
    with everything():  # the link is the right
        members = CollectiviteMember.objects.select_related("collectivite__opsn", "user")
        member = members.filter(pk=pk, state=MemberState.ACTIVE).first()
    return member if member and _decision(member) == decision else None


def _decision(member: CollectiviteMember) -> str:
    return member.decided_at.isoformat()
