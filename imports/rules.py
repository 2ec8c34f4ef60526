"""May this person bring this file?"""

from accounts.models import User
from imports.enums import NATIONAL_KINDS, ImportKind
from imports.models import ImportRun
from questions import rules as questions_rules
from questions.models import Assessment
from territories.models import Opsn, OpsnMember


def can_import(
    user: User, kind: str, opsn: Opsn | None, assessment: Assessment | None = None
) -> bool:
    """Lists of the country are for the national team; those of an OPSN for its members, and the national team.

    The answers of an evaluation are for those who answer in it.
    """
    if not user.is_active:
        return False
    if kind == ImportKind.ANSWERS:
        return assessment is not None and questions_rules.answers(user, assessment)
    if kind in NATIONAL_KINDS:
        return opsn is None and user.follows_every_collectivite
    if opsn is None or not opsn.active:
        return False
    return user.follows_every_collectivite or _is_member(user, opsn)


def can_handle(user: User, run: ImportRun) -> bool:
    """Anybody who could have brought the file may confirm, correct, cancel or undo it."""
    return can_import(user, run.kind, run.opsn, run.assessment)


def kinds_offered_to(user: User, opsn: Opsn | None) -> list[ImportKind]:
    return [kind for kind in ImportKind if can_import(user, kind, _opsn_for(kind, opsn))]


def _opsn_for(kind: str, opsn: Opsn | None) -> Opsn | None:
    return None if kind in NATIONAL_KINDS else opsn


def _is_member(user: User, opsn: Opsn) -> bool:
    return OpsnMember._base_manager.filter(user_id=user.pk, opsn=opsn).exists()
