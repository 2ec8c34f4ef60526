"""How a person joins the national team: by the form of the back office, as docs/deployment.md says."""

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group
from django.urls import reverse

from accounts.models import User
from accounts.rules import has_second_factor, needs_second_factor
from config.roles import ADMINISTRATORS
from tests.accounts.factories import PASSWORD, UserFactory, prove_twice

pytestmark = pytest.mark.django_db

ENROLMENT = "/compte/second-facteur/application/activer/"


@pytest.fixture
def save(client_of, root):
    """Return a function that opens the form of an account, ticks boxes, and sends it."""
    browser = client_of(root)

    def fill_in(user: User, **boxes):
        url = reverse("wagtailusers_users:edit", args=[user.pk])
        form = BeautifulSoup(browser.get(url).content, "html.parser")
        shown = {box["name"] for box in form.find_all("input", type="checkbox")}
        assert boxes.keys() <= shown
        data = {"email": user.email, "first_name": user.first_name, "last_name": user.last_name}
        assert browser.post(url, data | {"is_active": "on"} | boxes).status_code == 302
        user.refresh_from_db()

    return fill_in


@pytest.fixture
def administrators(db):
    return str(Group.objects.get(name=ADMINISTRATORS).pk)


def test_the_box_and_a_group_open_the_back_office_after_a_second_factor(
    save, client_of, lone, administrators
):
    save(lone, is_staff="on", groups=administrators)

    assert not has_second_factor(lone)
    assert client_of(lone).get("/admin/").url == ENROLMENT
    prove_twice(lone)
    assert client_of(lone).get("/admin/").status_code == 200
    assert lone.follows_every_collectivite


@pytest.mark.parametrize("right", ["groups", "is_superuser"])
def test_neither_a_group_nor_the_right_to_everything_opens_it_without_the_box(
    save, client_of, lone, administrators, right
):
    save(lone, **{right: administrators if right == "groups" else "on"})

    assert not lone.is_staff
    assert client_of(lone).get("/admin/").status_code == 403
    assert not lone.follows_every_collectivite


def test_a_superuser_with_the_box_proves_herself_twice(save, client_of, lone):
    save(lone, is_staff="on", is_superuser="on")

    assert needs_second_factor(lone)
    assert client_of(lone).get("/admin/").url == ENROLMENT


def test_without_the_box_any_more_it_is_shut_at_once(save, client_of, lone, administrators):
    save(lone, is_staff="on", groups=administrators)
    prove_twice(lone)
    browser = client_of(lone)
    assert browser.get("/admin/").status_code == 200

    save(lone, groups=administrators)

    assert browser.get("/admin/").status_code == 403


def test_a_new_account_has_the_box_too(client_of, root, administrators):
    data = {"email": "nora@declic.example", "first_name": "Nora", "last_name": "Petit"}
    passwords = {"password1": PASSWORD, "password2": PASSWORD}

    page = client_of(root).get(reverse("wagtailusers_users:add")).content.decode()
    client_of(root).post(
        reverse("wagtailusers_users:add"),
        data | passwords | {"is_staff": "on", "groups": administrators},
    )

    assert 'name="is_staff"' in page
    assert User.objects.get(email="nora@declic.example").is_staff


def test_nobody_takes_the_box_from_herself(client_of, root):
    url = reverse("wagtailusers_users:edit", args=[root.pk])
    browser = client_of(root)

    page = browser.get(url).content.decode()
    browser.post(url, {"email": root.email, "first_name": "Rose", "last_name": "Racine"})

    root.refresh_from_db()
    assert 'name="is_staff"' not in page
    assert (root.first_name, root.is_staff, root.is_superuser) == ("Rose", True, True)


def test_no_role_reaches_the_form(client_of, nadia, editor):
    someone = UserFactory()

    for person in (nadia, editor):
        url = reverse("wagtailusers_users:edit", args=[someone.pk])
        client_of(person).post(url, {"email": someone.email, "is_staff": "on"})

    someone.refresh_from_db()
    assert not someone.is_staff
