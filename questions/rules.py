"""May this person do this to that assessment? One question, one function. Which ones she sees: `readable_assessments`."""

from accounts.models import User
from questions.enums import Channel, Level
from questions.models import Assessment
from territories import rules as territories_rules
from territories.enums import MemberState
from territories.models import Collectivite, CollectiviteMember


def speaks_for(user: User, collectivite: Collectivite) -> bool:
    """A référent or a contributeur opens, answers and closes for her collectivité."""
    return territories_rules.can_answer(user, collectivite)


def begins(user: User, collectivite: Collectivite, level: int) -> bool:
    """Those who speak for it; level 2, the adviser who accompanies it too."""
    if speaks_for(user, collectivite):
        return True
    return level == Level.TWO and territories_rules.accompanies(user, collectivite)


def waits_for(user: User, collectivite: Collectivite) -> bool:
    """Her request waits: she may answer for herself, provisionally."""
    return (
        user.is_active
        and CollectiviteMember._base_manager.filter(
            user_id=user.pk, collectivite=collectivite, state=MemberState.PENDING
        ).exists()
    )


def writes(user: User, assessment: Assessment) -> bool:
    """Those of the collectivité who answer, close and open again; in a provisional one, its author while her request waits."""
    if assessment.is_provisional:
        return assessment.provisional_for_id == user.pk and waits_for(user, assessment.collectivite)
    return speaks_for(user, assessment.collectivite)


def has_team(assessment: Assessment) -> bool:
    """Level 2 is answered by several, the adviser of the OPSN among them; level 1 is short, and the commune's own."""
    return assessment.level == Level.TWO and not assessment.is_provisional


def advises(user: User, assessment: Assessment) -> bool:
    """The adviser who accompanies the collectivité today answers in its name, and reviews; she does not close."""
    return has_team(assessment) and territories_rules.accompanies(user, assessment.collectivite)


def channel_of(user: User, assessment: Assessment) -> Channel | None:
    """Return by which channel her answers come; None for who does not answer. An agent who advises stays an agent."""
    if writes(user, assessment):
        return Channel.AGENT
    return Channel.OPSN if advises(user, assessment) else None


def answers(user: User, assessment: Assessment) -> bool:
    """Those who write in it, and the adviser in their name; open or not."""
    return channel_of(user, assessment) is not None


def can_answer(user: User, assessment: Assessment) -> bool:
    return assessment.takes_answers and answers(user, assessment)


def is_of_team(user: User, assessment: Assessment) -> bool:
    """Those who share the work, discuss, mark and bring evidence."""
    return has_team(assessment) and answers(user, assessment)


def reviews(user: User, assessment: Assessment) -> bool:
    """The adviser, but not of her own commune: who answers as an agent reviews nothing."""
    return channel_of(user, assessment) == Channel.OPSN
