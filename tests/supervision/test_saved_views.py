"""A screen of the figures kept under a name, for oneself or for the team."""

import pytest
from django.urls import reverse

from supervision.models import SavedView
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


def test_a_view_is_kept_by_post_by_the_console_only(omar, alice, client_of):
    address = reverse("supervision:keep_view", args=["ensemble"])

    assert client_of(omar).get(address).status_code == 405
    assert client_of(alice).post(address, {"name": "Vue"}).status_code == 404
    assert keep(client_of(omar), "rien").status_code == 404
