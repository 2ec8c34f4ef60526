"""Relaunch: a text, a mail, never twice on the same day."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from supervision.models import Relaunch
from supervision.relaunching import NobodyToWriteTo, RelaunchedToday, relaunch
from territories.affiliation import NotEntitled
from territories.enums import AuditAction
from territories.models import AuditEntry

pytestmark = pytest.mark.django_db

PAGE = "/opsn/collectivites/relancer/"


def test_those_who_answer_are_written_to(omar, commune, alice, bob, lea, paul, mails, at):
    with mails:
        relaunch(collectivite=commune, text="Plus que trois questions.", by=omar, at=at)

    assert mails.to == ["alice@valmont.example", "bob@valmont.example"]
    assert "Plus que trois questions." in mails.sent[0].body
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor, entry.opsn) == (AuditAction.RELAUNCHED, omar, commune.opsn)


def test_while_there_is_nobody_the_official_address_is(omar, commune, mails, at):
    commune.official_email = "mairie@valmont.example"
    commune.save()

    with mails:
        relaunch(collectivite=commune, text="Bonjour", by=omar, at=at)

    assert mails.to == ["mairie@valmont.example"]


def test_without_any_address_it_is_refused(omar, commune, at):
    with pytest.raises(NobodyToWriteTo):
        relaunch(collectivite=commune, text="Bonjour", by=omar, at=at)


def test_never_twice_on_the_same_day_whoever_sends(omar, rosa, commune, alice, mails, at):
    relaunch(collectivite=commune, text="Un", by=omar, at=at)

    with mails, pytest.raises(RelaunchedToday):
        relaunch(collectivite=commune, text="Deux", by=rosa, at=at + timedelta(hours=9))

    assert mails.sent == []
    relaunch(collectivite=commune, text="Trois", by=rosa, at=at + timedelta(days=1))
    assert Relaunch.objects.count() == 2


def test_the_database_holds_it_too(omar, commune, at):
    Relaunch.objects.create(collectivite=commune, day=at.date(), text="Un")

    with pytest.raises(IntegrityError), transaction.atomic():
        Relaunch.objects.create(collectivite=commune, day=at.date(), text="Deux")


@pytest.mark.parametrize("name", ["sonia", "alice", "lone"])
def test_others_do_not(request, commune, alice, at, name):
    with pytest.raises(NotEntitled):
        relaunch(collectivite=commune, text="x", by=request.getfixturevalue(name), at=at)


class TestPage:
    def data(self, *rows, step="envoyer") -> dict:
        return {"c": [row.pk for row in rows], "text": "Reprenez !", "etape": step}

    def test_the_mail_is_shown_before_and_nothing_leaves(
        self, client_of, omar, commune, alice, mails
    ):
        browser = client_of(omar)
        assert browser.get(PAGE, {"c": commune.pk}).status_code == 200

        with mails:
            page = browser.post(PAGE, self.data(commune, step="apercu")).content.decode()

        assert "Où en est Valmont-sur-Claire" in page
        assert "Reprenez !" in page
        assert (mails.sent, Relaunch.objects.count()) == ([], 0)

    def test_from_the_page_of_a_collectivite_one_comes_back_to_it(
        self, client_of, omar, commune, alice, mails
    ):
        browser = client_of(omar)
        here = f"/opsn/collectivites/{commune.pk}/"
        assert f"{PAGE}?c={commune.pk}&amp;retour={here}" in browser.get(here).content.decode()

        with mails:
            response = browser.post(PAGE, self.data(commune) | {"retour": here})

        assert response.url == here

    def test_it_leaves_for_many_and_tells_what_did_not(
        self, client_of, omar, commune, alice, villages, mails
    ):
        with mails:
            page = (
                client_of(omar)
                .post(PAGE, self.data(commune, *villages(1)), follow=True)
                .content.decode()
            )

        assert "1 relance envoyée." in page
        assert "Village 0\u00a0: Aucun membre et pas d’adresse officielle" in page
        assert mails.to == ["alice@valmont.example"]

    @pytest.mark.parametrize(
        ("refused", "sentence"),
        [(11, "Et une autre collectivité, pour"), (12, "Et 2 autres collectivités, pour")],
    )
    def test_after_ten_refusals_it_says_how_many_are_left(
        self, client_of, omar, villages, refused, sentence
    ):
        page = client_of(omar).post(PAGE, self.data(*villages(refused)), follow=True)

        assert sentence in page.content.decode()

    def test_one_of_another_territory_stops_all(
        self, client_of, omar, commune, alice, other_commune, chloe, mails
    ):
        with mails:
            response = client_of(omar).post(PAGE, self.data(commune, other_commune))

        assert response.status_code == 404
        assert mails.sent == []

    @pytest.mark.parametrize("name", ["alice", "lone"])
    def test_for_others_it_does_not_exist(self, request, client_of, commune, name):
        browser = client_of(request.getfixturevalue(name))

        assert browser.post(PAGE, self.data(commune)).status_code == 404

    def test_an_empty_text_is_said(self, client_of, omar, commune):
        page = client_of(omar).post(PAGE, self.data(commune) | {"text": ""}).content.decode()

        assert "Quelque chose est à corriger" in page
