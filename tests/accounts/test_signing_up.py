import re

import pytest
from django.core import mail

from accounts.models import User
from tests.accounts.factories import UserFactory

pytestmark = pytest.mark.django_db
VERIFICATION = "/compte/verification/"


def test_a_person_signs_up_confirms_her_address_and_is_in(client, sign_up, code_in):
    response = sign_up(client, "Alice@Valmont.example", last_name="Martin")
    assert response.url == VERIFICATION

    page = client.get(VERIFICATION)
    assert "alice@valmont.example" in page.content.decode()
    response = client.post(VERIFICATION, {"code": code_in(mail.outbox[0]), "action": "verify"})

    user = User.objects.get()
    assert (user.email, user.get_full_name()) == ("alice@valmont.example", "Alice Martin")
    assert user.emailaddress_set.get().verified
    assert response.url == "/espace/"
    assert client.session["_auth_user_id"] == str(user.pk)


def test_nothing_private_opens_before_the_address_is_confirmed(client, sign_up):
    sign_up(client, "alice@valmont.example")

    response = client.get("/compte/")

    assert response.status_code == 302
    assert response.url.startswith("/compte/connexion/")


def test_a_wrong_code_is_said_and_three_of_them_end_the_process(client, sign_up, code_in):
    sign_up(client, "alice@valmont.example")
    code = code_in(mail.outbox[0])

    first = client.post(VERIFICATION, {"code": "WRONG1", "action": "verify"})
    client.post(VERIFICATION, {"code": "WRONG2", "action": "verify"})
    third = client.post(VERIFICATION, {"code": "WRONG3", "action": "verify"})
    late = client.post(VERIFICATION, {"code": code, "action": "verify"})

    assert "Ce code n’est pas le bon" in first.content.decode()
    assert third.status_code == 302
    assert late.url == "/compte/connexion/"
    assert not User.objects.get().emailaddress_set.get().verified


def test_an_expired_code_is_refused(client, sign_up, code_in, monkeypatch):
    sign_up(client, "alice@valmont.example")
    code = code_in(mail.outbox[0])
    session = client.session
    session["account_email_verification_code"]["at"] -= 16 * 60
    session.save()

    response = client.post(VERIFICATION, {"code": code, "action": "verify"})

    assert response.url == "/compte/connexion/"
    assert not User.objects.get().emailaddress_set.get().verified


def test_a_new_code_replaces_the_first(client, sign_up, code_in):
    sign_up(client, "alice@valmont.example")

    client.post(VERIFICATION, {"action": "resend"})
    stale = client.post(VERIFICATION, {"code": code_in(mail.outbox[0]), "action": "verify"})
    fresh = client.post(VERIFICATION, {"code": code_in(mail.outbox[1]), "action": "verify"})

    assert "Ce code n’est pas le bon" in stale.content.decode()
    assert fresh.url == "/espace/"


def test_a_known_address_gets_the_same_answer_and_a_mail_that_says_so(client, sign_up):
    UserFactory(email="bob@valmont.example")
    known = sign_up(client, "bob@valmont.example")
    known_page = client.get(VERIFICATION)
    client.cookies.clear()

    unknown = sign_up(client, "new@valmont.example")
    unknown_page = client.get(VERIFICATION)

    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert _without_address(known_page, "bob") == _without_address(unknown_page, "new")
    assert [m.to for m in mail.outbox] == [["bob@valmont.example"], ["new@valmont.example"]]
    assert mail.outbox[0].subject == "Vous avez déjà un compte"
    assert User.objects.filter(email="bob@valmont.example").count() == 1


def test_a_known_address_is_known_whatever_its_case(client, sign_up):
    UserFactory(email="bob@valmont.example")

    sign_up(client, "BOB@valmont.example")

    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"first_name": ""}, "Prénom"),
        ({"informed": ""}, "puis cochez cette case"),
        ({"password1": "court"}, "12 caractères"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_is_kept(client, sign_up, fields, sentence):
    response = sign_up(client, "alice@valmont.example", **fields)

    page = response.content.decode()
    assert response.status_code == 200
    assert sentence in page
    assert 'value="alice@valmont.example"' in page
    assert not User.objects.exists()


def test_signing_up_gives_no_right(client, sign_up):
    sign_up(client, "alice@valmont.example", is_staff="1", is_superuser="1", groups="1")

    user = User.objects.get()
    assert (user.is_staff, user.is_superuser, user.groups.count()) == (False, False, 0)


def test_what_a_person_types_never_runs(client, sign_up, code_in):
    sign_up(client, "alice@valmont.example", first_name="<script>alert(1)</script>")
    client.post(VERIFICATION, {"code": code_in(mail.outbox[0]), "action": "verify"})

    page = client.get("/compte/").content.decode()

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def _without_address(response, name: str) -> str:
    """The page but for what differs at each request: the address, the CSRF token, the nonce."""
    page = response.content.decode().replace(f"{name}@valmont.example", "ADDRESS")
    return re.sub(r'(csrfmiddlewaretoken" value|nonce)="[^"]+"', "", page)
