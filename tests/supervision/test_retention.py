from datetime import timedelta

import pytest

from supervision.consenting import give_consent
from supervision.models import ApiToken, Consent, OpsnInvitation
from supervision.retention import TOKEN_KEPT, delete_invitations, delete_tokens, end_consents
from supervision.team import invite_member
from supervision.tokens import create_token, revoke_token
from territories.enums import AuditAction, CollectiviteKind, OpsnRole
from territories.models import AuditEntry
from territories.retention import INVITATION_KEPT
from tests.territories.factories import CollectiviteFactory

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


@pytest.mark.parametrize("revoked", [False, True])
def test_a_token_goes_a_year_after_its_end(opsn, rosa, at, revoked):
    token, _ = create_token(opsn=opsn, name="Tableau", days=90, by=rosa, at=at)
    end = token.expires_at
    if revoked:
        end = at + timedelta(days=10)
        revoke_token(token=token, by=rosa, at=end)
    later = end + TOKEN_KEPT + timedelta(seconds=1)

    assert delete_tokens(at=end + TOKEN_KEPT, dry=False) == 0
    assert delete_tokens(at=later, dry=True) == 1
    assert delete_tokens(at=later, dry=False) == 1
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize("now_in", [None, "another"])
def test_an_agreement_ends_in_the_night_after_the_commune_leaves_the_epci(
    commune, alice, at, now_in
):
    epcis = [
        CollectiviteFactory(kind=CollectiviteKind.CC, code_insee=None, name=name)
        for name in ("CC des Prés", "CC des Bois")
    ]
    commune.epci = epcis[0]
    commune.save()
    give_consent(collectivite=commune, by=alice, at=at)
    assert end_consents(at=at, dry=False) == 0
    commune.epci = epcis[1] if now_in else None
    commune.save()

    assert end_consents(at=at, dry=True) == 1
    assert Consent.objects.count() == 1
    assert end_consents(at=at, dry=False) == 1
    assert not Consent.objects.exists()
    entry = AuditEntry.objects.get(action=AuditAction.CONSENT_WITHDRAWN)
    assert (entry.collectivite, entry.actor, entry.ground) == (commune, None, "CC des Prés")
