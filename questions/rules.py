"""May this person do this to that assessment? One question, one function. Which ones she sees: `readable_assessments`."""

from accounts.models import User
from questions.models import Assessment
from territories import rules as territories_rules
from territories.enums import MemberState
from territories.models import Collectivite, CollectiviteMember


def speaks_for(user: User, collectivite: Collectivite) -> bool:
    """A référent or a contributeur opens, answers and closes for her collectivité."""
    return territories_rules.can_answer(user, collectivite)


def waits_for(user: User, collectivite: Collectivite) -> bool:
    """Her request waits: she may answer for herself, provisionally."""
    return (
        user.is_active
        and CollectiviteMember._base_manager.filter(
            user_id=user.pk, collectivite=collectivite, state=MemberState.PENDING
        ).exists()
    )


def writes(user: User, assessment: Assessment) -> bool:
    """Those who answer, close and open again; in a provisional one, its author while her request waits."""
    if assessment.is_provisional:
        return assessment.provisional_for_id == user.pk and waits_for(user, assessment.collectivite)
    return speaks_for(user, assessment.collectivite)


def can_answer(user: User, assessment: Assessment) -> bool:
    return assessment.is_open and writes(user, assessment)
