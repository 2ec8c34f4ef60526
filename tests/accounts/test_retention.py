"""Accounts that were never confirmed: those that go, and those that somebody made a member meanwhile."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import User
from accounts.retention import delete_unconfirmed
from territories.enums import MemberState
from tests.accounts.factories import UserFactory
from tests.territories.factories import MemberFactory, OpsnMemberFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2030, 6, 1, 9, 0, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=31)


@pytest.fixture
def forgotten():
    return UserFactory(confirmed=False, date_joined=LONG_AGO)


def test_who_was_made_a_member_of_an_opsn_is_kept_and_holds_nobody_back(forgotten, opsn):
    yann = UserFactory(confirmed=False, date_joined=LONG_AGO)
    OpsnMemberFactory(user=yann, opsn=opsn)

    assert delete_unconfirmed(at=NOW, dry=True) == 1
    assert delete_unconfirmed(at=NOW, dry=False) == 1

    assert list(User.objects.all()) == [yann]


def test_who_was_made_a_member_of_a_commune_is_kept(forgotten, commune):
    yann = UserFactory(confirmed=False, date_joined=LONG_AGO)
    MemberFactory(user=yann, collectivite=commune, state=MemberState.LEFT)

    assert delete_unconfirmed(at=NOW, dry=False) == 1

    assert list(User.objects.all()) == [yann]
