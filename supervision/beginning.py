"""An adviser begins the level 2 of a collectivité that she accompanies: it is opened when it is not, then begun."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from questions.enums import Level
from questions.models import Assessment
from questions.opening import CannotOpen, open_assessment
from territories.affiliation import AffiliationError, CollectiviteRetired
from territories.current import opsn_memberships_of
from territories.level_two import NotOffered, open_level_two
from territories.models import Collectivite
from territories.rules import has_level_two
from territories.scoping import everything


class NotHerAdviser(AffiliationError):
    sentence = (
        "Le niveau 2 se commence par la collectivité, ou par un conseiller de l’OPSN qui la suit."
    )


class CannotBegin(AffiliationError):
    """What evaluating refuses, in its own words."""

    def __str__(self) -> str:
        return str(self.__cause__)


def reason_not_to_begin(user: User, collectivite: Collectivite) -> str:
    """Return the sentence that says why she may not begin it; empty when she may."""
    try:
        _check(user, collectivite)
    except AffiliationError as error:
        return str(error)
    return ""


def begin_level_two(*, collectivite: Collectivite, by: User, at: datetime) -> Assessment:
    """Return the open level 2, begun now if there was none; the collectivité is told when it is opened.

    Raises NotHerAdviser, CollectiviteRetired, NotOffered, CannotBegin.
    """
    with transaction.atomic(), everything():
        _check(by, collectivite)
        if collectivite.level_two_opened_at is None:
            collectivite = open_level_two(collectivite=collectivite, by=by, at=at)
        try:
            return open_assessment(collectivite=collectivite, level=Level.TWO, by=by, at=at)
        except CannotOpen as error:
            raise CannotBegin from error


def _check(user: User, collectivite: Collectivite) -> None:
    if collectivite.opsn_id not in {member.opsn_id for member in opsn_memberships_of(user)}:
        raise NotHerAdviser
    if collectivite.retired_at:
        raise CollectiviteRetired
    if not has_level_two(collectivite.opsn):
        raise NotOffered
