"""The deadlines in one's own agenda, at a private address."""

from datetime import date

import pytest
from django.urls import reverse
from icalendar import Calendar

from plans.agenda import calendar, feed_of, open_feed
from plans.enums import Status
from plans.models import Action, CalendarFeed
from plans.tracking import change_action
from territories.enums import MemberState
from territories.models import CollectiviteMember
from tests.plans.factories import NOON, ActionFactory


def feed_address(token) -> str:
    return reverse("plans:feed", args=[token])


def act(name, commune) -> str:
    return reverse(f"plans:{name}", args=[commune.pk])


@pytest.fixture
def token(plan, alice):
    return open_feed(plan=plan, by=alice, at=NOON)


def test_the_feed_is_a_valid_calendar_with_one_day_per_deadline(plan, token, client_of):
    title = "Acheter d’occasion ; écrans, unités\\centrales " + "é" * 60
    ActionFactory(plan=plan, number=7, title=title, due_on=date(2027, 6, 30), owner_name="Services")
    ActionFactory(plan=plan, title="Sans date")
    ActionFactory(plan=plan, title="Abandonnée", due_on=date(2027, 1, 1), status=Status.DROPPED)
    ActionFactory(plan=plan, title="Proposée", due_on=date(2027, 1, 1), proposed=True)

    response = client_of().get(feed_address(token))

    parsed = Calendar.from_ical(response.content)
    (event,) = parsed.walk("VEVENT")
    assert str(event["SUMMARY"]) == f"A7 – {title}"
    assert str(event["DESCRIPTION"]) == "Statut : à définir\nResponsable : Services"
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (date(2027, 6, 30), date(2027, 7, 1))
    assert str(parsed["X-WR-CALNAME"]) == "Plan d’action – Valmont-sur-Claire"
    assert all(len(line) <= 75 for line in response.content.split(b"\r\n"))
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Cache-Control"] == "private, no-store"


def test_an_empty_plan_is_a_valid_calendar(plan):
    assert Calendar.from_ical(calendar(plan, "localhost")).walk("VEVENT") == []


def test_the_feed_is_the_same_twice_and_follows_a_change(plan, token, alice, client_of):
    action = ActionFactory(plan=plan, due_on=date(2027, 6, 30))
    client = client_of()

    first, second = (client.get(feed_address(token)).content for _ in range(2))
    change_action(action=action, version=1, values={"due_on": date(2027, 7, 1)}, by=alice, at=NOON)
    third = Calendar.from_ical(client.get(feed_address(token)).content)

    assert first == second
    (event,) = third.walk("VEVENT")
    (before,) = Calendar.from_ical(first).walk("VEVENT")
    assert (event["UID"], event["SEQUENCE"]) == (before["UID"], 1)
    assert event["DTSTART"].dt == date(2027, 7, 1)


def test_the_secret_is_not_in_the_database(token):
    assert token not in str(CalendarFeed.objects.values().get())


def test_the_address_is_shown_once(commune, plan, alice, client_of):
    client = client_of(alice)
    client.post(act("open_calendar", commune))

    first = client.get(act("outputs", commune)).content.decode()
    second = client.get(act("outputs", commune)).content.decode()

    assert "/espace/plan/agenda/" in first
    assert "/espace/plan/agenda/" not in second.replace(act("open_calendar", commune), "")
    assert "Vous avez une adresse privée" in second


def test_a_new_address_ends_the_old_one(plan, token, alice, client_of):
    new = open_feed(plan=plan, by=alice, at=NOON)

    assert client_of().get(feed_address(token)).status_code == 404
    assert client_of().get(feed_address(new)).status_code == 200


def test_an_address_that_was_taken_back_is_404(commune, token, alice, client_of):
    client_of(alice).post(act("close_calendar", commune))

    assert client_of().get(feed_address(token)).status_code == 404


@pytest.mark.parametrize("secret", ["inconnu", "0" * 64, "é"])
def test_an_unknown_address_is_404(secret, token, client_of):
    assert client_of().get(feed_address(secret)).status_code == 404


def test_who_leaves_the_commune_no_longer_reads_its_deadlines(token, alice, client_of):
    CollectiviteMember.objects.filter(user=alice).update(state=MemberState.LEFT)

    assert client_of().get(feed_address(token)).status_code == 404


def test_a_closed_account_no_longer_reads(token, alice):
    alice.is_active = False
    alice.save()

    assert feed_of(token) is None


def test_an_opsn_that_loses_the_commune_no_longer_reads(plan, omar, commune, other_opsn):
    token = open_feed(plan=plan, by=omar, at=NOON)
    assert feed_of(token)

    commune.opsn = other_opsn
    commune.save()

    assert feed_of(token) is None


@pytest.mark.parametrize("name", ["open_calendar", "close_calendar"])
def test_the_address_is_made_and_taken_back_by_post_by_who_reads(
    name, commune, plan, alice, chloe, client_of
):
    assert client_of(alice).get(act(name, commune)).status_code == 405
    assert client_of(chloe).post(act(name, commune)).status_code == 404
    assert not CalendarFeed.objects.exists()


def test_without_a_plan_there_is_no_calendar(commune, alice, client_of):
    assert client_of(alice).post(act("open_calendar", commune)).status_code == 404


def test_line_breaks_in_a_title_do_not_break_the_calendar(plan, token, client_of):
    action = ActionFactory(plan=plan, due_on=date(2027, 6, 30))
    Action.objects.filter(pk=action.pk).update(title="Un\r\nEND:VCALENDAR\r\nX:1")

    parsed = Calendar.from_ical(client_of().get(feed_address(token)).content)

    assert len(parsed.walk("VEVENT")) == 1
