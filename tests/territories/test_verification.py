"""Who has a strong link: the ladder as a table."""

import pytest

from territories.enums import Verification
from territories.verification import public_mail_domains, strong_link
from tests.territories.factories import CollectiviteFactory

pytestmark = pytest.mark.django_db

OFFICIAL, OWN, WEAK = Verification.OFFICIAL_EMAIL, Verification.OWN_DOMAIN, None


@pytest.mark.parametrize(
    ("official", "address", "link"),
    [
        ("mairie@valmont.example", "mairie@valmont.example", OFFICIAL),
        ("mairie@valmont.example", "MAIRIE@Valmont.Example", OFFICIAL),
        ("Mairie@Valmont.example", "mairie@valmont.example", OFFICIAL),
        ("mairie@valmont.example", "alice@valmont.example", OWN),
        ("mairie@valmont.example", "alice@VALMONT.example", OWN),
        ("mairie@valmont.example", "mairie+x@valmont.example", OWN),
        ("mairie@valmont.example", "alice@sub.valmont.example", WEAK),
        ("mairie@valmont.example", "alice@valmont.example.evil.example", WEAK),
        ("mairie@valmont.example", "alice@evil-valmont.example", WEAK),
        ("mairie@valmont.example", "valmont.example@evil.example", WEAK),
        ("mairie@sub.valmont.example", "alice@valmont.example", WEAK),
        ("mairie@valmont.example", "alice@vaImont.example", WEAK),
        ("mairie.valmont@orange.fr", "mairie.valmont@orange.fr", OFFICIAL),
        ("mairie.valmont@orange.fr", "mairie.valmont+x@orange.fr", WEAK),
        ("mairie.valmont@orange.fr", "alice@orange.fr", WEAK),
        ("mairie.valmont@ORANGE.fr", "alice@orange.FR", WEAK),
        ("mairie.valmont@wanadoo.fr", "alice@wanadoo.fr", WEAK),
        ("", "alice@valmont.example", WEAK),
        ("", "", WEAK),
    ],
)
def test_the_ladder(official, address, link):
    commune = CollectiviteFactory(official_email=official)

    assert strong_link(address, commune) == link


def test_a_domain_shared_by_several_collectivites_speaks_for_none():
    CollectiviteFactory(official_email="mairie.autre@CC-du-pays.example")
    commune = CollectiviteFactory(official_email="mairie.valmont@cc-du-pays.example")

    assert strong_link("alice@cc-du-pays.example", commune) is WEAK
    assert strong_link("mairie.valmont@cc-du-pays.example", commune) == OFFICIAL


def test_the_list_of_public_mail_services_is_clean():
    domains = public_mail_domains()

    assert {"gmail.com", "orange.fr", "laposte.net", "wanadoo.fr", "free.fr"} <= domains
    assert all(d == d.lower().strip() and "." in d and "@" not in d for d in domains)
