"""Whom to write to about a collectivité."""

from django.conf import settings

from territories.enums import MemberRole, MemberState
from territories.models import Collectivite, CollectiviteMember


def support_name(collectivite: Collectivite) -> str:
    """Return who helps this collectivité: its OPSN, or the national team where there is none."""
    if _has_active_opsn(collectivite):
        return collectivite.opsn.name
    return "l’équipe nationale"


def support_address(collectivite: Collectivite) -> str:
    if _has_active_opsn(collectivite) and collectivite.opsn.contact_email:
        return collectivite.opsn.contact_email
    return settings.NATIONAL_CONTACT_EMAIL


def referent_addresses(collectivite: Collectivite) -> list[str]:
    members = CollectiviteMember._base_manager.filter(
        collectivite=collectivite,
        state=MemberState.ACTIVE,
        role=MemberRole.REFERENT,
        user__is_active=True,
    )
    return list(members.values_list("user__email", flat=True))


def watching_addresses(collectivite: Collectivite) -> list[str]:
    """Those told of every new member, who may contest: the official address, and the OPSN or the national team."""
    addresses = [collectivite.official_email, support_address(collectivite)]
    return [address for address in addresses if address]


def _has_active_opsn(collectivite: Collectivite) -> bool:
    return collectivite.opsn_id is not None and collectivite.opsn.active
