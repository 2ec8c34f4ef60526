"""The weekly mail: who is told what, once."""

from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.management import call_command
from django.urls import reverse

from plans.digest import digests_of, send_digests, unsubscribe_token, wants_digest
from plans.enums import Status
from plans.models import DigestPreference, DigestSent
from plans.retention import delete_digests
from territories.enums import MemberState
from territories.models import CollectiviteMember
from tests.plans.factories import ActionFactory, PlanFactory

MONDAY = datetime(2027, 1, 11, 7, 0, tzinfo=UTC)
TODAY = date(2027, 1, 11)
LONG_PAST = date(2020, 1, 1)  # late whenever the command is run


def due(days, **traits):
    return ActionFactory(due_on=TODAY + timedelta(days=days), **traits)


def told(person) -> dict:
    """Return what a person is told, by kind, as titles."""
    for digest in digests_of(TODAY):
        if digest.user == person:
            (commune,) = digest.communes
            return {
                kind: [a.title for a in getattr(commune, kind)]
                for kind in ("late", "this_week", "this_month")
            } | {"unowned": commune.unowned}
    return {}


def test_an_owner_is_told_of_her_own_actions_and_the_referent_of_all(plan, alice, bob):
    due(-1, plan=plan, title="En retard", owner=bob)
    due(0, plan=plan, title="Aujourd’hui", owner=bob)
    due(7, plan=plan, title="Dans la semaine")
    due(8, plan=plan, title="Plus tard", owner_name="Services")
    due(30, plan=plan, title="Dans le mois", owner=bob)
    due(31, plan=plan, title="Trop tôt", owner=bob)

    assert told(bob) == {
        "late": ["En retard"],
        "this_week": ["Aujourd’hui"],
        "this_month": ["Dans le mois"],
        "unowned": 0,
    }
    assert told(alice) == {
        "late": ["En retard"],
        "this_week": ["Aujourd’hui", "Dans la semaine"],
        "this_month": ["Plus tard", "Dans le mois"],
        "unowned": 1,
    }


def test_what_is_finished_proposed_or_elsewhere_is_not_told(plan, other_commune, alice, chloe):
    due(-1, plan=plan, done=True)
    due(-1, plan=plan, status=Status.DROPPED)
    due(-1, plan=plan, proposed=True)
    due(-1, plan=PlanFactory(collectivite=other_commune), owner=alice, title="Ailleurs")

    assert told(alice) == {}
    assert told(chloe)["late"] == ["Ailleurs"]


def test_actions_without_owner_alone_are_not_worth_a_mail(plan, alice):
    ActionFactory(plan=plan)

    assert told(alice) == {}


@pytest.mark.parametrize("state", [MemberState.LEFT, MemberState.PENDING, MemberState.REFUSED])
def test_who_is_no_longer_of_the_team_is_not_told(state, plan, bob):
    due(-1, plan=plan, owner=bob)
    CollectiviteMember.objects.filter(user=bob).update(state=state)

    assert told(bob) == {}


def test_a_closed_account_gets_nothing(plan, bob):
    due(-1, plan=plan, owner=bob)
    bob.is_active = False
    bob.save()

    assert told(bob) == {}


def test_the_mail_is_readable_and_says_how_to_stop_it(plan, alice):
    due(-1, plan=plan, title="Acheter <d’occasion> & réparer")

    send_digests(at=MONDAY)

    (message,) = mail.outbox
    assert message.to == [alice.email]
    assert message.subject == "Plan d’action : Valmont-sur-Claire, le point de la semaine"
    assert "– Acheter <d’occasion> & réparer (10/01/2027)" in message.body
    assert "Une action n’a pas de responsable." in message.body
    assert reverse("plans:table", args=[plan.collectivite_id]) in message.body
    html = message.alternatives[0][0]
    assert "&lt;d’occasion&gt; &amp; réparer" in html
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "/rappels/arreter/" in message.extra_headers["List-Unsubscribe"]


def test_nothing_is_sent_twice_in_a_week_and_the_next_week_is_another(plan, alice):
    due(-1, plan=plan, owner=alice)

    for at in (MONDAY, MONDAY, MONDAY + timedelta(days=6)):
        send_digests(at=at)
    assert len(mail.outbox) == 1

    send_digests(at=MONDAY + timedelta(days=7))
    assert len(mail.outbox) == 2


def test_a_mail_that_could_not_leave_may_leave_later(plan, alice, monkeypatch):
    due(-1, plan=plan, owner=alice)

    def refuse(self, messages):
        raise ConnectionRefusedError

    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
        assert send_digests(at=MONDAY).failed == 1
    assert not DigestSent.objects.exists()

    assert len(send_digests(at=MONDAY).digests) == 1


def test_a_run_that_was_overtaken_sends_nothing(plan, alice, monkeypatch):
    due(-1, plan=plan, owner=alice)
    digests = digests_of(TODAY)

    def overtaken(today):
        DigestSent.objects.get_or_create(user=alice, week=TODAY)
        return digests

    monkeypatch.setattr("plans.digest.digests_of", overtaken)

    sent = send_digests(at=MONDAY)

    assert (sent.digests, sent.failed, mail.outbox) == ([], 0, [])


def test_a_dry_run_sends_and_notes_nothing(plan, alice):
    ActionFactory(plan=plan, owner=alice, due_on=LONG_PAST)
    out = StringIO()

    call_command("send_digests", "--dry-run", stdout=out)

    assert mail.outbox == []
    assert not DigestSent.objects.exists()
    assert out.getvalue() == "1 point de la semaine à envoyer\n"


def test_the_command_counts_in_french(plan, alice, bob):
    ActionFactory(plan=plan, owner=bob, due_on=LONG_PAST)
    out = StringIO()

    call_command("send_digests", stdout=out)
    call_command("send_digests", stdout=out)

    assert out.getvalue().splitlines() == [
        "2 points de la semaine envoyés",
        "0 point de la semaine envoyé",
    ]


def test_the_number_of_queries_does_not_follow_the_number_of_communes(
    plan, other_commune, alice, chloe, django_assert_num_queries
):
    due(-1, plan=plan, owner=alice)
    with django_assert_num_queries(2):
        digests_of(TODAY)
    due(-1, plan=PlanFactory(collectivite=other_commune), owner=chloe)
    due(-1, plan=plan)

    with django_assert_num_queries(2):
        digests_of(TODAY)


# --- Who wants it


def test_one_chooses_to_receive_it_or_not(alice, client_of):
    client, address = client_of(alice), reverse("plans:reminders")
    assert client.get(address).context["form"].initial == {"wanted": True}

    client.post(address, {})
    assert not wants_digest(alice)
    assert client.get(address).context["form"].initial == {"wanted": False}

    client.post(address, {"wanted": "on"})
    assert wants_digest(alice)


def test_who_refused_it_gets_nothing(plan, alice):
    due(-1, plan=plan, owner=alice)
    DigestPreference.objects.create(user=alice, wanted=False)

    assert send_digests(at=MONDAY).digests == []


def test_the_link_of_the_mail_asks_then_stops_it_in_one_click(alice, client_of):
    address = reverse("plans:unsubscribe", args=[unsubscribe_token(alice)])

    asked = client_of().get(address)
    assert asked.status_code == 200
    assert wants_digest(alice)

    done = client_of(enforce_csrf_checks=True).post(address, {"List-Unsubscribe": "One-Click"})
    assert "C’est fait" in done.content.decode()
    assert not wants_digest(alice)


@pytest.mark.parametrize("token", ["1", "1:abc", "x"])
def test_a_link_that_is_not_ours_is_404(token, alice, client_of):
    address = reverse("plans:unsubscribe", args=[token])

    assert client_of().get(address).status_code == 404
    assert client_of().post(address).status_code == 404


def test_a_visitor_logs_in_to_choose(client_of):
    response = client_of().get(reverse("plans:reminders"))

    assert response["Location"].startswith("/compte/connexion/")


def test_old_notes_of_mails_are_deleted(alice):
    DigestSent.objects.create(user=alice, week=TODAY, sent_at=MONDAY)
    later = MONDAY + timedelta(days=100)

    assert delete_digests(at=later, dry=True) == 1
    assert delete_digests(at=later, dry=False) == 1
    assert delete_digests(at=later, dry=False) == 0
