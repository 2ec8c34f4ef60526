"""Who works together on an assessment: the members of its collectivité, and the advisers of its OPSN."""

from collections.abc import Iterable
from dataclasses import dataclass

from accounts.models import User
from questions.models import Assessment
from territories.enums import MemberRole, MemberState
from territories.models import CollectiviteMember
from territories.rules import advisers_of


class NotInTheTeam(Exception):
    """The person is no member of the collectivité and no adviser of its OPSN, or no longer."""

    def __str__(self) -> str:
        return "Choisissez une personne de l’équipe, ou un conseiller de votre OPSN."


@dataclass(frozen=True)
class Teammate:
    user: User
    role: str
    is_adviser: bool
    answers: bool

    def __str__(self) -> str:
        return f"{self.user}, {self.role}"


def team_of(assessment: Assessment) -> list[Teammate]:
    """Return the team, the collectivité's people first, in two queries.

    The rights are those by which the assessment was found. A member who is an adviser too is named once, as a member.
    """
    members = CollectiviteMember._base_manager.filter(
        collectivite_id=assessment.collectivite_id,
        state=MemberState.ACTIVE,
        user__is_active=True,
    )
    team = {
        member.user_id: Teammate(
            user=member.user,
            role=member.get_role_display(),
            is_adviser=False,
            answers=member.role != MemberRole.LECTEUR,
        )
        for member in members.select_related("user").order_by("requested_at", "pk")
    }
    advisers = advisers_of(assessment.collectivite).select_related("user", "opsn")
    for adviser in advisers.order_by("user__first_name", "user__email"):
        role = f"conseiller, {adviser.opsn}"
        mate = Teammate(user=adviser.user, role=role, is_adviser=True, answers=True)
        team.setdefault(adviser.user_id, mate)
    return list(team.values())


def check_in(team: Iterable[Teammate], people: Iterable[User]) -> None:
    """Raise NotInTheTeam when one of these people is not in this team."""
    known = {mate.user.pk for mate in team}
    if any(person.pk not in known for person in people):
        raise NotInTheTeam
