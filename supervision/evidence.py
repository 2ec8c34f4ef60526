"""What speaks for or against a request, by the ladder of SECURITY.md; the decision stays with a person."""

from collections.abc import Collection
from dataclasses import dataclass

from territories.models import CollectiviteMember
from territories.verification import domain_of, public_mail_domains, strong_link


@dataclass(frozen=True)
class Evidence:
    """A sentence, and whether it speaks for the request (True), against it (False) or neither (None)."""

    sentence: str
    speaks_for: bool | None


def evidence_for(
    member: CollectiviteMember, colleagues: int, shared: Collection[str]
) -> list[Evidence]:
    """Return what is known of a request.

    `colleagues` is how many active members the collectivité has, `shared` the domains of several collectivités.
    """
    return [_of_address(member, shared), _of_colleagues(colleagues)]


def _of_address(member: CollectiviteMember, shared: Collection[str]) -> Evidence:
    address, collectivite = member.user.email, member.collectivite
    link = strong_link(address, collectivite, shared=shared)
    if link is not None:
        return Evidence(f"Lien fort : {link.label}.", True)
    if domain_of(address.lower()) in public_mail_domains():
        return Evidence("Adresse d’une messagerie grand public : elle ne prouve rien.", False)
    if not collectivite.official_email:
        return Evidence("La collectivité n’a pas d’adresse officielle connue à comparer.", None)
    if domain_of(address.lower()) in shared:
        return Evidence(
            "Son domaine est celui de plusieurs collectivités : il n’en désigne aucune.", None
        )
    return Evidence(
        f"Son domaine n’est pas celui de l’adresse officielle ({collectivite.official_email}).",
        False,
    )


def _of_colleagues(colleagues: int) -> Evidence:
    if not colleagues:
        return Evidence(
            "Personne ne représente encore la collectivité : cette personne en sera référente.",
            None,
        )
    noun = "membre" if colleagues == 1 else "membres"
    return Evidence(
        f"La collectivité a déjà {colleagues} {noun} : son référent peut aussi répondre.", None
    )
