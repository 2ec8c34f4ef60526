"""Nobody gives herself, or another, a right by adding fields to a form."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse

from accounts.models import User
from supervision.models import OpsnInvitation
from territories.models import Collectivite, CollectiviteMember, Invitation, OpsnMember
from territories.scoping import everything
from tests.permissions.building import asking
from tests.permissions.world import ROLES

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

PEOPLE = [role for role in ROLES if role != "anonymous"]


def rights() -> dict[str, list]:
    """Return every right of everybody, as the database holds them."""
    with everything():
        return {
            "accounts": list(
                User.objects.order_by("pk").values_list(
                    "pk", "email", "is_staff", "is_superuser", "is_active"
                )
            ),
            "groups": list(User.groups.through.objects.order_by("pk").values_list("user", "group")),
            "permissions": list(User.user_permissions.through.objects.values_list("user")),
            "rights of groups": list(
                Group.permissions.through.objects.order_by("pk").values_list("group", "permission")
            ),
            "members": list(
                CollectiviteMember.objects.order_by("pk").values_list(
                    "user", "collectivite", "role", "state"
                )
            ),
            "operators": list(
                OpsnMember.objects.order_by("pk").values_list("user", "opsn", "role")
            ),
            "attachments": list(
                Collectivite.objects.order_by("pk").values_list("pk", "opsn", "successor")
            ),
        }


def everything_asked_for(world, role: str) -> dict:
    """Every field that would give a right, with values that exist."""
    alpha, beta = world.objects["alpha"], world.objects["elsewhere"]
    return {
        "is_superuser": "on",
        "is_staff": "on",
        "is_active": "on",
        "groups": [str(pk) for pk in Group.objects.values_list("pk", flat=True)],
        "user_permissions": [str(Permission.objects.earliest("pk").pk)],
        "role": "referent",
        "state": "active",
        "verification": "national",
        "verified_by": str(world.user("root").pk),
        "member": str(world.objects["colleague"].pk),
        "user": str(world.user(role).pk),
        "by": str(world.user("root").pk),
        "collectivite": str(beta.pk),
        "opsn": str(alpha.opsn_id),
        "memberships": str(world.objects["request"].pk),
        "id": str(world.user("root").pk),
        "pk": str(world.user("root").pk),
        "password": "neuf-chemins-de-halage",
    }


@pytest.mark.parametrize("role", PEOPLE)
def test_ones_profile_gives_no_right(world, role):
    before = rights()

    with asking():
        body = {"first_name": "Ève", "email": "eve@evil.example"}
        answer = world.browser(role).post("/compte/", everything_asked_for(world, role) | body)
        after = rights()

    assert answer.status_code == 302
    assert after == before


def test_registration_gives_no_right(world):
    body = {
        "first_name": "Ève",
        "email": "eve@evil.example",
        "password1": "neuf-chemins-de-halage",
        "informed": "on",
    }

    with asking():
        world.browser("anonymous").post(
            "/compte/inscription/", everything_asked_for(world, "lone") | body
        )
        eve = User.objects.get(email="eve@evil.example")
        given = (eve.is_staff, eve.is_superuser, eve.groups.count(), eve.user_permissions.count())
        belongs = CollectiviteMember.objects.filter(user=eve).exists()

    assert given == (False, False, 0, 0)
    assert not belongs


@pytest.mark.parametrize("role", PEOPLE)
def test_an_invitation_is_never_above_ones_rank_nor_out_of_ones_collectivite(world, role):
    before = rights()

    with asking():
        known = set(Invitation.objects.values_list("pk", flat=True))
        for wanted in ("referent", "responsable", "admin", "lecteur"):
            body = everything_asked_for(world, role) | {"email": "eve@evil.example", "role": wanted}
            world.browser(role).post(reverse("territories:invite"), body)
        sent = list(Invitation.objects.exclude(pk__in=known).values_list("role", "collectivite"))
        after = rights()

    own = {"A0": world.objects["alpha"].pk, "B1": world.objects["elsewhere"].pk}
    assert sent == ([("lecteur", own[role])] if role in own else [])
    assert after == before


@pytest.mark.parametrize("role", PEOPLE)
def test_asking_to_join_gives_no_more_than_a_place_to_wait(world, role):
    with asking():
        before = rights()
        commune = world.objects["elsewhere"]
        path = reverse("territories:confirm_join", args=[commune.pk])
        world.browser(role).post(path, everything_asked_for(world, role) | {"message": "Bonjour"})
        after = rights()
        added = [row for row in after["members"] if row not in before["members"]]

    waiting = (world.user(role).pk, commune.pk, "contributeur", "pending")
    assert added == ([] if role == "B1" else [waiting])  # she is in already
    assert {k: v for k, v in after.items() if k != "members"} == {
        k: v for k, v in before.items() if k != "members"
    }


@pytest.mark.parametrize("role", PEOPLE)
@pytest.mark.parametrize("wanted", ["referent", "lecteur", "responsable", "superuser"])
def test_only_a_referent_of_the_collectivite_changes_a_role(world, role, wanted):
    before = rights()
    colleague = world.objects["colleague"]

    with asking():
        path = reverse("territories:change_role", args=[colleague.pk])
        world.browser(role).post(path, everything_asked_for(world, role) | {"role": wanted})
        after = rights()

    changed = [row for row in after["members"] if row not in before["members"]]
    allowed = role == "A0" and wanted in ("referent", "lecteur")
    expected = [(colleague.user_id, colleague.collectivite_id, wanted, "active")]
    assert changed == (expected if allowed else [])
    assert {k: v for k, v in after.items() if k != "members"} == {
        k: v for k, v in before.items() if k != "members"
    }


def test_a_referent_who_accepts_gives_the_place_and_not_the_rank_posted(world):
    request = world.objects["request"]

    with asking():
        path = reverse("territories:approve", args=[request.pk])
        world.browser("A0").post(path, everything_asked_for(world, "A0"))
        with everything():
            member = CollectiviteMember.objects.get(pk=request.pk)

    assert (member.state, member.role, member.collectivite) == (
        "active",
        "contributeur",
        world.objects["alpha"],
    )
    assert member.verified_by == world.user("A0")


@pytest.mark.parametrize("role", ["N", "S", "A0", "admin", "root"])
def test_an_operator_invites_within_her_opsn_and_her_territory_only(world, role):
    before = rights()

    with asking():
        known = set(OpsnInvitation.objects.values_list("pk", flat=True))
        other = world.objects["asked"].opsn_id  # the OPSN of S
        body = {"email": "eve@evil.example", "role": "responsable", "opsn": str(other)}
        world.browser(role).post(reverse("supervision:invite_member"), body)
        sent = OpsnInvitation.objects.exclude(pk__in=known).values_list("opsn", flat=True)
        sent, after = list(sent), rights()

    assert sent == ([world.objects["alpha"].opsn_id] if role == "N" else [])
    assert after == before


ADMIN_ONLY_FOR_ROOT = [
    "wagtailusers_users:index",
    "wagtailusers_users:add",
    "wagtailusers_groups:index",
    "wagtailusers_groups:add",
]


@pytest.mark.parametrize("name", ADMIN_ONLY_FOR_ROOT)
@pytest.mark.parametrize("role", ["editor", "admin"])
def test_accounts_and_groups_are_changed_by_nobody_but_root(world, role, name):
    before = rights()
    body = everything_asked_for(world, role) | {
        "email": "eve@evil.example",
        "first_name": "Ève",
        "last_name": "Mal",
        "name": "Les maîtres",
        "password1": "neuf-chemins-de-halage",
        "password2": "neuf-chemins-de-halage",
        "is_superuser": "on",
    }

    with asking():
        answers = [
            world.browser(role).get(reverse(name)).status_code,
            world.browser(role).post(reverse(name), body).status_code,
        ]
        after = rights()

    assert set(answers) <= {302, 403, 405}
    assert after == before


@pytest.mark.parametrize("role", ["editor", "admin"])
def test_nobody_in_the_back_office_changes_an_account(world, role):
    before = rights()
    root = world.user("root")

    with asking():
        for user in (world.user(role), root):
            for name in ("edit", "delete"):
                path = reverse(f"wagtailusers_users:{name}", args=[user.pk])
                body = {"is_superuser": "on", "email": user.email, "first_name": "Ève"}
                assert world.browser(role).post(path, body).status_code in (302, 403, 404)
        after = rights()

    assert after == before


@pytest.mark.parametrize("role", ["editor", "admin"])
def test_the_preferences_of_the_back_office_give_no_right(world, role):
    before = rights()

    with asking():
        world.browser(role).post(reverse("wagtailadmin_account"), everything_asked_for(world, role))
        after = rights()

    assert after == before


def test_the_fingerprint_of_rights_sees_a_right(world):
    with asking():
        before = rights()
        User.objects.filter(pk=world.user("lone").pk).update(is_staff=True)
        assert rights() != before
