import re
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core import mail
from django.test import override_settings

from tests.accounts.factories import PASSWORD

pytestmark = pytest.mark.django_db

FORGOTTEN = "/compte/mot-de-passe/oublie/"
NEW = "neuf-chemins-de-halage"


def ask_for_link(client, email) -> str:
    client.post(FORGOTTEN, {"email": email})
    return re.search(r"https?://[^/]+(/compte/mot-de-passe/lien/\S+)", mail.outbox[-1].body)[1]


def choose(client, link, password=NEW):
    form = client.get(link, follow=True)
    address = form.redirect_chain[-1][0] if form.redirect_chain else link
    return client.post(address, {"password1": password, "password2": password})


def test_a_forgotten_password_is_chosen_anew_by_the_link(client, alice, log_in):
    choose(client, ask_for_link(client, alice.email))

    assert log_in(client, alice.email, PASSWORD).status_code == 200
    assert log_in(client, alice.email, NEW).url == "/espace/"
    assert "a été changé" in mail.outbox[-1].subject


def test_known_and_unknown_addresses_get_the_same_answer_and_one_mail(client, alice):
    known = client.post(FORGOTTEN, {"email": alice.email}, follow=True)
    unknown = client.post(FORGOTTEN, {"email": "nobody@valmont.example"}, follow=True)

    assert known.redirect_chain == unknown.redirect_chain
    assert len(known.content) == len(unknown.content)
    assert [m.to for m in mail.outbox] == [[alice.email], ["nobody@valmont.example"]]
    assert mail.outbox[1].subject == "Aucun compte à cette adresse"


@pytest.mark.parametrize("header", ["HTTP_HOST", "HTTP_X_FORWARDED_HOST"])
def test_a_forged_host_never_reaches_the_mail(client, alice, header):
    response = client.post(FORGOTTEN, {"email": alice.email}, **{header: "evil.example"})

    assert response.status_code in (302, 400)
    bodies = [m.body + m.alternatives[0].content for m in mail.outbox]
    assert not any("evil.example" in body for body in bodies)


def test_links_name_our_own_domain_even_when_another_is_allowed(client, alice):
    with override_settings(
        ALLOWED_HOSTS=["testserver", "mirror.example"], WAGTAILADMIN_BASE_URL="https://ours.example"
    ):
        client.post(FORGOTTEN, {"email": alice.email}, HTTP_HOST="mirror.example")

    assert "https://ours.example/compte/mot-de-passe/lien/" in mail.outbox[0].body
    assert "mirror.example" not in mail.outbox[0].body


def test_the_link_works_once(client_of, alice, log_in):
    link = ask_for_link(client_of(), alice.email)
    choose(client_of(), link)

    again = client_of().get(link, follow=True)

    assert "Ce lien ne marche plus" in again.content.decode()


def test_the_link_dies_after_four_hours(client, alice, monkeypatch):
    asked_at = datetime(2027, 2, 1, 10, 0)
    monkeypatch.setattr(PasswordResetTokenGenerator, "_now", lambda self: asked_at)
    link = ask_for_link(client, alice.email)

    late_at = asked_at + timedelta(hours=4, seconds=1)
    monkeypatch.setattr(PasswordResetTokenGenerator, "_now", lambda self: late_at)
    late = client.get(link, follow=True)

    assert "Ce lien ne marche plus" in late.content.decode()


def test_the_link_dies_with_a_change_of_address(client, alice):
    link = ask_for_link(client, alice.email)
    alice.emailaddress_set.update(email="other@valmont.example")
    type(alice).objects.filter(pk=alice.pk).update(email="other@valmont.example")

    late = client.get(link, follow=True)

    assert "Ce lien ne marche plus" in late.content.decode()


def test_the_token_of_one_opens_no_other_account(client, alice, bob):
    of_alice, of_bob = ask_for_link(client, alice.email), ask_for_link(client, bob.email)
    uid_of_bob = of_bob.rsplit("/", 2)[1].split("-")[0]
    uid_of_alice, token = of_alice.rsplit("/", 2)[1].split("-", 1)
    crossed = of_alice.replace(f"{uid_of_alice}-{token}", f"{uid_of_bob}-{token}")

    response = client.get(crossed, follow=True)

    assert "Ce lien ne marche plus" in response.content.decode()


def test_changing_the_password_ends_every_other_session(client_of, alice):
    here, elsewhere = client_of(alice), client_of(alice)

    here.post(
        "/compte/mot-de-passe/changer/",
        {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW},
    )

    assert here.get("/compte/").status_code == 200
    assert elsewhere.get("/compte/").status_code == 302


def test_resetting_the_password_ends_every_session(client_of, alice):
    elsewhere = client_of(alice)
    visitor = client_of()

    choose(visitor, ask_for_link(visitor, alice.email))

    assert elsewhere.get("/compte/").status_code == 302


def test_the_current_password_is_asked(client_of, alice):
    client = client_of(alice)

    response = client.post(
        "/compte/mot-de-passe/changer/",
        {"oldpassword": "wrong", "password1": NEW, "password2": NEW},
    )

    alice.refresh_from_db()
    assert "Ce n’est pas votre mot de passe actuel" in response.content.decode()
    assert alice.check_password(PASSWORD)


def test_the_secret_of_the_link_leaves_the_address_bar(client, alice):
    link = ask_for_link(client, alice.email)

    response = client.get(link)

    assert response.url.endswith("-set-password/")
    assert settings.SECURE_REFERRER_POLICY == "same-origin"
