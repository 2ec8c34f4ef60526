"""Who may do what: person × question, and what becomes of it when a state changes."""

import pytest

from accounts.models import User
from territories import rules
from territories.enums import MemberRole, MemberState
from territories.models import Collectivite, CollectiviteMember, OpsnMember
from territories.scoping import acting_as
from tests.territories.factories import (
    CollectiviteFactory,
    MemberFactory,
    OpsnMemberFactory,
)

pytestmark = pytest.mark.django_db

# person: may read, answer, manage members, decide on Paul's request
WHAT_EACH_MAY_DO = {
    "alice": (True, True, True, True),
    "bob": (True, True, False, False),
    "lea": (True, False, False, False),
    "paul": (False, False, False, False),
    "chloe": (False, False, False, False),
    "omar": (True, False, False, True),
    "sonia": (False, False, False, False),
    "nadia": (True, False, False, True),
    "editor": (False, False, False, False),
    "lone": (False, False, False, False),
}


@pytest.mark.parametrize(("name", "expected"), WHAT_EACH_MAY_DO.items())
def test_each_person_may_do_what_her_place_says(request, commune, paul, name, expected):
    user = request.getfixturevalue(name)
    demand = CollectiviteMember.objects.get(user=paul)

    assert (
        rules.can_read(user, commune),
        rules.can_answer(user, commune),
        rules.can_manage_members(user, commune),
        rules.can_decide(user, demand),
    ) == expected


@pytest.mark.parametrize("name", ["alice", "bob", "omar", "nadia"])
def test_a_deactivated_account_may_nothing(request, commune, paul, name):
    user = request.getfixturevalue(name)
    user.is_active = False
    demand = CollectiviteMember.objects.get(user=paul)

    assert not rules.can_read(user, commune)
    assert not rules.can_answer(user, commune)
    assert not rules.can_manage_members(user, commune)
    assert not rules.can_decide(user, demand)


@pytest.mark.parametrize("state", [MemberState.PENDING, MemberState.REFUSED, MemberState.LEFT])
@pytest.mark.parametrize("role", MemberRole.values)
def test_only_an_active_member_has_a_role(commune, state, role):
    member = MemberFactory(collectivite=commune, state=state, role=role, verification="")

    assert rules.active_role(member.user, commune) == ""
    assert not rules.can_read(member.user, commune)


def test_a_role_taken_away_is_gone_at_the_next_question(alice, commune):
    assert rules.can_manage_members(alice, commune)

    CollectiviteMember.objects.filter(user=alice).update(role=MemberRole.LECTEUR)

    assert not rules.can_manage_members(alice, commune)
    assert not rules.can_answer(alice, commune)


@pytest.mark.parametrize("name", ["omar", "nadia"])
def test_nobody_decides_on_her_own_request(request, commune, name):
    user = request.getfixturevalue(name)
    demand = MemberFactory(
        user=user, collectivite=commune, state=MemberState.PENDING, verification=""
    )

    assert not rules.can_decide(user, demand)


class TestNullMeetsNull:
    """A person without OPSN, a commune without OPSN, an OPSN without communes or deactivated."""

    @pytest.fixture
    def orphan(self):
        return CollectiviteFactory(name="Sans-Opsn", opsn=None)

    @pytest.mark.parametrize("name", ["lone", "omar", "sonia", "alice"])
    def test_a_commune_without_opsn_is_followed_by_no_opsn(self, request, orphan, name):
        user = request.getfixturevalue(name)
        demand = MemberFactory(collectivite=orphan, state=MemberState.PENDING, verification="")

        assert orphan not in Collectivite.objects.followed_by(user)
        assert not rules.can_decide(user, demand)

    def test_an_operator_without_territory_sees_nothing(self, alice, opsn):
        idle = OpsnMemberFactory(opsn__name="OPSN sans commune").user

        with acting_as(idle):
            seen = CollectiviteMember.objects.count()

        assert not Collectivite.objects.followed_by(idle).exists()
        assert seen == 0

    def test_a_deactivated_opsn_sees_and_decides_nothing(self, alice, omar, opsn, commune, paul):
        opsn.active = False
        opsn.save()
        demand = CollectiviteMember.objects.get(user=paul)

        with acting_as(omar):
            seen = (CollectiviteMember.objects.count(), OpsnMember.objects.count())

        assert seen == (0, 0)
        assert not rules.can_read(omar, commune)
        assert not rules.can_decide(omar, demand)

    def test_somebody_who_belongs_nowhere_sees_nothing(self, alice, lone, orphan):
        MemberFactory(collectivite=orphan)

        with acting_as(lone):
            seen = CollectiviteMember.objects.count()

        assert seen == 0
        assert not Collectivite.objects.followed_by(lone).exists()

    def test_without_a_scope_there_is_nothing(self, alice):
        with acting_as(None):
            assert not CollectiviteMember.objects.exists()

    def test_a_commune_that_moves_changes_hands_at_once(self, omar, sonia, commune, other_opsn):
        Collectivite.objects.filter(pk=commune.pk).update(opsn=other_opsn)

        assert not rules.can_read(omar, commune)
        assert rules.can_read(sonia, commune)


def test_the_national_team_is_asked_by_permission_and_not_by_name(nadia, commune):
    User.objects.get(pk=nadia.pk).groups.clear()

    assert not rules.can_read(User.objects.get(pk=nadia.pk), commune)


@pytest.fixture
def accompanied(opsn, commune, omar, at):
    """Omar's OPSN has taken the competence, and opened level 2 to Alice's commune."""
    opsn.offers_level_two = True
    opsn.save()
    commune.level_two_opened_at, commune.level_two_opened_by = at, omar
    commune.save()
    return commune


@pytest.mark.parametrize(
    ("who", "expected"),
    [("omar", True), ("sonia", False), ("nadia", False), ("alice", False), ("chloe", False)],
)
def test_the_advisers_of_its_opsn_alone_accompany_a_commune(request, accompanied, who, expected):
    assert rules.accompanies(request.getfixturevalue(who), accompanied) is expected


@pytest.mark.parametrize(
    "trait", [{"active": False}, {"offers_level_two": False}, {"level_two_opened_at": None}]
)
def test_without_level_two_or_an_opsn_that_offers_it_nobody_accompanies(accompanied, omar, trait):
    for one in (accompanied.opsn, accompanied):
        for field in trait.keys() & vars(one).keys():
            setattr(one, field, trait[field])

    assert not rules.is_accompanied(accompanied)
    assert not rules.accompanies(omar, accompanied)


def test_a_deactivated_adviser_accompanies_nobody(accompanied, omar):
    omar.is_active = False
    omar.save()

    assert not rules.accompanies(omar, accompanied)
    assert list(rules.advisers_of(accompanied)) == []
