"""A session has a new key at login, dies at logout, and carries no right that was taken away."""

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.urls import reverse

from territories.enums import MemberState
from tests.accounts.factories import PASSWORD
from tests.questions.factories import AssessmentFactory, QuestionnaireFactory

pytestmark = pytest.mark.django_db

LOGIN, LOGOUT = "/compte/connexion/", "/compte/deconnexion/"


def log_in(client, user):
    return client.post(LOGIN, {"login": user.email, "password": PASSWORD})


def test_a_session_fixed_beforehand_is_not_the_one_that_opens(client, alice):
    planted = client.session
    planted["planté"] = True
    planted.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = planted.session_key

    log_in(client, alice)

    assert client.session.session_key != planted.session_key
    assert not Session.objects.filter(pk=planted.session_key).exists()


def test_the_key_changes_too_from_one_person_to_the_next(client, alice, bob):
    log_in(client, alice)
    of_alice = client.session.session_key
    client.post(LOGOUT)
    log_in(client, bob)

    assert client.session.session_key != of_alice
    assert not Session.objects.filter(pk=of_alice).exists()


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(client, alice):
    cookie = log_in(client, alice).cookies[settings.SESSION_COOKIE_NAME]

    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert cookie["domain"] == ""


def test_with_production_settings_it_travels_over_https_only(client, alice, settings):
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True

    form = client.get(LOGIN, secure=True)
    response = client.post(LOGIN, {"login": alice.email, "password": PASSWORD}, secure=True)

    assert form.cookies[settings.CSRF_COOKIE_NAME]["secure"] is True
    assert form.cookies[settings.CSRF_COOKIE_NAME]["httponly"] is True
    assert response.cookies[settings.SESSION_COOKIE_NAME]["secure"] is True


@pytest.mark.parametrize("address", [LOGOUT, "/admin/logout/"])
@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_nothing_but_a_post_logs_out(client_of, nadia, address, method):
    browser = client_of(nadia)

    getattr(browser, method)(address)

    assert browser.get("/compte/").status_code == 200


def test_logging_out_kills_the_session_and_not_only_the_cookie(client, alice):
    log_in(client, alice)
    key = client.session.session_key

    client.post(LOGOUT)
    client.cookies[settings.SESSION_COOKIE_NAME] = key

    assert not Session.objects.filter(pk=key).exists()
    assert client.get("/compte/").url.startswith(LOGIN)


@pytest.fixture
def answered(commune):
    return AssessmentFactory(
        questionnaire=QuestionnaireFactory(content={"achats": ["ACH1"]}), collectivite=commune
    )


@pytest.fixture
def pages(answered):
    return [
        reverse("questions:results", args=[answered.pk]),
        reverse("questions:theme", args=[answered.pk, "achats"]),
    ]


@pytest.mark.parametrize("state", [MemberState.LEFT, MemberState.PENDING, MemberState.REFUSED])
def test_who_is_removed_or_suspended_is_refused_in_both_browsers(client_of, bob, pages, state):
    browsers = [client_of(bob), client_of(bob)]
    assert {b.get(page).status_code for b in browsers for page in pages} == {200}

    bob.memberships.update(state=state, verification="")

    assert {b.get(page).status_code for b in browsers for page in pages} == {404}


def test_who_is_deactivated_is_out_in_both_browsers(client_of, bob, pages):
    browsers = [client_of(bob), client_of(bob)]
    assert {b.get(page).status_code for b in browsers for page in pages} == {200}

    type(bob).objects.filter(pk=bob.pk).update(is_active=False)

    assert {b.get(page).status_code for b in browsers for page in pages} == {302}


def test_who_becomes_a_reader_writes_no_more_in_either_browser(client_of, bob, answered, pages):
    browsers = [client_of(bob), client_of(bob)]
    assert {
        b.get(reverse("questions:close", args=[answered.pk])).status_code for b in browsers
    } == {200}

    bob.memberships.update(role="lecteur")

    assert {b.post(pages[1], {}).status_code for b in browsers} == {404}
    assert {b.get(pages[0]).status_code for b in browsers} == {200}


def test_who_is_a_referent_no_more_manages_nobody(client_of, alice, bob):
    browsers = [client_of(alice), client_of(alice)]
    alice.memberships.update(role="contributeur")
    colleague = bob.memberships.get()

    for browser in browsers:
        path = reverse("territories:change_role", args=[colleague.pk])
        assert browser.post(path, {"role": "referent"}).status_code == 404

    colleague.refresh_from_db()
    assert colleague.role == "contributeur"


@pytest.mark.parametrize("ended", ["membership", "opsn", "attachment"])
def test_an_opsn_that_follows_no_more_sees_nothing_in_either_browser(
    client_of, omar, opsn, commune, pages, ended
):
    browsers = [client_of(omar), client_of(omar)]
    assert {b.get(page).status_code for b in browsers for page in pages} == {200}

    if ended == "membership":
        omar.opsn_memberships.all().delete()
    elif ended == "opsn":
        type(opsn).objects.filter(pk=opsn.pk).update(active=False)
    else:
        type(commune).objects.filter(pk=commune.pk).update(opsn=None)

    assert {b.get(page).status_code for b in browsers for page in pages} == {404}


def test_who_leaves_the_national_team_is_out_of_the_back_office_in_both_browsers(
    client_of, nadia, pages
):
    browsers = [client_of(nadia), client_of(nadia)]
    assert {b.get("/admin/").status_code for b in browsers} == {200}

    nadia.groups.clear()

    assert {b.get("/admin/").status_code for b in browsers} == {403}
    assert {b.get(pages[0]).status_code for b in browsers} == {404}
