from datetime import timedelta

import pytest

from supervision.models import OpsnInvitation
from supervision.retention import delete_invitations
from supervision.team import invite_member
from territories.enums import OpsnRole
from territories.retention import INVITATION_KEPT

pytestmark = pytest.mark.django_db


def test_an_invitation_into_an_opsn_goes_three_months_after_its_end(opsn, rosa, at):
    role = OpsnRole.CONSEILLER
    invite_member(opsn=opsn, email="nora@opsn-nord.example", role=role, by=rosa, at=at)
    end = OpsnInvitation.objects.get().expires_at + INVITATION_KEPT
    later = end + timedelta(seconds=1)

    assert delete_invitations(at=end, dry=False) == 0
    assert delete_invitations(at=later, dry=True) == 1
    assert OpsnInvitation.objects.count() == 1
    assert delete_invitations(at=later, dry=False) == 1
    assert not OpsnInvitation.objects.exists()
