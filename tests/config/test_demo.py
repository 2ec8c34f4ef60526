"""The demonstration: invented communes that say so, and something to look at for each role."""

from datetime import UTC, datetime

from accounts.models import User
from config.demo import load_demo
from plans.models import Action
from questions.loading import load_edition
from questions.models import Assessment
from supervision.campaigns import turnout
from supervision.models import Campaign, Consent, OpenDataRelease, SavedView
from supervision.peers import comparison_of
from supervision.territory import Territory
from territories.models import Collectivite
from territories.scoping import acting_as
from tests.territories.factories import DepartementFactory

AT = datetime(2027, 3, 1, 9, tzinfo=UTC)


def test_there_is_something_to_read_to_compare_and_to_steer_and_all_of_it_says_that_it_is_invented(
    db,
):
    DepartementFactory(code="60")
    for level in (1, 2):
        load_edition(level=level, edition="2027", title="Repères", introduction="", at=AT)

    assert load_demo(at=AT)

    assert all("(démonstration)" in row.name for row in Collectivite.objects.all())
    closed = Assessment.objects.official().closed()
    assert closed.values("collectivite").distinct().count() >= 8
    assert len({row.index for row in closed}) > 5
    plan = Action.objects.all()
    assert plan.filter(done_on__isnull=False).exists()
    assert plan.filter(due_on__lt=AT.date(), done_on=None).exists()
    valmont = Collectivite.objects.get(code_insee="60990")
    own = closed.get(collectivite=valmont)
    alice = User.objects.get(email="alice@demo.example")
    with acting_as(alice):
        assert comparison_of(own, alice).peers.count > 5
    now, past = Campaign.objects.all()
    assert past.is_closed
    steps = turnout(now, Territory(valmont.opsn))
    assert 0 < steps.closed < steps.begun < steps.registered < steps.collectivites
    assert Consent.objects.filter(epci=valmont.epci).exists()
    assert SavedView.objects.filter(is_shared=True).exists()
    assert OpenDataRelease.objects.exists()
    before = Assessment.objects.count()
    assert not load_demo(at=AT)
    assert Assessment.objects.count() == before
