"""Two tenants and everybody around them, built once for the many questions of a module, then rolled back."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.core.cache import cache
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts.models import User
from supervision.enums import FigureView
from supervision.models import AttachmentRequest, OpsnInvitation, SavedView
from territories.enums import MemberRole, MemberState, OpsnRole
from territories.models import CollectiviteMember, Invitation
from territories.scoping import everything
from tests.accounts.factories import UserFactory, prove_twice
from tests.permissions.following import following_of
from tests.permissions.imports import run_of
from tests.permissions.level_two import level_two_of
from tests.permissions.plans import plan_of
from tests.permissions.teamwork import teamwork_of
from tests.permissions.world import MARKER, World
from tests.questions.factories import (
    AssessmentFactory,
    MeasureFactory,
    QuestionnaireFactory,
    answer,
)
from tests.territories.factories import (
    CollectiviteFactory,
    MemberFactory,
    OpsnFactory,
    OpsnMemberFactory,
)

TOKEN = "jeton-secret-d-invitation"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@contextmanager
def open_world(blocker) -> Iterator[World]:
    """Yield the world in a transaction of its own; each question asked in it is undone by `asking`."""
    with blocker.unblock(), transaction.atomic():
        with everything():
            call_command("load_pages", verbosity=0)
            world = build_world()
        world.sessions = {role: session_of(user) for role, user in world.people.items()}
        yield world
        transaction.set_rollback(True)
    cache.clear()  # Wagtail keeps the roots of sites there


@contextmanager
def asking() -> Iterator[None]:
    """Undo what came of the block."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def session_of(user) -> str:
    client = Client()
    client.force_login(user, BACKEND)
    return client.session.session_key


def build_world() -> World:
    """ALPHA is Alice's commune, BETA is Chloé's."""
    north, south = OpsnFactory(name="OPSN du Nord"), OpsnFactory(name="OPSN du Sud")
    alpha = CollectiviteFactory(name="Valmont-sur-Claire", opsn=north)
    beta = CollectiviteFactory(name="L’Épine & Cœur", opsn=south)
    people = people_of(alpha, beta, north, south)
    request = CollectiviteMember.objects.get(user=people["pending"])
    request.message = MARKER
    request.save()
    invitation = Invitation.objects.create(
        collectivite=alpha,
        email=people["lone"].email,
        role=MemberRole.CONTRIBUTEUR,
        digest=hashlib.sha256(TOKEN.encode()).hexdigest(),
        invited_by=people["A0"],
        expires_at=timezone.now() + timedelta(days=7),
    )
    assessment, closed = assessments_of(alpha, by=people["A0"])
    two = level_two_of(alpha, by=people["A0"], opened_by=people["N"], marker=MARKER)
    return World(
        people=people,
        objects={
            "alpha": alpha,
            "elsewhere": beta,
            "request": request,
            "colleague": CollectiviteMember.objects.get(user=people["A1"]),
            "invitation": invitation,
            "token": TOKEN,
            "assessment": assessment,
            "question": assessment.answers.get().question,
            "closed": closed,
            "measure": MeasureFactory(code="M-ACH1"),
            **console_of(alpha, people["N"], people["S"]),
            **plan_of(alpha, by=people["A0"], marker=MARKER),
            **two,
            **teamwork_of(two["second"], member=people["A0"], adviser=people["N"], marker=MARKER),
            **following_of(alpha, by=people["N"], marker=MARKER),
            "run": run_of(alpha, by=people["N"], marker=MARKER),
        },
    )


def people_of(alpha, beta, north, south) -> dict[str, User]:
    """The people of tests/conftest.py by their role; those of ALPHA bear the marker."""

    def member(commune, email, **traits):
        surname = {"last_name": MARKER} if commune == alpha else {}
        user = UserFactory(email=email, **surname)
        MemberFactory(user=user, collectivite=commune, **traits)
        return user

    # With a confirmed address: allauth writes that of an account made in a shell when its page is first read.
    root = UserFactory(email="root@declic.example", is_staff=True, is_superuser=True)
    prove_twice(root)
    people = {
        "lone": UserFactory(email="lone@nulle-part.example"),
        "pending": member(
            alpha, "paul@courriel.example", state=MemberState.PENDING, verification=""
        ),
        "reader": member(alpha, "lea@valmont.example", role=MemberRole.LECTEUR),
        "A1": member(alpha, "bob@valmont.example"),
        "A0": member(alpha, "alice@valmont.example", role=MemberRole.REFERENT),
        "B1": member(beta, "chloe@lepine.example", role=MemberRole.REFERENT),
        "N": UserFactory(email="omar@opsn-nord.example"),
        "S": UserFactory(email="sonia@opsn-sud.example"),
        "editor": UserFactory(email="edith@declic.example", editor=True),
        "admin": UserFactory(email="nadia@declic.example", national=True),
        "root": root,
    }
    OpsnMemberFactory(user=people["N"], opsn=north, role=OpsnRole.RESPONSABLE)
    OpsnMemberFactory(user=people["S"], opsn=south)
    return people


def console_of(alpha, omar, sonia) -> dict:
    """What N sees in the console: a référent and a colleague invited, an adviser, and S who asks for ALPHA."""
    sent = {"invited_by": omar, "expires_at": timezone.now() + timedelta(days=7)}
    adviser = OpsnMemberFactory(opsn=alpha.opsn)
    return {
        "adviser": adviser,
        "referent_invited": Invitation.objects.create(
            collectivite=alpha,
            email="referente@alpha.example",
            role=MemberRole.REFERENT,
            digest="referente",
            **sent,
        ),
        "invited": OpsnInvitation.objects.create(
            opsn=alpha.opsn,
            email="collegue@opsn-nord.example",
            role=OpsnRole.CONSEILLER,
            digest=hashlib.sha256(TOKEN.encode()).hexdigest(),
            **sent,
        ),
        "saved": SavedView.objects.create(
            opsn=alpha.opsn, author=omar, name=MARKER, view=FigureView.OVERVIEW
        ),
        "asked": AttachmentRequest.objects.create(
            collectivite=alpha, opsn=sonia.opsn_memberships.get().opsn, asked_by=sonia
        ),
    }


def assessments_of(commune, *, by):
    """One open, with a comment that holds the marker, and one closed."""
    edition = QuestionnaireFactory(content={"achats": ["ACH1"]})
    assessment = AssessmentFactory(collectivite=commune, questionnaire=edition)
    answer(assessment, by=by, ACH1="non")
    assessment.answers.update(comment=MARKER)
    closed = AssessmentFactory(collectivite=commune, questionnaire=edition, closed=True)
    return assessment, closed
