"""The screens by which a person joins a collectivité, and those who decide on it."""

import pytest
from django.core import signing

from territories.contestation import contest_url
from territories.current import SESSION_KEY
from territories.enums import MemberRole, MemberState
from territories.models import AuditEntry, CollectiviteMember, FormerCommune
from tests.accounts.factories import UserFactory
from tests.territories.factories import CollectiviteFactory, MemberFactory

pytestmark = pytest.mark.django_db

JOIN = "/espace/collectivite/rejoindre/"


@pytest.fixture
def marie(db):
    return UserFactory(first_name="Marie", email="marie@bourg-letang.example")


@pytest.fixture
def village(opsn):
    return CollectiviteFactory(
        name="Bourg-l’Étang",
        opsn=opsn,
        population=1_234,
        official_email="mairie@bourg-letang.example",
    )


def the(user):
    return CollectiviteMember.objects.get(user=user)


def decide(client, member, answer):
    return client.post(f"/espace/collectivite/demandes/{member.pk}/{answer}/")


class TestFinding:
    def test_without_a_query_there_is_only_the_form(self, client_of, marie):
        page = client_of(marie).get(JOIN)

        assert page.status_code == 200
        assert page.context["hits"] == []
        assert "Aucune collectivité trouvée" not in page.content.decode()

    def test_a_result_shows_what_tells_it_from_its_homonyms(self, client_of, marie, village):
        page = client_of(marie).get(JOIN, {"q": "bourg l'etang"}).content.decode()

        assert f"{JOIN}{village.pk}/" in page
        assert "Oise (60)" in page
        assert "habitants" in page
        assert village.code_insee in page

    def test_a_merged_commune_is_named_with_the_commune_of_today(self, client_of, marie, village):
        FormerCommune.objects.create(
            code="60555", name="Béon", search_name="beon", collectivite=village
        )

        page = client_of(marie).get(JOIN, {"q": "Béon"}).content.decode()

        assert "Béon a fusionné\u00a0: c’est aujourd’hui Bourg-l’Étang." in page

    def test_nothing_found_says_what_to_do(self, client_of, marie):
        page = client_of(marie).get(JOIN, {"q": "<script>alert(1)</script>"}).content.decode()

        assert "Aucune collectivité trouvée" in page
        assert "<script>alert" not in page

    def test_a_query_too_long_is_said(self, client_of, marie):
        response = client_of(marie).get(JOIN, {"q": "é" * 121})

        assert response.status_code == 200
        assert response.context["form"].errors["q"]

    def test_a_visitor_is_sent_to_the_login_page(self, client):
        assert client.get(JOIN).url == f"/compte/connexion/?next={JOIN}"

    @pytest.mark.parametrize("rows", [1, 3])
    def test_the_number_of_queries_does_not_grow(
        self, client_of, marie, rows, django_assert_max_num_queries
    ):
        for n in range(rows):
            CollectiviteFactory(name=f"Mont {chr(97 + n)}")
        client = client_of(marie)
        client.get(JOIN)  # the settings of the site are made once

        with django_assert_max_num_queries(8):
            page = client.get(JOIN, {"q": "mont"})

        assert len(page.context["hits"]) == rows


class TestRequesting:
    def test_a_strong_link_opens_at_once(self, client_of, marie, village):
        response = client_of(marie).post(f"{JOIN}{village.pk}/", {"message": ""}, follow=False)

        assert response.url == "/espace/"
        assert the(marie).state == MemberState.ACTIVE

    def test_a_weak_link_waits(self, client_of, lone, village):
        client_of(lone).post(f"{JOIN}{village.pk}/", {"message": "Adjoint"})

        assert (the(lone).state, the(lone).message) == (MemberState.PENDING, "Adjoint")

    def test_looking_at_the_page_asks_for_nothing(self, client_of, lone, village):
        client_of(lone).get(f"{JOIN}{village.pk}/")

        assert not CollectiviteMember.objects.exists()

    def test_no_member_is_named(self, client_of, lone, alice, bob, commune):
        client = client_of(lone)

        before = client.get(f"{JOIN}{commune.pk}/").content.decode()
        client.post(f"{JOIN}{commune.pk}/", {"message": ""})
        after = client.get("/espace/collectivite/quitter/").content.decode()

        for page in (before, after):
            assert not any(word in page for word in ("Alice", "Bob", alice.email, bob.email))

    def test_extra_fields_give_no_role(self, client_of, lone, commune, other_commune):
        client_of(lone).post(
            f"{JOIN}{commune.pk}/",
            {"role": "referent", "state": "active", "collectivite": other_commune.pk},
        )

        member = the(lone)
        assert (member.collectivite, member.state) == (commune, MemberState.PENDING)

    def test_a_second_try_after_a_refusal_is_answered_with_a_contact(
        self, client_of, paul, alice, commune
    ):
        decide(client_of(alice), the(paul), "refuser")

        response = client_of(paul).post(f"{JOIN}{commune.pk}/", {"message": ""})

        page = response.content.decode()
        assert response.status_code == 403
        assert "déjà été refusée" in page
        assert commune.opsn.contact_email in page
        assert the(paul).state == MemberState.REFUSED

    def test_sending_the_form_twice_makes_one_request(self, client_of, lone, commune):
        client = client_of(lone)

        for _ in range(2):
            assert client.post(f"{JOIN}{commune.pk}/", {"message": ""}).status_code == 302

        assert AuditEntry.objects.count() == 1

    def test_a_message_too_long_is_kept_and_said(self, client_of, lone, commune):
        response = client_of(lone).post(f"{JOIN}{commune.pk}/", {"message": "é" * 1001})

        assert response.status_code == 200
        assert "é" * 1001 in response.content.decode()
        assert not CollectiviteMember.objects.exists()

    def test_a_retired_commune_leads_to_its_successor(self, client_of, lone, village, at):
        old = CollectiviteFactory(name="Béon", retired_at=at.date(), successor=village)

        assert client_of(lone).get(f"{JOIN}{old.pk}/").url == f"{JOIN}{village.pk}/"

    def test_an_unknown_collectivite_is_not_found(self, client_of, lone):
        assert client_of(lone).post(f"{JOIN}999999/").status_code == 404


class TestDeciding:
    @pytest.mark.parametrize("name", ["alice", "omar", "nadia"])
    def test_those_entitled_see_the_request_and_accept_it(self, client_of, request, paul, name):
        client = client_of(request.getfixturevalue(name))

        page = client.get(f"/espace/collectivite/demandes/{the(paul).pk}/")
        decide(client, the(paul), "accepter")

        assert paul.email in page.content.decode()
        assert the(paul).state == MemberState.ACTIVE

    @pytest.mark.parametrize(
        "name", ["bob", "lea", "paul", "chloe", "sonia", "editor", "lone", None]
    )
    @pytest.mark.parametrize("answer", ["accepter", "refuser"])
    def test_the_link_is_nothing_to_anybody_else(
        self, client_of, request, alice, paul, name, answer
    ):
        client = client_of(name and request.getfixturevalue(name))

        page = client.get(f"/espace/collectivite/demandes/{the(paul).pk}/")
        response = decide(client, the(paul), answer)

        refusal = 404 if name else 302
        assert (page.status_code, response.status_code) == (refusal, refusal)
        assert "Paul" not in page.content.decode() or name == "paul"
        assert the(paul).state == MemberState.PENDING
        assert not AuditEntry.objects.exists()

    @pytest.mark.parametrize("answer", ["accepter", "refuser"])
    def test_it_takes_a_post(self, client_of, alice, paul, answer):
        url = f"/espace/collectivite/demandes/{the(paul).pk}/{answer}/"

        assert client_of(alice).get(url).status_code == 405
        assert client_of(alice, enforce_csrf_checks=True).post(url).status_code == 403

    def test_two_referents_at_once_are_told(self, client_of, alice, omar, paul):
        decide(client_of(alice), the(paul), "refuser")

        response = client_of(alice).post(
            f"/espace/collectivite/demandes/{the(paul).pk}/refuser/", follow=True
        )

        assert "a déjà reçu une réponse" in response.content.decode()

    def test_what_the_person_typed_never_runs(self, client_of, alice, commune):
        marker = "<script>alert('x')</script>"
        eve = UserFactory(first_name=marker, function=marker, phone="<b>1</b>")
        demand = MemberFactory(
            user=eve,
            collectivite=commune,
            state=MemberState.PENDING,
            verification="",
            message=marker,
        )
        client = client_of(alice)

        pages = [
            client.get(f"/espace/collectivite/demandes/{demand.pk}/").content.decode(),
            client.get("/espace/collectivite/membres/").content.decode(),
        ]

        for page in pages:
            assert "<script>alert" not in page
            assert "<b>1</b>" not in page


class TestContesting:
    @pytest.fixture
    def link(self, alice):
        member = the(alice)
        member.decided_at = member.requested_at
        member.save()
        return "/espace/" + contest_url(member).split("/espace/")[1]

    def test_the_link_shows_and_the_button_does(self, client, alice, link):
        page = client.get(link)
        assert the(alice).state == MemberState.ACTIVE

        done = client.post(link)

        assert "Alice" in page.content.decode()
        assert "L’accès est suspendu" in done.content.decode()
        assert the(alice).state == MemberState.PENDING

    def test_alice_is_out_at_her_next_request(self, client_of, alice, link):
        browser = client_of(alice)
        assert browser.get("/espace/collectivite/membres/").status_code == 200

        client_of().post(link)

        assert browser.get("/espace/collectivite/membres/").status_code == 302

    def test_it_needs_a_csrf_token(self, client_of, alice, link):
        assert client_of(None, enforce_csrf_checks=True).post(link).status_code == 403
        assert the(alice).state == MemberState.ACTIVE

    def test_a_wrong_link_shows_nobody(self, client, alice):
        forged = signing.dumps([the(alice).pk, "x"], salt="another")

        response = client.post(f"/espace/collectivite/contester/{forged}/")

        assert response.status_code == 410
        assert "Alice" not in response.content.decode()
        assert the(alice).state == MemberState.ACTIVE


class TestCurrentCollectivite:
    def test_an_active_membership_comes_before_a_pending_one(self, client_of, paul, other_commune):
        MemberFactory(user=paul, collectivite=other_commune)

        response = client_of(paul).get("/espace/collectivite/choisir/")

        assert response.wsgi_request.collectivite == other_commune
        assert response.wsgi_request.membership.state == MemberState.ACTIVE

    def test_the_choice_is_kept_in_the_session(self, client_of, alice, other_commune):
        MemberFactory(user=alice, collectivite=other_commune, role=MemberRole.LECTEUR)
        client = client_of(alice)

        client.post("/espace/collectivite/choisir/", {"collectivite": other_commune.pk})
        response = client.get("/espace/collectivite/choisir/")

        assert response.wsgi_request.collectivite == other_commune
        assert client.session[SESSION_KEY] == other_commune.pk

    @pytest.mark.parametrize("wanted", ["", "x", "999999"])
    def test_nobody_chooses_what_is_not_hers(self, client_of, alice, other_commune, wanted):
        client = client_of(alice)

        for value in (wanted, other_commune.pk):
            response = client.post("/espace/collectivite/choisir/", {"collectivite": value})
            assert response.status_code == 404

    def test_a_membership_that_ended_is_forgotten(self, client_of, alice, other_commune):
        MemberFactory(user=alice, collectivite=other_commune)
        client = client_of(alice)
        client.post("/espace/collectivite/choisir/", {"collectivite": other_commune.pk})

        CollectiviteMember.objects.filter(collectivite=other_commune).update(state=MemberState.LEFT)
        response = client.get("/espace/collectivite/choisir/")

        assert response.wsgi_request.collectivite != other_commune

    @pytest.mark.parametrize("name", ["lone", "omar", None])
    def test_who_is_of_no_collectivite_has_none(self, client_of, request, name):
        client = client_of(name and request.getfixturevalue(name))

        wsgi_request = client.get("/compte/connexion/").wsgi_request

        assert (wsgi_request.collectivite, wsgi_request.membership) == (None, None)
