"""Level 2 is opened and closed by the OPSN that has taken the competence; the collectivité is told."""

from datetime import timedelta

import pytest

from accounts.mail import compose
from territories.affiliation import CollectiviteRetired, NotEntitled
from territories.enums import AuditAction
from territories.level_two import (
    LevelTwoAlreadyOpen,
    LevelTwoNotOpen,
    NotOffered,
    close_level_two,
    open_level_two,
)
from territories.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def offering(opsn):
    opsn.offers_level_two = True
    opsn.save()
    return opsn


@pytest.mark.parametrize("name", ["level_two_opened", "level_two_closed"])
def test_a_sentence_that_begins_with_the_national_team_has_its_capital(commune, name):
    context = {"collectivite": commune, "support_name": "l’équipe nationale"}

    body = compose(f"mail/{name}", "alice@valmont.example", context).body

    assert "\n\nL’équipe nationale " in body


def test_the_opsn_opens_it_and_the_collectivite_is_told(offering, commune, alice, omar, mails, at):
    commune.official_email = "mairie@valmont.example"
    commune.save()

    with mails:
        open_level_two(collectivite=commune, by=omar, at=at)

    commune.refresh_from_db()
    entry = AuditEntry.objects.get()
    assert (commune.level_two_opened_at, commune.level_two_opened_by) == (at, omar)
    assert mails.to == ["alice@valmont.example", "mairie@valmont.example"]
    assert "Le niveau 2 est ouvert" in mails.sent[0].subject
    assert (entry.action, entry.actor, entry.opsn, entry.collectivite) == (
        AuditAction.LEVEL_TWO_OPENED,
        omar,
        offering,
        commune,
    )


def test_closing_tells_too_and_it_can_be_opened_again(offering, commune, alice, omar, mails, at):
    open_level_two(collectivite=commune, by=omar, at=at)

    with mails:
        close_level_two(collectivite=commune, by=omar, at=at + timedelta(days=1))

    commune.refresh_from_db()
    assert (commune.level_two_opened_at, commune.level_two_opened_by) == (None, None)
    assert "Le niveau 2 est fermé" in mails.sent[0].subject
    assert AuditEntry.objects.latest("pk").action == AuditAction.LEVEL_TWO_CLOSED
    open_level_two(collectivite=commune, by=omar, at=at + timedelta(days=2))


@pytest.mark.parametrize("trait", [{"offers_level_two": False}, {"active": False}])
def test_an_opsn_without_the_competence_opens_nothing(offering, commune, nadia, mails, at, trait):
    for name, given in trait.items():
        setattr(offering, name, given)
    offering.save()

    with mails, pytest.raises(NotOffered):
        open_level_two(collectivite=commune, by=nadia, at=at)

    commune.refresh_from_db()
    assert commune.level_two_opened_at is None
    assert (mails.sent, AuditEntry.objects.count()) == ([], 0)


def test_without_an_opsn_nobody_opens_it(offering, commune, nadia, at):
    commune.opsn = None
    commune.save()

    with pytest.raises(NotOffered):
        open_level_two(collectivite=commune, by=nadia, at=at)


def test_the_national_team_opens_it_where_the_opsn_offers_it(offering, commune, nadia, at):
    assert open_level_two(collectivite=commune, by=nadia, at=at).level_two_opened_by == nadia


def test_others_neither_open_nor_close(offering, commune, alice, sonia, lone, at):
    for person in (alice, sonia, lone):
        with pytest.raises(NotEntitled):
            open_level_two(collectivite=commune, by=person, at=at)
        with pytest.raises(NotEntitled):
            close_level_two(collectivite=commune, by=person, at=at)


def test_what_is_open_is_not_opened_again_nor_what_is_closed_closed(offering, commune, omar, at):
    with pytest.raises(LevelTwoNotOpen):
        close_level_two(collectivite=commune, by=omar, at=at)
    open_level_two(collectivite=commune, by=omar, at=at)
    with pytest.raises(LevelTwoAlreadyOpen):
        open_level_two(collectivite=commune, by=omar, at=at)


def test_a_commune_that_is_no_more_opens_nothing(offering, commune, omar, at):
    commune.retired_at = at.date()
    commune.save()

    with pytest.raises(CollectiviteRetired):
        open_level_two(collectivite=commune, by=omar, at=at)


def test_it_is_closed_even_where_the_competence_was_given_back(offering, commune, omar, at):
    open_level_two(collectivite=commune, by=omar, at=at)
    offering.offers_level_two = False
    offering.save()

    close_level_two(collectivite=commune, by=omar, at=at)

    commune.refresh_from_db()
    assert commune.level_two_opened_at is None
