"""Is the address of a person enough to say that she may speak for a collectivité?

The rule: SECURITY.md, « Qui peut parler pour une commune ». Everything that is not a strong link is weak.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from functools import cache
from pathlib import Path

from django.db.models import Q

from territories.enums import Verification
from territories.models import Collectivite

PUBLIC_MAIL_DOMAINS = Path(__file__).parent / "data" / "public_mail_domains.txt"


def strong_link(
    address: str, collectivite: Collectivite, *, shared: Collection[str] | None = None
) -> Verification | None:
    """Return the ground on which a confirmed address speaks for a collectivité; None when it does not.

    The address is the official one, letter for letter but for the case, or has the very domain of the official one
    where that domain is the collectivité's own: not a public mail service, and of no other collectivité. For many
    requests at once, `shared` is what `shared_domains` returned; without it, one query.
    """
    address, official = address.strip().lower(), collectivite.official_email.strip().lower()
    if not official:
        return None
    if address == official:
        return Verification.OFFICIAL_EMAIL
    domain = domain_of(official)
    if domain_of(address) != domain or domain in public_mail_domains():
        return None
    is_shared = _is_shared(domain, collectivite) if shared is None else domain in shared
    return None if is_shared else Verification.OWN_DOMAIN


def shared_domains(collectivites: Iterable[Collectivite]) -> frozenset[str]:
    """Return the domains of their official addresses that are those of several collectivités. One query."""
    domains = {domain_of(c.official_email.lower()) for c in collectivites if c.official_email}
    same = Q(pk__in=[])
    for domain in domains:
        same |= Q(official_email__iendswith=f"@{domain}")
    addresses = Collectivite.objects.filter(same).values_list("official_email", flat=True)
    uses = Counter(domain_of(address.lower()) for address in addresses)
    return frozenset(domain for domain, count in uses.items() if count > 1)


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
