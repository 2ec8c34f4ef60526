import pytest
from django.core import mail

from accounts.models import User
from tests.accounts.factories import PASSWORD

pytestmark = pytest.mark.django_db


def test_a_person_changes_her_own_words(client_of, alice):
    response = client_of(alice).post(
        "/compte/",
        {"first_name": "Alice", "last_name": "Durand", "function": "Secrétaire", "phone": "0344"},
    )

    alice.refresh_from_db()
    assert response.url == "/compte/"
    assert (alice.last_name, alice.function, alice.phone) == ("Durand", "Secrétaire", "0344")


def test_a_visitor_is_sent_to_the_login_page(client):
    assert client.get("/compte/").url == "/compte/connexion/?next=/compte/"


@pytest.mark.parametrize("person", ["alice", "omar", "nadia"])
def test_nobody_gives_herself_rights(client_of, request, person):
    user = request.getfixturevalue(person)
    before = User.objects.filter(pk=user.pk).values("email", "is_staff", "is_superuser").get()
    groups = list(user.groups.values_list("pk", flat=True))

    client_of(user).post(
        "/compte/",
        {
            "first_name": "X",
            "is_superuser": "1",
            "is_staff": "1",
            "is_active": "1",
            "groups": "1",
            "user_permissions": "1",
            "role": "referent",
            "collectivite": "1",
            "opsn": "1",
            "email": "eve@evil.example",
        },
    )

    after = User.objects.filter(pk=user.pk).values("email", "is_staff", "is_superuser").get()
    assert after == before
    assert list(user.groups.values_list("pk", flat=True)) == groups
    assert not user.user_permissions.exists()


def test_the_address_changes_only_once_the_new_one_is_confirmed(
    client, alice, log_in, prove_identity, code_in
):
    log_in(client, alice.email)
    prove_identity(client)

    client.post("/compte/adresse/", {"email": "alice@new.example", "action_add": "1"})
    alice.refresh_from_db()
    before = alice.email
    client.post("/compte/verification/", {"code": code_in(mail.outbox[0]), "action": "verify"})
    alice.refresh_from_db()

    assert before == "alice@valmont.example"
    assert alice.email == "alice@new.example"
    assert [a.email for a in alice.emailaddress_set.all()] == ["alice@new.example"]
    assert mail.outbox[-1].to == ["alice@valmont.example"]
    assert log_in(client.__class__(), "alice@new.example", PASSWORD).url == "/espace/"


def test_taking_the_address_of_somebody_else_gets_the_same_answer(
    client, alice, bob, log_in, prove_identity
):
    log_in(client, alice.email)
    prove_identity(client)

    taken = client.post("/compte/adresse/", {"email": bob.email, "action_add": "1"})
    page = client.get(taken.url)

    alice.refresh_from_db()
    assert taken.url == "/compte/verification/"
    assert page.status_code == 200
    assert alice.email == "alice@valmont.example"


def test_a_get_changes_nothing(client_of, alice, django_assert_num_queries):
    client = client_of(alice)
    before = User.objects.filter(pk=alice.pk).values().get()

    for address in ("/compte/", "/compte/adresse/", "/compte/second-facteur/"):
        assert client.get(address).status_code == 200

    assert User.objects.filter(pk=alice.pk).values().get() == before
