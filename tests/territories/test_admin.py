"""The registers of the back office: for the national administrators, and read-only where acts decide."""

import pytest
from django.contrib.auth.models import Permission

from territories.enums import AuditAction, CollectiviteKind, MemberState
from territories.models import AuditEntry, Collectivite, CollectiviteMember, Opsn, OpsnMember
from tests.accounts.factories import UserFactory
from tests.territories.factories import CollectiviteFactory, MemberFactory, OpsnMemberFactory

pytestmark = pytest.mark.django_db

ADMIN = "/admin/territoires/"
LISTS = ["membres/", "collectivites/", "opsn/", "membres-opsn/", "journal/"]


def the(user):
    return CollectiviteMember.objects.get(user=user)


def entry(commune, at, **kwargs):
    return AuditEntry.objects.create(
        action=AuditAction.ROLE_CHANGED, collectivite=commune, at=at, **kwargs
    )


@pytest.mark.parametrize("name", LISTS)
def test_an_administrator_opens_each_register(client_of, nadia, paul, omar, commune, at, name):
    entry(commune, at, actor=paul, subject=paul)

    response = client_of(nadia).get(f"{ADMIN}{name}")

    assert response.status_code == 200
    assert "Territoires" in response.content.decode()


@pytest.mark.parametrize("person", ["editor", "alice", "omar", "lone", None])
@pytest.mark.parametrize("name", LISTS)
def test_nobody_else_does(client_of, request, person, name):
    client = client_of(person and request.getfixturevalue(person))

    response = client.get(f"{ADMIN}{name}")

    assert response.status_code in (302, 403)
    assert "Valmont" not in response.content.decode()


@pytest.mark.parametrize("name", ["membres/", "membres-opsn/", "journal/"])
def test_an_operator_given_the_rights_by_mistake_sees_no_other_tenant(
    client_of, chloe, omar, sonia, other_commune, at, name
):
    """The managers hold even where Wagtail's generic views do not."""
    omar.is_staff = True  # or the back office is shut to him
    omar.save()
    wanted = ("access_admin", "view_collectivitemember", "view_opsnmember", "view_auditentry")
    omar.user_permissions.add(*Permission.objects.filter(codename__in=wanted))
    entry(other_commune, at, actor=chloe, subject=chloe, ground="marqueur")

    response = client_of(omar).get(f"{ADMIN}{name}")

    assert response.status_code == 200
    page = response.content.decode()
    # names of OPSN and collectivités are public; who acts for them is not
    assert not any(marker in page for marker in ("Chloé", "Sonia", "Épine", "marqueur"))


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("name", LISTS)
def test_the_number_of_queries_does_not_grow(
    client_of, nadia, opsn, at, rows, name, django_assert_max_num_queries
):
    for _ in range(rows):
        commune = CollectiviteFactory(opsn=opsn)
        member = MemberFactory(collectivite=commune)
        OpsnMemberFactory(opsn=opsn)
        entry(commune, at, actor=member.user, subject=member.user)
    client = client_of(nadia)
    client.get(f"{ADMIN}{name}")

    with django_assert_max_num_queries(18):
        response = client.get(f"{ADMIN}{name}")

    assert response.context["result_count"] == (1 if name == "opsn/" else rows)


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("collectivites/", "Ajouter une collectivité"),
        ("opsn/", "Ajouter un OPSN"),
        ("membres-opsn/", "Ajouter un membre d’OPSN"),
    ],
)
def test_what_is_added_is_named_in_its_gender(client_of, nadia, opsn, name, label):
    client = client_of(nadia)

    listed = client.get(f"{ADMIN}{name}").content.decode()
    form = client.get(f"{ADMIN}{name}create/").content.decode()

    assert label in listed
    assert label in form
    assert "Ajouter un(e)" not in listed
    assert "Nouveau" not in form


def test_yes_and_no_are_words_and_not_pictures_of_another_admin(client_of, nadia, opsn):
    page = client_of(nadia).get(f"{ADMIN}opsn/").content.decode()

    assert "admin/img/icon" not in page
    assert ">oui<" in page


def test_a_pending_request_leads_to_the_page_where_it_is_decided(client_of, nadia, paul):
    client = client_of(nadia)

    page = client.get(f"{ADMIN}membres/", {"state__exact": "pending"}).content.decode()
    client.post(f"/espace/collectivite/demandes/{the(paul).pk}/accepter/")

    assert f"/espace/collectivite/demandes/{the(paul).pk}/" in page
    assert (the(paul).state, the(paul).verified_by) == (MemberState.ACTIVE, nadia)


@pytest.mark.parametrize(
    ("name", "expected"), [("nadia", 302), ("omar", 302), ("alice", 404), ("bob", 404)]
)
def test_those_above_suspend_a_member(client_of, request, alice, lea, name, expected):
    client = client_of(request.getfixturevalue(name))
    url = f"/espace/collectivite/demandes/{the(lea).pk}/suspendre/"

    response = client.post(url)

    assert client.get(url).status_code == 405
    if name == "alice":  # she decides on requests, and removes members; she does not suspend
        assert the(lea).state == MemberState.ACTIVE
    else:
        assert response.status_code == expected
        assert the(lea).state == (MemberState.PENDING if expected == 302 else MemberState.ACTIVE)


def test_memberships_and_the_journal_are_only_looked_at(client_of, nadia, alice, commune, at):
    line = entry(commune, at, actor=alice, subject=alice)
    client = client_of(nadia)

    for url, data in (
        (f"{ADMIN}membres/create/", {"user": nadia.pk, "role": "referent", "state": "active"}),
        (f"{ADMIN}membres/edit/{the(alice).pk}/", {"role": "lecteur"}),
        (f"{ADMIN}membres/delete/{the(alice).pk}/", {}),
        (f"{ADMIN}journal/create/", {"action": "role_changed"}),
        (f"{ADMIN}journal/edit/{line.pk}/", {"ground": "autre"}),
        (f"{ADMIN}journal/delete/{line.pk}/", {}),
    ):
        assert client.post(url, data).status_code in (302, 403), url

    assert CollectiviteMember.objects.count() == 1
    assert (the(alice).role, AuditEntry.objects.get().ground) == ("referent", "")


def test_nothing_with_a_history_is_deleted(client_of, nadia, commune, opsn):
    client = client_of(nadia)

    client.post(f"{ADMIN}collectivites/delete/{commune.pk}/")
    client.post(f"{ADMIN}opsn/delete/{opsn.pk}/")

    assert Collectivite.objects.filter(pk=commune.pk).exists()
    assert Opsn.objects.filter(pk=opsn.pk).exists()


def collectivite_form(**fields):
    return {
        "kind": "commune",
        "name": "L’Étang-Neuf",
        "code_insee": "60999",
        "siren": "",
        "population": "12",
        "population_year": "2023",
        "departement": "60",
        "postal_codes": "60100",
        "epci": "",
        "official_email": "",
        "website": "",
        "retired_at": "",
        "successor": "",
    } | fields


class TestCollectivites:
    def test_a_new_one_can_be_found_at_once(self, client_of, nadia, commune):
        client_of(nadia).post(f"{ADMIN}collectivites/create/", collectivite_form())

        created = Collectivite.objects.get(code_insee="60999")
        assert created.search_name == "l etang neuf"
        assert created.siren is None

    def test_epci_and_successor_are_typed_by_their_codes(self, client_of, nadia, commune):
        epci = CollectiviteFactory(
            name="CC du Pays", kind=CollectiviteKind.CC, code_insee=None, siren="200000172"
        )
        client = client_of(nadia)

        client.post(
            f"{ADMIN}collectivites/edit/{commune.pk}/",
            collectivite_form(epci="200000172", name="Valmont", code_insee=commune.code_insee),
        )
        page = client.get(f"{ADMIN}collectivites/edit/{commune.pk}/").content.decode()

        commune.refresh_from_db()
        assert (commune.epci, commune.name, commune.search_name) == (epci, "Valmont", "valmont")
        assert 'value="200000172"' in page

    @pytest.mark.parametrize(
        ("fields", "sentence"),
        [
            ({"code_insee": "6099"}, "Un code INSEE compte cinq caractères"),
            ({"code_insee": ""}, "Une commune a toujours un code INSEE."),
            ({"siren": "123456789"}, "celui-ci contient une erreur"),
            ({"epci": "999999999"}, "Aucune intercommunalité n’a ce SIREN."),
            ({"successor": "99999"}, "Aucune commune n’a ce code INSEE."),
        ],
    )
    def test_what_is_wrong_is_said(self, client_of, nadia, commune, fields, sentence):
        response = client_of(nadia).post(
            f"{ADMIN}collectivites/create/", collectivite_form(**fields)
        )

        assert response.status_code == 200
        assert sentence in response.content.decode()
        assert Collectivite.objects.count() == 1

    def test_names_are_shown_as_text(self, client_of, nadia):
        CollectiviteFactory(name="<script>alert(1)</script>")

        page = client_of(nadia).get(f"{ADMIN}collectivites/").content.decode()

        assert "<script>alert" not in page

    @pytest.mark.parametrize(
        ("query", "count"),
        [("opsn={pk}", 1), ("opsn=x", 2), ("departement=60", 2), ("departement=x", 0)],
    )
    def test_the_register_is_filtered(self, client_of, nadia, commune, query, count):
        CollectiviteFactory(opsn=None)

        page = client_of(nadia).get(f"{ADMIN}collectivites/?{query.format(pk=commune.opsn_id)}")

        assert page.context["result_count"] == count

    def test_the_register_is_searched_as_people_write(self, client_of, nadia):
        CollectiviteFactory(name="Saint-Étienne-du-Bois")
        CollectiviteFactory(name="Autre")

        page = client_of(nadia).get(f"{ADMIN}collectivites/", {"q": "ST ETIENNE"})

        assert page.context["result_count"] == 1


class TestTheJournalTells:
    """What is changed here says who may speak for a collectivité: each change leaves who, what and when."""

    def entries(self):
        rows = AuditEntry.objects.order_by("pk")
        return [(e.action, e.actor, e.collectivite, e.opsn, e.subject, e.ground) for e in rows]

    def test_which_fields_of_a_collectivite_changed(self, client_of, nadia, commune):
        fields = collectivite_form(
            name=commune.name,
            code_insee=commune.code_insee,
            population=commune.population,
            official_email="mairie@valmont.example",
            retired_at="2027-01-01",
        )
        url = f"{ADMIN}collectivites/edit/{commune.pk}/"

        client_of(nadia).post(url, fields)
        client_of(nadia).post(url, fields)  # nothing changes the second time

        ground = "Courriel officiel, N’existe plus depuis"
        action = AuditAction.COLLECTIVITE_CHANGED
        assert self.entries() == [(action, nadia, commune, None, None, ground)]

    def test_its_opsn_is_not_changed_here(self, client_of, nadia, commune, opsn, other_opsn):
        """Attaching is an act of the console, which checks, tells the commune and the journal."""
        url = f"{ADMIN}collectivites/edit/{commune.pk}/"
        fields = collectivite_form(name="Autre", code_insee=commune.code_insee)

        page = client_of(nadia).get(url).content.decode()
        client_of(nadia).post(url, fields | {"opsn": other_opsn.pk})

        commune.refresh_from_db()
        assert 'name="opsn"' not in page
        assert (commune.name, commune.opsn) == ("Autre", opsn)

    def test_which_fields_of_an_opsn_changed(self, client_of, nadia, opsn):
        fields = {"name": opsn.name, "siren": "", "phone": "", "website": "", "active": "on"}

        client_of(nadia).post(
            f"{ADMIN}opsn/edit/{opsn.pk}/", fields | {"contact_email": "autre@opsn.example"}
        )

        opsn.refresh_from_db()
        assert opsn.contact_email == "autre@opsn.example"
        ground = "Courriel de contact"
        assert self.entries() == [(AuditAction.OPSN_CHANGED, nadia, None, opsn, None, ground)]

    def test_who_joins_an_opsn_and_who_is_removed(self, client_of, nadia, opsn, lone):
        browser = client_of(nadia)

        browser.post(
            f"{ADMIN}membres-opsn/create/",
            {"user": lone.email, "opsn": opsn.pk, "role": "conseiller"},
        )
        browser.post(f"{ADMIN}membres-opsn/delete/{OpsnMember.objects.get().pk}/")

        same = (nadia, None, opsn, lone, "conseiller")
        assert not OpsnMember.objects.exists()
        assert self.entries() == [
            (AuditAction.OPSN_MEMBER_JOINED, *same),
            (AuditAction.OPSN_MEMBER_REMOVED, *same),
        ]


class TestOpsnMembers:
    def test_an_account_is_typed_by_its_address(self, client_of, nadia, opsn, lone):
        client_of(nadia).post(
            f"{ADMIN}membres-opsn/create/",
            {"user": "LONE@nulle-part.example", "opsn": opsn.pk, "role": "conseiller"},
        )

        assert OpsnMember.objects.get().user == lone

    @pytest.mark.parametrize("address", ["nobody@nowhere.example", "", "x"])
    def test_an_unknown_address_is_said(self, client_of, nadia, opsn, address):
        response = client_of(nadia).post(
            f"{ADMIN}membres-opsn/create/", {"user": address, "opsn": opsn.pk, "role": "conseiller"}
        )

        assert response.status_code == 200
        assert not OpsnMember.objects.exists()

    def test_a_deactivated_account_joins_no_opsn(self, client_of, nadia, opsn):
        UserFactory(email="old@opsn.example", is_active=False)

        client_of(nadia).post(
            f"{ADMIN}membres-opsn/create/",
            {"user": "old@opsn.example", "opsn": opsn.pk, "role": "conseiller"},
        )

        assert not OpsnMember.objects.exists()

    def test_one_who_leaves_is_out_at_once(self, client_of, nadia, omar, paul):
        browser = client_of(omar)
        url = f"/espace/collectivite/demandes/{the(paul).pk}/"
        assert browser.get(url).status_code == 200

        client_of(nadia).post(f"{ADMIN}membres-opsn/delete/{OpsnMember.objects.get().pk}/")

        assert browser.get(url).status_code == 404


def test_editors_reach_neither_accounts_nor_groups(client_of, editor, nadia):
    for user in (editor, nadia):
        client = client_of(user)
        for address in ("users/", "users/new/", "groups/", "groups/new/", "sites/"):
            assert client.get(f"/admin/{address}").status_code in (302, 403), address
