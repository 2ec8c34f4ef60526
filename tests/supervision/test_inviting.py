"""An OPSN invites the référents of one or many collectivités."""

from datetime import timedelta

import pytest
from django.utils import timezone

from territories.enums import AuditAction, MemberRole, MemberState, Verification
from territories.models import AuditEntry, CollectiviteMember, Invitation
from tests.accounts.factories import UserFactory

pytestmark = pytest.mark.django_db

INVITE = "/opsn/collectivites/inviter/"
LIST = "/opsn/invitations/"


@pytest.fixture
def form():
    """Return what the form sends for some collectivités."""

    def fill_in(rows, step="envoyer", message="À bientôt.", **addresses) -> dict:
        data = {"c": [row.pk for row in rows], "etape": step, "message": message}
        for row in rows:
            address = addresses.get(row.name.replace(" ", "_"), f"mairie{row.pk}@exemple.example")
            data[f"email_{row.pk}"] = address
        return data

    return fill_in


def token_in(mail) -> str:
    (link,) = (line for line in mail.body.splitlines() if "/invitation/" in line)
    return link.rstrip("/").rsplit("/", 1)[1]


def test_the_official_address_is_proposed(client_of, omar, commune):
    commune.official_email = "mairie@valmont.example"
    commune.save()

    page = client_of(omar).get(INVITE, {"c": commune.pk}).content.decode()

    assert 'value="mairie@valmont.example"' in page


def test_all_those_that_a_filter_keeps_are_taken_at_once(client_of, omar, villages):
    rows = villages(3)
    table = client_of(omar).get("/opsn/collectivites/", {"q": "village"})

    page = client_of(omar).get(INVITE, {"q": "village", "tout": "1", "c": rows[0].pk})

    assert set(page.context["collectivites"]) == set(rows)
    assert "sur toutes les pages" not in table.content.decode()  # one page holds them all


def test_all_of_a_filter_is_offered_when_it_fills_several_pages(client_of, omar, villages):
    villages(51)

    page = client_of(omar).get("/opsn/collectivites/", {"q": "village"}).content.decode()

    assert "Prendre les 51 collectivités de ce filtre" in page
    assert '<input type="hidden" name="q" value="village">' in page


def test_more_than_a_batch_is_refused_with_a_sentence(client_of, omar, villages):
    villages(101)

    page = client_of(omar).get(INVITE, {"tout": "1"}, follow=True).content.decode()

    assert "Choisissez 100 collectivités au plus à la fois." in page


def test_the_mail_is_shown_before_and_nothing_leaves(client_of, omar, villages, form, mails):
    rows = villages(2)

    with mails:
        page = client_of(omar).post(INVITE, form(rows, step="apercu")).content.decode()

    assert "OPSN du Nord invite Village 0 à évaluer" in page
    assert "À bientôt." in page
    assert (mails.sent, Invitation.objects.count()) == ([], 0)


def test_sending_invites_each_and_the_journal_tells(client_of, omar, villages, form, mails):
    rows = villages(3)

    with mails:
        response = client_of(omar).post(INVITE, form(rows, Village_2=""))

    assert response.url == LIST
    assert mails.to == sorted(f"mairie{row.pk}@exemple.example" for row in rows[:2])
    assert {i.role for i in Invitation.objects.all()} == {MemberRole.REFERENT}
    assert AuditEntry.objects.filter(action=AuditAction.INVITATION_SENT, actor=omar).count() == 2


def test_the_invited_person_lands_on_a_page_that_knows_her_commune_and_becomes_its_referent(
    client_of, omar, commune, form, mails
):
    with mails:
        client_of(omar).post(INVITE, form([commune]))
    address = f"/espace/collectivite/invitation/{token_in(mails.sent[0])}/"

    visitor = client_of().get(address).content.decode()
    marie = UserFactory(email=f"mairie{commune.pk}@exemple.example")
    client_of(marie).post(f"{address}accepter/")

    assert "Valmont-sur-Claire" in visitor
    member = CollectiviteMember.objects.get(user=marie)
    assert (member.state, member.role, member.verification) == (
        MemberState.ACTIVE,
        MemberRole.REFERENT,
        Verification.OPSN,
    )


def test_one_refusal_stops_none_of_the_others_and_is_told(client_of, omar, villages, form, mails):
    rows = villages(2)
    browser = client_of(omar)
    browser.post(INVITE, form(rows[:1]))

    with mails:
        page = browser.post(INVITE, form(rows), follow=True).content.decode()

    assert "1 invitation envoyée." in page
    assert "Village 0\u00a0: Une invitation attend déjà cette adresse." in page
    assert Invitation.objects.count() == 2


def test_a_wrong_address_is_said_and_what_was_typed_is_kept(client_of, omar, villages, form):
    rows = villages(1)

    page = client_of(omar).post(INVITE, form(rows, Village_0="mairie@")).content.decode()

    assert "À bientôt." in page
    assert 'value="mairie@"' in page
    assert not Invitation.objects.exists()


def test_no_address_at_all_is_said(client_of, omar, villages, form):
    page = client_of(omar).post(INVITE, form(villages(1), Village_0="")).content.decode()

    assert "Écrivez au moins une adresse." in page


def test_nobody_chosen_leads_back_to_the_table(client_of, omar):
    assert client_of(omar).get(INVITE).url == "/opsn/collectivites/"


@pytest.mark.parametrize("key", ["9" * 20, "9" * 5_000, "x"])
@pytest.mark.parametrize(
    "address",
    [
        "/opsn/collectivites/inviter/",
        "/opsn/collectivites/relancer/",
        "/opsn/collectivites/attribuer/",
        "/opsn/collectivites/niveau-2/",
        "/opsn/campagnes/creer/",
    ],
)
def test_what_is_no_key_does_not_exist(client_of, omar, commune, address, key):
    assert client_of(omar).get(address, {"c": [commune.pk, key]}).status_code == 404


def test_a_campaign_that_is_no_key_is_as_if_it_were_not_there(client_of, omar, commune):
    data = {"c": commune.pk, "campagne": "9" * 5_000}

    assert client_of(omar).get("/opsn/collectivites/inviter/", data).status_code == 200


@pytest.mark.parametrize("name", ["omar", "sonia"])
def test_a_collectivite_of_another_territory_is_never_invited(
    request, client_of, commune, other_commune, form, mails, name
):
    rows = [commune, other_commune]

    with mails:
        response = client_of(request.getfixturevalue(name)).post(INVITE, form(rows))

    assert response.status_code == 404
    assert not Invitation.objects.exists()
    assert mails.sent == []


@pytest.mark.parametrize("name", ["alice", "lone"])
def test_for_others_it_does_not_exist(request, client_of, commune, form, name):
    browser = client_of(request.getfixturevalue(name))

    assert browser.get(INVITE, {"c": commune.pk}).status_code == 404
    assert browser.post(INVITE, form([commune])).status_code == 404
    assert not Invitation.objects.exists()


def test_more_than_a_hundred_is_refused(client_of, omar, villages):
    chosen = [row.pk for row in villages(101)]

    page = client_of(omar).get(INVITE, {"c": chosen}, follow=True).content.decode()

    assert "100 collectivités au plus" in page


class TestAfterwards:
    @pytest.fixture
    def invitation(self, client_of, omar, commune, form):
        client_of(omar).post(INVITE, form([commune]))
        return Invitation.objects.get()

    def test_sending_again_gives_a_new_link_and_a_new_end(self, client_of, omar, invitation, mails):
        Invitation.objects.update(expires_at=timezone.now() - timedelta(days=1))
        before = invitation.digest
        browser = client_of(omar)
        assert "expirée" in browser.get(LIST).content.decode()

        with mails:
            response = browser.post(f"{LIST}{invitation.pk}/renvoyer/")

        invitation.refresh_from_db()
        assert response.url == LIST
        assert invitation.digest != before
        assert invitation.expires_at > timezone.now() + timedelta(days=13)
        assert len(mails.sent) == 1

    def test_cancelling_takes_it_off_the_list(self, client_of, omar, invitation):
        browser = client_of(omar)

        browser.post(f"{LIST}{invitation.pk}/annuler/")

        invitation.refresh_from_db()
        assert invitation.cancelled_at
        assert browser.post(f"{LIST}{invitation.pk}/renvoyer/").status_code == 404

    @pytest.mark.parametrize("verb", ["renvoyer", "annuler"])
    def test_it_takes_a_post_from_its_opsn(self, client_of, omar, sonia, alice, invitation, verb):
        address = f"{LIST}{invitation.pk}/{verb}/"

        assert client_of(omar).get(address).status_code == 405
        assert client_of(sonia).post(address).status_code == 404
        assert client_of(alice).post(address).status_code == 404

    def test_an_accepted_one_is_not_sent_again(self, client_of, omar, invitation, mails):
        Invitation.objects.update(accepted_at=timezone.now())

        with mails:
            client_of(omar).post(f"{LIST}{invitation.pk}/renvoyer/")

        assert mails.sent == []

    @pytest.mark.parametrize("rows", [1, 3])
    def test_the_number_of_queries_does_not_grow(
        self, client_of, omar, villages, form, rows, django_assert_max_num_queries
    ):
        browser = client_of(omar)
        browser.post(INVITE, form(villages(rows)))
        browser.get(LIST)

        with django_assert_max_num_queries(9):
            browser.get(LIST)
