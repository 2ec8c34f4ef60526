"""No OPSN is not the same OPSN as no OPSN: who belongs nowhere meets nobody."""

import pytest
from django.urls import reverse

from questions.models import Assessment
from territories import rules
from territories.models import AuditEntry, Collectivite, CollectiviteMember, Invitation, OpsnMember
from territories.scoping import acting_as
from tests.accounts.factories import UserFactory
from tests.questions.factories import AssessmentFactory, QuestionnaireFactory
from tests.territories.factories import (
    CollectiviteFactory,
    MemberFactory,
    OpsnFactory,
    OpsnMemberFactory,
)

pytestmark = pytest.mark.django_db

TENANT_DATA = [Assessment, CollectiviteMember, Invitation, AuditEntry, OpsnMember]


@pytest.fixture
def orphan():
    """A commune without an OPSN, with a member and an assessment."""
    commune = CollectiviteFactory(name="Sans-Appui", opsn=None)
    MemberFactory(collectivite=commune, user=UserFactory(last_name="Seule"))
    edition = QuestionnaireFactory(content={"achats": ["ACH1"]})
    AssessmentFactory(collectivite=commune, questionnaire=edition)
    AuditEntry.objects.create(collectivite=commune, action="membership_opened")
    AuditEntry.objects.create(collectivite=None, opsn=None, action="membership_opened")
    return commune


def nobody_in_particular():
    return UserFactory(email="lone@nulle-part.example")


def operator_without_territory():
    return OpsnMemberFactory(opsn=OpsnFactory(name="OPSN sans commune")).user


def operator_of_a_deactivated_opsn():
    opsn = OpsnFactory(name="OPSN fermé", active=False)
    CollectiviteFactory(name="Ancienne", opsn=opsn)
    return OpsnMemberFactory(opsn=opsn).user


def member_of_another_orphan():
    return MemberFactory(collectivite=CollectiviteFactory(name="Autre-Seule", opsn=None)).user


def a_deactivated_account():
    return UserFactory(is_active=False)


PEOPLE = [
    nobody_in_particular,
    operator_without_territory,
    operator_of_a_deactivated_opsn,
    member_of_another_orphan,
    a_deactivated_account,
]


@pytest.mark.parametrize("person", PEOPLE)
def test_each_sees_nothing_of_anything(orphan, person):
    user = person()

    with acting_as(user):
        assert not Collectivite.objects.followed_by(user).filter(pk=orphan.pk).exists()
        for model in TENANT_DATA:
            seen = model.objects.all()
            if model is not OpsnMember:
                seen = seen.exclude(**{"user": user} if model is CollectiviteMember else {})
            else:
                seen = seen.exclude(user=user)
            assert not seen.exists(), model


@pytest.mark.parametrize("person", PEOPLE)
def test_each_may_do_nothing_to_anything(orphan, person):
    user, member = person(), CollectiviteMember.objects.get(collectivite=orphan)

    assert not rules.can_read(user, orphan)
    assert not rules.can_answer(user, orphan)
    assert not rules.can_decide(user, member)
    assert not rules.can_overrule(user, member)
    assert not rules.is_of_its_opsn(user, orphan)
    assert not rules.acts_for(user, None)
    assert not rules.manages_opsn(user, None)
    assert rules.roles_offered_by(user, orphan) == ()


@pytest.mark.parametrize("person", PEOPLE[:-1])
def test_no_page_shows_or_does_anything(orphan, person, client_of):
    browser = client_of(person())
    assessment = Assessment.objects.get(collectivite=orphan)
    member = CollectiviteMember.objects.get(collectivite=orphan)

    asked = [
        browser.get(reverse("questions:results", args=[assessment.pk])),
        browser.get(reverse("questions:theme", args=[assessment.pk, "achats"])),
        browser.post(reverse("questions:reopen", args=[assessment.pk])),
        browser.post(reverse("questions:export_csv", args=[assessment.pk])),
        browser.post(reverse("territories:suspend", args=[member.pk])),
        browser.get(reverse("territories:request", args=[member.pk])),
    ]
    home = browser.get("/espace/", follow=True)

    assert {answer.status_code for answer in asked} == {404}
    assert "Sans-Appui" not in home.content.decode()
    assert "Seule" not in home.content.decode().replace("Autre-Seule", "")
    member.refresh_from_db()
    assert member.state == "active"


def test_without_a_scope_there_is_no_row_at_all(orphan, django_db_blocker):
    from territories import scoping

    token = scoping._scope.set(None)
    try:
        assert [model.objects.count() for model in TENANT_DATA] == [0] * len(TENANT_DATA)
    finally:
        scoping._scope.reset(token)
