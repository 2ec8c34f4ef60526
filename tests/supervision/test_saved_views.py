"""A screen of the figures kept under a name, for oneself or for the team."""

import pytest
from django.http import QueryDict
from django.urls import reverse

from supervision.models import SavedView
from territories.enums import OpsnRole
from tests.accounts.factories import UserFactory
from tests.territories.factories import OpsnMemberFactory

pytestmark = pytest.mark.django_db
FIGURES = reverse("supervision:figures")


@pytest.fixture
def ines(opsn):
    """A colleague of Omar."""
    return OpsnMemberFactory(opsn=opsn).user


def keep(client, view="carte-de-chaleur", **data):
    return client.post(
        reverse("supervision:keep_view", args=[view]), {"name": "Mes villages", **data}
    )


def test_a_view_keeps_its_filters(omar, client_of):
    client = client_of(omar)

    response = keep(client, strate="500", page="3")

    saved = SavedView.objects.get()
    assert (saved.author, saved.query, saved.is_shared) == (omar, "strate=500", False)
    assert response["Location"] == saved.address
    assert saved.address == reverse("supervision:heat_map") + "?strate=500"
    assert "Mes villages" in client.get(FIGURES).content.decode()


@pytest.mark.parametrize(
    ("view", "address", "filters"),
    [
        ("progres", "supervision:progress", {"du": "2026-01-05", "strate": "500"}),
        ("rapport", "supervision:report", {"au": "2026-01-05", "type": "commune"}),
        ("bloquees", "supervision:blocked", {"depuis": "60", "niveau": "2"}),
    ],
)
def test_each_screen_of_figures_is_kept_with_its_own_filters(
    view, address, filters, omar, client_of
):
    client = client_of(omar)

    response = keep(client, view, **filters)

    saved = SavedView.objects.get()
    assert dict(QueryDict(saved.query).items()) == filters
    assert response["Location"] == saved.address == reverse(address) + "?" + saved.query
    assert "Mes villages" in client.get(saved.address).content.decode()


def test_the_country_is_kept_by_who_looks_at_the_whole_of_it(nadia, omar, client_of):
    client = client_of(nadia)

    keep(client, "pays", niveau="2")

    saved = SavedView.objects.get()
    assert (saved.opsn, saved.address) == (None, reverse("supervision:country") + "?niveau=2")
    assert "Mes villages" in client.get(saved.address).content.decode()
    assert keep(client_of(omar), "pays").status_code == 404


@pytest.mark.parametrize(
    ("view", "order", "kept"),
    [
        ("carte-de-chaleur", "-indice", "-indice"),
        ("progres", "ecart", "ecart"),
        ("progres", "siren", None),
        ("carte", "nom", None),
    ],
)
def test_the_order_is_kept_where_there_is_one(view, order, kept, omar, client_of):
    keep(client_of(omar), view, tri=order)

    assert QueryDict(SavedView.objects.get().query).get("tri") == kept


def test_a_screen_sends_its_order_to_be_kept(omar, client_of):
    page = client_of(omar).get(reverse("supervision:progress"), {"tri": "-ecart"})

    assert page.content.decode().count('<input type="hidden" name="tri" value="-ecart">') == 1


@pytest.mark.parametrize("filters", [{"strate": "1"}, {"type": ["commune"] * 100}])
def test_a_filter_that_is_wrong_is_not_kept(filters, omar, client_of):
    client = client_of(omar)

    response = keep(client, **filters)

    assert not SavedView.objects.exists()
    assert "Un filtre n’est pas valable" in client.get(response["Location"]).content.decode()


def test_the_groups_of_a_comparison_are_kept(omar, client_of):
    keep(client_of(omar), "comparer", quoi="strates", c=["500", "1000"])

    assert SavedView.objects.get().query == "quoi=strates&c=500&c=1000"


@pytest.mark.parametrize("is_shared", [True, False])
def test_a_colleague_reads_what_is_shared(is_shared, omar, ines, client_of):
    keep(client_of(omar), **({"is_shared": "on"} if is_shared else {}))

    page = client_of(ines).get(FIGURES).content.decode()

    assert ("Mes villages" in page) == is_shared


def test_another_opsn_reads_none(omar, sonia, client_of):
    keep(client_of(omar), is_shared="on")

    assert "Mes villages" not in client_of(sonia).get(FIGURES).content.decode()


def test_who_left_the_opsn_reads_none_any_more(omar, ines, other_opsn, client_of):
    keep(client_of(omar), is_shared="on")
    ines.opsn_memberships.all().delete()
    OpsnMemberFactory(user=ines, opsn=other_opsn)

    assert "Mes villages" not in client_of(ines).get(FIGURES).content.decode()


def test_a_name_serves_once(omar, client_of):
    client = client_of(omar)
    keep(client)

    response = keep(client, strate="500")

    assert SavedView.objects.count() == 1
    assert "déjà une vue de ce nom" in client.get(response["Location"]).content.decode()


@pytest.mark.parametrize("name", ["", "x" * 81])
def test_a_view_needs_a_name(name, omar, client_of):
    keep(client_of(omar), name=name)

    assert not SavedView.objects.exists()


def test_one_forgets_ones_own_only(omar, ines, client_of):
    keep(client_of(omar), is_shared="on")
    address = reverse("supervision:forget_view", args=[SavedView.objects.get().pk])

    assert client_of(ines).post(address).status_code == 404
    assert client_of(omar).get(address).status_code == 405
    assert client_of(omar).post(address).status_code == 302
    assert not SavedView.objects.exists()


def test_what_a_colleague_who_left_shared_is_deleted_by_who_manages_the_team(
    omar, ines, rosa, client_of
):
    keep(client_of(omar), is_shared="on")
    saved = SavedView.objects.get()
    omar.opsn_memberships.all().delete()
    address = reverse("supervision:forget_view", args=[saved.pk])

    assert address not in client_of(ines).get(FIGURES).content.decode()
    assert address in client_of(rosa).get(FIGURES).content.decode()
    assert client_of(ines).post(address).status_code == 404
    assert client_of(rosa).post(address).status_code == 302
    assert not SavedView.objects.exists()


def test_who_manages_another_opsn_deletes_nothing(omar, sonia, client_of):
    keep(client_of(omar), is_shared="on")
    saved = SavedView.objects.get()
    sonia.opsn_memberships.update(role=OpsnRole.RESPONSABLE)

    response = client_of(sonia).post(reverse("supervision:forget_view", args=[saved.pk]))

    assert response.status_code == 404
    assert SavedView.objects.exists()


def test_the_national_team_deletes_what_one_of_it_shared_of_the_country(nadia, client_of):
    keep(client_of(UserFactory(national=True)), is_shared="on")
    saved = SavedView.objects.get()

    client_of(nadia).post(reverse("supervision:forget_view", args=[saved.pk]))

    assert not SavedView.objects.exists()


def test_what_is_not_shared_is_deleted_by_its_author_alone(omar, nadia, client_of):
    keep(client_of(omar))
    saved = SavedView.objects.get()

    response = client_of(nadia).post(reverse("supervision:forget_view", args=[saved.pk]))

    assert response.status_code == 404


def test_a_view_is_kept_by_post_by_the_console_only(omar, alice, client_of):
    address = reverse("supervision:keep_view", args=["ensemble"])

    assert client_of(omar).get(address).status_code == 405
    assert client_of(alice).post(address, {"name": "Vue"}).status_code == 404
    assert keep(client_of(omar), "rien").status_code == 404
