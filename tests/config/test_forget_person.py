"""To be erased on request (SECURITY.md, P10): what the person who answers the request types."""

from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from supervision.models import OpsnInvitation
from territories.enums import MemberRole, MemberState, OpsnRole
from territories.models import CollectiviteMember, Invitation

pytestmark = pytest.mark.django_db
LATER = datetime(2030, 6, 1, tzinfo=UTC)


def run(address: str) -> str:
    out = StringIO()
    call_command("forget_person", address, stdout=out)
    return out.getvalue()


@pytest.fixture
def invited(commune, opsn, alice, omar):
    """Return a function that invites an address in a collectivité and in an OPSN."""

    def invite(address):
        common = {"email": address, "digest": address, "expires_at": LATER}
        Invitation.objects.create(
            collectivite=commune, role=MemberRole.LECTEUR, invited_by=alice, **common
        )
        OpsnInvitation.objects.create(
            opsn=opsn, role=OpsnRole.CONSEILLER, invited_by=omar, **common
        )

    return invite


def test_her_account_is_anonymous_and_her_address_nowhere(bob, invited):
    invited("bob@valmont.example")

    said = run(" Bob@valmont.example ")

    bob.refresh_from_db()
    assert said == f"Le compte {bob.pk} est anonyme.\n"
    assert (bob.email, bob.first_name) == (f"compte-{bob.pk}@efface.invalid", "")
    assert CollectiviteMember.objects.get(user=bob).state == MemberState.LEFT
    assert not Invitation.objects.exists()
    assert not OpsnInvitation.objects.exists()


def test_who_was_only_invited_is_forgotten_too(invited):
    invited("marie@valmont.example")

    assert "n’a pas de compte" in run("marie@valmont.example")

    assert not Invitation.objects.exists()
    assert not User.objects.filter(is_active=False).exists()


def test_an_address_that_nobody_has_is_said_and_changes_nothing(bob, invited):
    invited("marie@valmont.example")

    with pytest.raises(CommandError, match="Ni compte ni invitation"):
        run("bob@valmont.exampl")

    bob.refresh_from_db()
    assert bob.email == "bob@valmont.example"
    assert (Invitation.objects.count(), OpsnInvitation.objects.count()) == (1, 1)
