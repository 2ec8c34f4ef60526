"""The mail server does not answer: the pages say it, and nobody is left outside once it works again."""

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from accounts.models import User
from tests.accounts.factories import PASSWORD

pytestmark = pytest.mark.django_db

FORGOTTEN = "/compte/mot-de-passe/oublie/"
NEW = "neuf-chemins-de-halage"


@pytest.fixture
def out_of_order(monkeypatch):
    """Return the function that repairs the server."""

    def send_messages(self, messages):
        raise ConnectionRefusedError(messages[0].to)

    with monkeypatch.context() as patched:
        patched.setattr(EmailBackend, "send_messages", send_messages)
        yield patched.undo


def test_who_signs_up_is_told_and_gets_her_code_by_logging_in_later(
    client, sign_up, log_in, code_in, out_of_order, caplog
):
    response = sign_up(client, "alice@valmont.example")
    page = response.content.decode()
    assert response.status_code == 503
    assert int(response["Retry-After"]) > 0
    assert "courriel n’a pas pu partir" in page
    assert "connectez-vous" in page
    assert "ConnectionRefusedError" in caplog.text
    assert "alice@valmont.example" not in caplog.text

    out_of_order()
    assert log_in(client, "alice@valmont.example").url == "/compte/verification/"
    client.post("/compte/verification/", {"code": code_in(mail.outbox[0]), "action": "verify"})
    assert User.objects.get().emailaddress_set.get().verified


def test_a_forgotten_password_says_the_same_of_every_address(client, alice, out_of_order):
    known = client.post(FORGOTTEN, {"email": alice.email})
    unknown = client.post(FORGOTTEN, {"email": "nobody@valmont.example"})

    assert known.status_code == unknown.status_code == 503
    assert len(known.content) == len(unknown.content)


def test_a_change_already_made_stands_without_its_notice(
    client, alice, log_in, prove_identity, out_of_order
):
    log_in(client, alice.email)
    prove_identity(client)
    change = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}

    response = client.post("/compte/mot-de-passe/changer/", change)

    assert response.status_code == 302
    alice.refresh_from_db()
    assert alice.check_password(NEW)
