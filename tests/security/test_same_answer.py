"""Whether an address has an account is not said, by any form; the known address is told by mail what happened."""

import re

import pytest
from django.core import mail

from tests.accounts.factories import PASSWORD

pytestmark = pytest.mark.django_db

UNKNOWN = "personne@valmont.example"
CODE_SENT = "/compte/verification/"


def shown(response, address: str) -> tuple:
    """Return what a visitor perceives of an answer, but for what differs at each request."""
    text = response.content.decode().replace(address, "ADRESSE")
    text = re.sub(r'(csrfmiddlewaretoken" value|nonce)="[^"]+"', "", text)
    kept = {"Content-Type", "Cache-Control", "Location", "Retry-After", "Vary"}
    headers = {name: value for name, value in response.headers.items() if name in kept}
    return response.status_code, response.redirect_chain, headers, sorted(response.cookies), text


def told(client, path: str, address: str, **fields) -> tuple:
    """Post a form with this address; return what the visitor sees, and how many mails left."""
    before = len(mail.outbox)
    response = client.post(path, fields, follow=True)
    return shown(response, address), len(mail.outbox) - before


def test_login_with_a_wrong_password(client_of, alice):
    known, unknown = (
        told(client_of(), "/compte/connexion/", address, login=address, password="pas-le-bon-mot")
        for address in (alice.email, UNKNOWN)
    )

    assert known == unknown
    assert known[1] == 0


def test_login_refused_after_five_wrong_passwords(client_of, alice):
    for address in (alice.email, UNKNOWN):
        for _ in range(5):
            told(client_of(), "/compte/connexion/", address, login=address, password="pas-le-bon")

    known, unknown = (
        told(client_of(), "/compte/connexion/", address, login=address, password=PASSWORD)
        for address in (alice.email, UNKNOWN)
    )

    assert known == unknown
    assert known[0][0] == 429


def test_login_of_a_deactivated_account_with_a_wrong_password(client_of, alice):
    type(alice).objects.filter(pk=alice.pk).update(is_active=False)

    known, unknown = (
        told(client_of(), "/compte/connexion/", address, login=address, password="pas-le-bon-mot")
        for address in (alice.email, UNKNOWN)
    )

    assert known == unknown


def test_login_works_as_hard_for_an_unknown_address(client_of, alice, monkeypatch):
    """The time of an answer tells as much as its text: a password is hashed either way."""
    from django.contrib.auth.hashers import MD5PasswordHasher

    hashed = []
    encode = MD5PasswordHasher.encode

    def count(hasher, password, salt):
        hashed.append(password)
        return encode(hasher, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", count)
    work = []
    for address in (alice.email, UNKNOWN):
        hashed.clear()
        told(client_of(), "/compte/connexion/", address, login=address, password="pas-le-bon-mot")
        work.append(len(hashed))

    assert work[0] == work[1] == 1


def test_registration(client_of, alice):
    fields = {"first_name": "Alice", "password1": "neuf-chemins-de-halage", "informed": "on"}

    known, unknown = (
        told(client_of(), "/compte/inscription/", address, email=address, **fields)
        for address in (alice.email, UNKNOWN)
    )

    assert known == unknown
    assert known[0][1] == [(CODE_SENT, 302)]
    told_so = mail.outbox[0]
    assert (told_so.to, told_so.subject) == ([alice.email], "Vous avez déjà un compte")


def test_registration_with_a_code_that_is_not_the_right_one(client_of, alice):
    fields = {"first_name": "Alice", "password1": "neuf-chemins-de-halage", "informed": "on"}
    answers = []
    for address in (alice.email, UNKNOWN):
        browser = client_of()
        told(browser, "/compte/inscription/", address, email=address, **fields)
        tries = [
            told(browser, CODE_SENT, address, code="ZZZZZZ", action="verify") for _ in range(3)
        ]
        answers.append(tries)

    assert answers[0] == answers[1]


def test_asking_for_another_code(client_of, alice):
    fields = {"first_name": "Alice", "password1": "neuf-chemins-de-halage", "informed": "on"}
    answers = []
    for address in (alice.email, UNKNOWN):
        browser = client_of()
        told(browser, "/compte/inscription/", address, email=address, **fields)
        answers.append(told(browser, CODE_SENT, address, action="resend")[0])

    assert answers[0] == answers[1]


def test_a_forgotten_password(client_of, alice):
    known, unknown = (
        told(client_of(), "/compte/mot-de-passe/oublie/", address, email=address)
        for address in (alice.email, UNKNOWN)
    )

    assert known == unknown
    assert known[1] == 1
    assert [m.to for m in mail.outbox] == [[alice.email], [UNKNOWN]]


def test_inviting_a_colleague(client_of, alice, lone, django_capture_on_commit_callbacks):
    answers = []
    for address in (lone.email, UNKNOWN):
        with django_capture_on_commit_callbacks(execute=True):
            browser = client_of(alice)
            path = "/espace/collectivite/invitations/"
            answer, _ = told(browser, path, address, email=address, role="lecteur")
        answers.append((answer[:3], re.sub(r"\d+", "", answer[4])))
        alice.memberships.get().collectivite.invitations.all().delete()

    assert answers[0] == answers[1]
    known, unknown = mail.outbox
    assert known.subject == unknown.subject
    assert without_link(known.body, lone.email) == without_link(unknown.body, UNKNOWN)


def test_the_link_of_an_invitation_opened_by_a_visitor(
    client_of, alice, lone, mailoutbox, django_capture_on_commit_callbacks
):
    pages = []
    for address in (lone.email, UNKNOWN):
        with django_capture_on_commit_callbacks(execute=True):
            client_of(alice).post(
                "/espace/collectivite/invitations/", {"email": address, "role": "lecteur"}
            )
        link = re.search(r"/espace/collectivite/invitation/\S+", mailoutbox[-1].body)[0]
        page = client_of().get(link, follow=True)
        quoted = address.replace("@", "%40")
        text = page.content.decode().replace(link, "LIEN").replace(quoted, "ADRESSE")
        text = text.replace(link.replace("/", "%2F"), "LIEN").replace(address, "ADRESSE")
        pages.append((page.status_code, re.sub(r'value="[\w-]{64}"', "", text)))

    assert pages[0] == pages[1]


def test_taking_an_address_for_ones_account(client, alice, bob):
    answers = []
    for address in (bob.email, UNKNOWN):
        browser = client.__class__()
        browser.post("/compte/connexion/", {"login": alice.email, "password": PASSWORD})
        browser.post("/compte/confirmer-identite/", {"password": PASSWORD})
        answers.append(told(browser, "/compte/adresse/", address, email=address, action_add="1"))

    assert answers[0] == answers[1]


def without_link(body: str, address: str) -> str:
    return re.sub(r"https?://\S+", "LIEN", body).replace(address, "ADRESSE")
