"""May this person do this to that plan? Référents and contributeurs write, lecteurs read; an OPSN reads, comments, proposes."""

from dataclasses import dataclass

from accounts.models import User
from territories import rules as territory_rules
from territories.enums import MemberRole
from territories.models import Collectivite

WRITERS = frozenset({MemberRole.REFERENT, MemberRole.CONTRIBUTEUR})


@dataclass(frozen=True)
class Rights:
    """What one person may do to one plan, asked once a request."""

    can_read: bool = False
    can_edit: bool = False
    can_comment: bool = False
    can_propose: bool = False


def rights(user: User, collectivite: Collectivite) -> Rights:
    """Return what a person may do; a member of the commune who is also of its OPSN acts as a member.

    The plan of a commune that merged into another is only read.
    """
    role = territory_rules.active_role(user, collectivite)
    if role:
        return rights_of_role(role, collectivite)
    if collectivite.retired_at is None and territory_rules.is_of_its_opsn(user, collectivite):
        return Rights(can_read=True, can_comment=True, can_propose=True)
    return Rights(can_read=territory_rules.can_read(user, collectivite))


def rights_of_role(role: str, collectivite: Collectivite) -> Rights:
    """Return what an active member of the commune may do."""
    writes = role in WRITERS and collectivite.retired_at is None
    return Rights(can_read=True, can_edit=writes, can_comment=writes)
