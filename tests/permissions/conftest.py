import hashlib
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import User
from territories.enums import MemberRole
from territories.models import CollectiviteMember, Invitation
from tests.accounts.factories import PASSWORD
from tests.permissions.world import MARKER, World
from tests.questions.factories import (
    AssessmentFactory,
    MeasureFactory,
    QuestionnaireFactory,
    answer,
)

TOKEN = "jeton-secret-d-invitation"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The pages of the starter content, once: they change nothing of the rights."""
    with django_db_blocker.unblock():
        call_command("load_pages", verbosity=0)


@pytest.fixture
def world(
    db,
    commune,
    other_commune,
    alice,
    bob,
    lea,
    paul,
    chloe,
    lone,
    omar,
    sonia,
    nadia,
    editor,
):
    """ALPHA is Alice's commune, BETA is Chloé's."""
    root = User.objects.create_superuser("root@declic.example", PASSWORD)
    for user in (alice, bob, lea, paul):
        user.last_name = MARKER
        user.save()
    request = CollectiviteMember.objects.get(user=paul)
    request.message = MARKER
    request.save()
    invitation = Invitation.objects.create(
        collectivite=commune,
        email=lone.email,
        role=MemberRole.CONTRIBUTEUR,
        digest=hashlib.sha256(TOKEN.encode()).hexdigest(),
        invited_by=alice,
        expires_at=timezone.now() + timedelta(days=7),
    )
    assessment, closed = assessments_of(commune, by=alice)
    return World(
        people={
            "lone": lone,
            "pending": paul,
            "reader": lea,
            "A1": bob,
            "A0": alice,
            "B1": chloe,
            "N": omar,
            "S": sonia,
            "editor": editor,
            "admin": nadia,
            "root": with_second_factor(root),
        },
        objects={
            "alpha": commune,
            "elsewhere": other_commune,
            "request": request,
            "colleague": CollectiviteMember.objects.get(user=bob),
            "invitation": invitation,
            "token": TOKEN,
            "assessment": assessment,
            "question": assessment.answers.get().question,
            "closed": closed,
            "measure": MeasureFactory(code="M-ACH1"),
        },
    )


def assessments_of(commune, *, by):
    """One open, with a comment that holds the marker, and one closed."""
    edition = QuestionnaireFactory(content={"achats": ["ACH1"]})
    assessment = AssessmentFactory(collectivite=commune, questionnaire=edition)
    answer(assessment, by=by, ACH1="non")
    assessment.answers.update(comment=MARKER)
    closed = AssessmentFactory(collectivite=commune, questionnaire=edition, closed=True)
    return assessment, closed


def with_second_factor(user):
    from allauth.mfa.models import Authenticator

    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    return user
