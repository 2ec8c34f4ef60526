"""Is the address of a person enough to say that she may speak for a collectivité?

The rule: SECURITY.md, « Qui peut parler pour une commune ». Everything that is not a strong link is weak.
"""

from functools import cache
from pathlib import Path

from territories.enums import Verification
from territories.models import Collectivite

PUBLIC_MAIL_DOMAINS = Path(__file__).parent / "data" / "public_mail_domains.txt"


def strong_link(address: str, collectivite: Collectivite) -> Verification | None:
    """Return the ground on which a confirmed address speaks for a collectivité; None when it does not.

    The address is the official one, letter for letter but for the case, or has the very domain of the official one
    where that domain is the collectivité's own: not a public mail service, and of no other collectivité.
    """
    address, official = address.strip().lower(), collectivite.official_email.strip().lower()
    if not official:
        return None
    if address == official:
        return Verification.OFFICIAL_EMAIL
    domain = domain_of(official)
    if domain_of(address) != domain or domain in public_mail_domains():
        return None
    return None if _is_shared(domain, collectivite) else Verification.OWN_DOMAIN


def domain_of(address: str) -> str:
    return address.rpartition("@")[2]


@cache
def public_mail_domains() -> frozenset[str]:
    """Domains where anybody may have an address; one per line in the file."""
    lines = PUBLIC_MAIL_DOMAINS.read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))


def _is_shared(domain: str, collectivite: Collectivite) -> bool:
    """Communes often have an address at their EPCI or their OPSN: that domain speaks for no one of them."""
    others = Collectivite.objects.exclude(pk=collectivite.pk)
    return others.filter(official_email__iendswith=f"@{domain}").exists()
