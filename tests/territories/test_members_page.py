"""The page of the team, and the invitation that a colleague opens."""

import pytest

from accounts.models import User
from territories.enums import MemberRole, MemberState
from territories.models import AuditEntry, CollectiviteMember, Invitation
from tests.accounts.factories import UserFactory
from tests.territories.factories import MemberFactory

pytestmark = pytest.mark.django_db

TEAM = "/espace/collectivite/membres/"
INVITE = "/espace/collectivite/invitations/"
ZOE = "zoe@valmont.example"


def the(user):
    return CollectiviteMember.objects.get(user=user)


@pytest.fixture
def invitation_link(client_of, alice, mails):
    with mails:
        client_of(alice).post(INVITE, {"email": ZOE, "role": "contributeur"})
    (line,) = (li for li in mails.sent[-1].body.splitlines() if "/invitation/" in li)
    return "/espace/" + line.split("/espace/")[1]


class TestTheTeam:
    def test_a_referent_sees_members_requests_and_invitations(
        self, client_of, alice, bob, paul, invitation_link
    ):
        page = client_of(alice).get(TEAM).content.decode()

        assert all(email in page for email in (alice.email, bob.email, paul.email, ZOE))

    def test_a_colleague_sees_the_members_only(self, client_of, alice, bob, paul, invitation_link):
        page = client_of(bob).get(TEAM).content.decode()

        assert alice.email in page
        assert paul.email not in page
        assert ZOE not in page
        assert "Inviter un collègue" not in page

    @pytest.mark.parametrize(
        ("name", "to"),
        [
            ("paul", "/espace/collectivite/quitter/"),
            ("lone", "/espace/collectivite/rejoindre/"),
            ("omar", "/espace/collectivite/rejoindre/"),
        ],
    )
    def test_who_is_no_member_is_sent_where_one_becomes_one(
        self, client_of, request, alice, name, to
    ):
        response = client_of(request.getfixturevalue(name)).get(TEAM)

        assert response.url == to

    def test_chloe_sees_her_own_team(self, client_of, alice, chloe):
        page = client_of(chloe).get(TEAM).content.decode()

        assert "L’Épine &amp; Cœur" in page
        assert alice.email not in page

    def test_a_member_removed_is_out_at_the_next_request_on_each_browser(
        self, client_of, alice, bob
    ):
        browsers = [client_of(bob), client_of(bob)]
        assert [b.get(TEAM).status_code for b in browsers] == [200, 200]

        client_of(alice).post(f"{TEAM}{the(bob).pk}/retirer/")

        assert [b.get(TEAM).url for b in browsers] == ["/espace/collectivite/rejoindre/"] * 2

    def test_a_referent_who_loses_the_role_manages_nobody_any_more(
        self, client_of, alice, bob, lea
    ):
        browser = client_of(alice)
        browser.post(f"{TEAM}{the(bob).pk}/role/", {"role": "referent"})
        client_of(bob).post(f"{TEAM}{the(alice).pk}/role/", {"role": "lecteur"})

        response = browser.post(f"{TEAM}{the(lea).pk}/retirer/")

        assert response.status_code == 404
        assert the(lea).state == MemberState.ACTIVE

    @pytest.mark.parametrize("rows", [1, 3])
    def test_the_number_of_queries_does_not_grow(
        self, client_of, alice, commune, rows, django_assert_max_num_queries
    ):
        for _ in range(rows):
            MemberFactory(collectivite=commune)
            MemberFactory(collectivite=commune, state=MemberState.PENDING, verification="")
        client = client_of(alice)
        client.get(TEAM)  # the settings of the site are made once

        with django_assert_max_num_queries(8):
            page = client.get(TEAM)

        assert len(page.context["active"]) == rows + 1
        assert len(page.context["pending"]) == rows


class TestManaging:
    def test_a_referent_changes_a_role(self, client_of, alice, bob):
        client_of(alice).post(f"{TEAM}{the(bob).pk}/role/", {"role": "lecteur"})

        assert the(bob).role == MemberRole.LECTEUR

    def test_one_referent_must_stay_and_the_page_says_so(self, client_of, alice, bob):
        response = client_of(alice).post(
            f"{TEAM}{the(alice).pk}/role/", {"role": "lecteur"}, follow=True
        )

        assert "Il faut au moins un référent" in response.content.decode()
        assert the(alice).role == MemberRole.REFERENT

    @pytest.mark.parametrize("role", ["", "maire", "superuser"])
    def test_a_role_that_does_not_exist_changes_nothing(self, client_of, alice, bob, role):
        response = client_of(alice).post(f"{TEAM}{the(bob).pk}/role/", {"role": role})

        assert response.status_code == 404
        assert the(bob).role == MemberRole.CONTRIBUTEUR

    def test_a_referent_reaches_no_member_of_another_collectivite(self, client_of, alice, chloe):
        client = client_of(alice)

        answers = [
            client.post(f"{TEAM}{the(chloe).pk}/role/", {"role": "lecteur"}),
            client.post(f"{TEAM}{the(chloe).pk}/retirer/"),
        ]

        assert [a.status_code for a in answers] == [404, 404]
        assert (the(chloe).role, the(chloe).state) == (MemberRole.REFERENT, MemberState.ACTIVE)

    @pytest.mark.parametrize("name", ["bob", "lea", "paul", "chloe", "omar", "lone", None])
    def test_nobody_else_manages(self, client_of, request, alice, bob, invitation_link, name):
        client = client_of(name and request.getfixturevalue(name))
        invitation = Invitation.objects.get()
        before = AuditEntry.objects.count()

        answers = {
            client.post(url, data).status_code
            for url, data in (
                (f"{TEAM}{the(alice).pk}/role/", {"role": "lecteur"}),
                (f"{TEAM}{the(bob).pk}/retirer/", {}),
                (f"{INVITE}{invitation.pk}/annuler/", {}),
                (f"{INVITE}{invitation.pk}/renvoyer/", {}),
            )
        }

        assert answers == {404} if name else {302}
        assert AuditEntry.objects.count() == before

    def test_each_of_these_takes_a_post_with_a_token(self, client_of, alice, bob, invitation_link):
        invitation = Invitation.objects.get()
        strict = client_of(alice, enforce_csrf_checks=True)

        for url in (
            f"{TEAM}{the(bob).pk}/role/",
            f"{TEAM}{the(bob).pk}/retirer/",
            INVITE,
            f"{INVITE}{invitation.pk}/annuler/",
            f"{INVITE}{invitation.pk}/renvoyer/",
            f"{invitation_link}accepter/",
        ):
            assert client_of(alice).get(url).status_code == 405, url
            assert strict.post(url).status_code == 403, url

    def test_leaving_is_immediate(self, client_of, bob):
        client = client_of(bob)

        assert client.get("/espace/collectivite/quitter/").status_code == 200
        client.post("/espace/collectivite/quitter/")

        assert the(bob).state == MemberState.LEFT
        assert client.get(TEAM).status_code == 302

    def test_somebody_of_no_collectivite_has_nothing_to_leave(self, client_of, lone):
        response = client_of(lone).post("/espace/collectivite/quitter/")

        assert response.url == "/espace/collectivite/rejoindre/"


class TestInviting:
    def test_the_answer_is_the_same_for_a_known_and_an_unknown_address(
        self, client_of, alice, chloe, mails
    ):
        client = client_of(alice)

        with mails:
            answers = [
                client.post(INVITE, {"email": email, "role": "lecteur"})
                for email in (chloe.email, "nobody@nowhere.example")
            ]

        assert {(a.status_code, a.url) for a in answers} == {(302, TEAM)}
        assert mails.to == sorted([chloe.email, "nobody@nowhere.example"])

    @pytest.mark.parametrize(
        ("data", "sentence"),
        [
            ({"email": "pas-une-adresse", "role": "lecteur"}, "pas-une-adresse"),
            ({"email": "bob@valmont.example", "role": "lecteur"}, "déjà membre"),
            ({"email": ZOE, "role": "referent"}, "Rôle"),
        ],
    )
    def test_what_is_wrong_is_said_beside_the_field(self, client_of, alice, bob, data, sentence):
        response = client_of(alice).post(INVITE, data)

        assert response.status_code == 200
        assert response.context["form"].errors
        assert sentence in response.content.decode()
        assert not Invitation.objects.exists()

    def test_a_referent_cannot_invite_for_another_collectivite(
        self, client_of, alice, other_commune
    ):
        client_of(alice).post(
            INVITE,
            {"email": ZOE, "role": "lecteur", "collectivite": other_commune.pk, "opsn": 1},
        )

        assert Invitation.objects.get().collectivite == the(alice).collectivite


class TestBeingInvited:
    def test_a_visitor_is_shown_the_way_to_an_account_and_back(self, client, invitation_link):
        page = client.get(invitation_link)

        text = page.content.decode()
        assert page.status_code == 200
        assert f"next={invitation_link.replace('/', '%2F')}&amp;email=zoe%40valmont.example" in text
        assert "Alice" not in text

    def test_with_the_right_account_the_button_opens_the_team(self, client_of, invitation_link):
        zoe = UserFactory(email=ZOE)
        client = client_of(zoe)

        assert "Rejoindre l’équipe" in client.get(invitation_link).content.decode()
        assert not CollectiviteMember.objects.filter(user=zoe).exists()
        response = client.post(f"{invitation_link}accepter/")

        assert response.url == "/espace/"
        assert (the(zoe).state, the(zoe).role) == (MemberState.ACTIVE, MemberRole.CONTRIBUTEUR)

    def test_with_another_account_nothing_opens(self, client_of, chloe, commune, invitation_link):
        client = client_of(chloe)

        page = client.get(invitation_link).content.decode()
        response = client.post(f"{invitation_link}accepter/")

        assert "n’est pas celle de l’invitation" in page
        assert response.status_code == 410
        assert not CollectiviteMember.objects.filter(user=chloe, collectivite=commune).exists()

    def test_a_visitor_accepts_nothing(self, client, invitation_link):
        response = client.post(f"{invitation_link}accepter/")

        assert response.url.startswith("/compte/connexion/")
        assert Invitation.objects.get().accepted_at is None

    def test_the_second_click_says_she_is_in(self, client_of, invitation_link):
        client = client_of(UserFactory(email=ZOE))
        client.post(f"{invitation_link}accepter/")

        again = client.post(f"{invitation_link}accepter/")

        assert again.status_code == 410

    def test_a_cancelled_invitation_says_what_to_do(self, client_of, alice, invitation_link):
        client_of(alice).post(f"{INVITE}{Invitation.objects.get().pk}/annuler/")

        page = client_of().get(invitation_link)

        assert page.status_code == 410
        assert "n’est plus valable" in page.content.decode()

    def test_signing_up_from_the_invitation_leads_back_to_it(
        self, client_of, invitation_link, mailoutbox
    ):
        client = client_of()
        form = client.get("/compte/inscription/", {"next": invitation_link, "email": ZOE})
        assert f'value="{ZOE}"' in form.content.decode()

        client.post(
            "/compte/inscription/",
            {
                "first_name": "Zoé",
                "email": ZOE,
                "password1": "sept-peupliers-bleus",
                "informed": "on",
                "next": invitation_link,
            },
        )
        code = next(
            line for line in mailoutbox[-1].body.splitlines() if line.isupper() and " " not in line
        )
        response = client.post("/compte/verification/", {"code": code, "action": "verify"})
        client.post(f"{response.url}accepter/")

        assert response.url == invitation_link
        assert the(User.objects.get(email=ZOE)).state == MemberState.ACTIVE
