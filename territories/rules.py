"""May this person do this? One question, one function.

« Of her collectivité » is read in the database at each question: a role that was taken away is gone at once.
"""

from accounts.models import User
from territories.enums import MemberRole, MemberState, OpsnRole
from territories.models import Collectivite, CollectiviteMember, Opsn, OpsnMember


def active_role(user: User, collectivite: Collectivite) -> str:
    """Return the role of an active member; an empty text for everybody else."""
    if not user.is_active:
        return ""
    roles = CollectiviteMember._base_manager.filter(
        user_id=user.pk, collectivite=collectivite, state=MemberState.ACTIVE
    )
    return roles.values_list("role", flat=True).first() or ""


def can_read(user: User, collectivite: Collectivite) -> bool:
    """Her own collectivité, one of her OPSN, or any for the national team."""
    if not user.is_active:
        return False
    return Collectivite.objects.followed_by(user).filter(pk=collectivite.pk).exists()


def can_answer(user: User, collectivite: Collectivite) -> bool:
    return active_role(user, collectivite) in {MemberRole.REFERENT, MemberRole.CONTRIBUTEUR}


def can_manage_members(user: User, collectivite: Collectivite) -> bool:
    return active_role(user, collectivite) == MemberRole.REFERENT


def roles_offered_by(user: User, collectivite: Collectivite) -> tuple[MemberRole, ...]:
    """Return as what she may invite: a référent her colleagues, the OPSN and the national team a référent."""
    offered = ()
    if can_manage_members(user, collectivite):
        offered += (MemberRole.CONTRIBUTEUR, MemberRole.LECTEUR)
    if user.follows_every_collectivite or is_of_its_opsn(user, collectivite):
        offered += (MemberRole.REFERENT,)
    return offered


def can_decide(user: User, member: CollectiviteMember) -> bool:
    """A référent, the OPSN or the national team decide on a request; never on one's own."""
    if not user.is_active or member.user_id == user.pk:
        return False
    return (
        user.follows_every_collectivite
        or is_of_its_opsn(user, member.collectivite)
        or can_manage_members(user, member.collectivite)
    )


def can_overrule(user: User, member: CollectiviteMember) -> bool:
    """The OPSN or the national team reverse a refusal and suspend a member; a référent does neither."""
    return can_decide(user, member) and not can_manage_members(user, member.collectivite)


def is_of_its_opsn(user: User, collectivite: Collectivite) -> bool:
    if not user.is_active or collectivite.opsn_id is None:
        return False
    return OpsnMember._base_manager.filter(
        user_id=user.pk, opsn_id=collectivite.opsn_id, opsn__active=True
    ).exists()


def has_level_two(opsn: Opsn | None) -> bool:
    """An active OPSN that has taken the competence."""
    return opsn is not None and opsn.active and opsn.offers_level_two


def is_accompanied(collectivite: Collectivite) -> bool:
    """Level 2 is open there, and its OPSN still offers it: else nobody would read what is submitted."""
    return collectivite.level_two_opened_at is not None and has_level_two(collectivite.opsn)


def accompanies(user: User, collectivite: Collectivite) -> bool:
    """An adviser of the OPSN that accompanies the collectivité."""
    return user.is_active and advisers_of(collectivite).filter(user_id=user.pk).exists()


def advisers_of(collectivite: Collectivite):
    """Return the members of its OPSN who answer and review with it; none where it is not accompanied."""
    rows = OpsnMember._base_manager.filter(opsn_id=collectivite.opsn_id, user__is_active=True)
    return rows if is_accompanied(collectivite) else rows.none()


def acts_for(user: User, opsn: Opsn | None) -> bool:
    """A member of the OPSN, or the national team; for the whole country (None), the national team alone."""
    if not user.is_active:
        return False
    return user.follows_every_collectivite or _opsn_roles(user, opsn).exists()


def manages_opsn(user: User, opsn: Opsn | None) -> bool:
    """A responsable of the OPSN, or the national team."""
    if not user.is_active:
        return False
    roles = _opsn_roles(user, opsn)
    return user.follows_every_collectivite or roles.filter(role=OpsnRole.RESPONSABLE).exists()


def _opsn_roles(user: User, opsn: Opsn | None):
    return OpsnMember._base_manager.filter(user_id=user.pk, opsn=opsn, opsn__active=True)
