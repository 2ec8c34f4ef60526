import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core import mail

from tests.accounts.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

ENROLMENT = "/compte/second-facteur/application/activer/"
SECRET = "JBSWY3DPEHPK3PXP"


def current_code(secret: str = SECRET) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


@pytest.fixture
def newcomer(db):
    """Of the national team, without a second factor yet."""
    user = UserFactory(email="nora@declic.example", national=True)
    Authenticator.objects.filter(user=user).delete()
    return user


@pytest.fixture
def protected(alice):
    """Alice, with an application and recovery codes."""
    TOTP.activate(alice, SECRET)
    RecoveryCodes.activate(alice)
    return alice


@pytest.mark.parametrize(
    "address",
    ["/admin/", "/admin/pages/", "/compte/", "/compte/adresse/", "/espace/collectivite/rejoindre/"],
)
def test_the_national_team_sees_nothing_but_the_enrolment_page_before_it(
    client_of, newcomer, address
):
    response = client_of(newcomer).get(address)

    assert (response.status_code, response.url) == (302, ENROLMENT)


def test_nothing_can_be_posted_before_enrolment(client_of, newcomer):
    response = client_of(newcomer).post("/compte/", {"first_name": "Changed"})

    newcomer.refresh_from_db()
    assert response.url == ENROLMENT
    assert newcomer.first_name == "Camille"


def test_recovery_codes_alone_are_no_second_factor(client_of, newcomer):
    RecoveryCodes.activate(newcomer)

    assert client_of(newcomer).get("/admin/").url == ENROLMENT


def test_enrolling_opens_the_back_office(
    client, newcomer, log_in, prove_identity, django_capture_on_commit_callbacks
):
    log_in(client, newcomer.email)
    prove_identity(client)
    page = client.get(ENROLMENT)
    secret = page.context["form"].secret

    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(ENROLMENT, {"code": current_code(secret)})

    assert response.url == "/compte/second-facteur/codes-de-secours/"
    assert client.get("/admin/").status_code == 200
    assert mail.outbox[-1].to == [newcomer.email]


def test_a_wrong_code_does_not_enrol(client, newcomer, log_in, prove_identity):
    log_in(client, newcomer.email)
    prove_identity(client)
    client.get(ENROLMENT)

    response = client.post(ENROLMENT, {"code": "000000"})

    assert "Ce code n’est pas le bon" in response.content.decode()
    assert client.get("/admin/").url == ENROLMENT


def test_it_can_be_left_off_by_a_setting_for_demonstrations(client_of, newcomer, settings):
    settings.SECOND_FACTOR_REQUIRED = False

    assert client_of(newcomer).get("/admin/").status_code == 200


def test_it_is_offered_to_all_and_required_of_nobody_else(client_of, alice):
    client = client_of(alice)

    assert client.get("/compte/second-facteur/").status_code == 200
    assert client.get("/compte/").status_code == 200


def test_the_national_team_cannot_take_it_off(client, nadia, log_in, prove_identity):
    Authenticator.objects.filter(user=nadia).delete()
    TOTP.activate(nadia, SECRET)
    log_in(client, nadia.email)
    client.post("/compte/second-facteur/code/", {"code": current_code()})
    prove_identity(client)

    response = client.post("/compte/second-facteur/application/desactiver/")

    assert "gardent toujours leur second facteur" in response.content.decode()
    assert Authenticator.objects.filter(user=nadia, type=Authenticator.Type.TOTP).exists()


def test_anybody_else_can_take_it_off(client, protected, log_in, prove_identity):
    log_in(client, protected.email)
    client.post("/compte/second-facteur/code/", {"code": current_code()})
    prove_identity(client)

    client.post("/compte/second-facteur/application/desactiver/")

    assert not Authenticator.objects.filter(user=protected).exists()


def test_the_password_alone_does_not_open_the_session(client, protected, log_in):
    response = log_in(client, protected.email)

    assert response.url == "/compte/second-facteur/code/"
    assert client.get("/compte/").status_code == 302


def test_a_code_opens_the_session_once(client_of, protected, log_in):
    code = current_code()
    first, second = client_of(), client_of()
    log_in(first, protected.email)
    log_in(second, protected.email)

    opened = first.post("/compte/second-facteur/code/", {"code": code})
    replayed = second.post("/compte/second-facteur/code/", {"code": code})

    assert opened.url == "/espace/"
    assert "Ce code n’est pas le bon" in replayed.content.decode()


def test_a_recovery_code_opens_the_session_once(client_of, protected, log_in):
    code = (
        Authenticator.objects.get(user=protected, type=Authenticator.Type.RECOVERY_CODES)
        .wrap()
        .get_unused_codes()[0]
    )
    first, second = client_of(), client_of()
    log_in(first, protected.email)
    log_in(second, protected.email)

    opened = first.post("/compte/second-facteur/code/", {"code": code})
    replayed = second.post("/compte/second-facteur/code/", {"code": code})

    assert opened.url == "/espace/"
    assert replayed.status_code == 200


def test_wrong_codes_are_refused_after_five(client, protected, log_in):
    log_in(client, protected.email)

    answers = [
        client.post("/compte/second-facteur/code/", {"code": "000000"}).status_code
        for _ in range(7)
    ]

    assert answers == [200] * 5 + [429] * 2


def test_it_survives_a_reset_of_the_password(client, protected, log_in):
    protected.set_password("neuf-chemins-de-halage")
    protected.save()

    response = log_in(client, protected.email, "neuf-chemins-de-halage")

    assert response.url == "/compte/second-facteur/code/"


def test_recovery_codes_are_shown_only_after_proving_who_one_is(client_of, protected):
    response = client_of(protected).get("/compte/second-facteur/codes-de-secours/")

    assert response.status_code == 302
    assert response.url.startswith("/compte/confirmer-identite/")


def test_sensitive_changes_ask_for_the_password_again(client_of, alice):
    client = client_of(alice)

    asked = client.get(ENROLMENT)
    back = client.post(asked.url, {"password": PASSWORD, "next": ENROLMENT})

    assert asked.url.startswith("/compte/confirmer-identite/")
    assert back.url == ENROLMENT
