"""Which OPSN follows a collectivité: it is attached, let go, handed over; never taken from another.

Following opens the data of the collectivité to the OPSN, so it attaches by itself only what nobody follows, in its own
départements; everything else is decided by the OPSN that follows or by the national team.
"""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from territories import rules
from territories.affiliation import AffiliationError, CollectiviteRetired, NotEntitled
from territories.enums import AuditAction
from territories.journal import record
from territories.models import Collectivite, Opsn
from territories.notices import tell_about_attachment
from territories.scoping import everything


class AlreadyAttached(AffiliationError):
    sentence = "Vous suivez déjà cette collectivité."


class NotAttached(AffiliationError):
    sentence = "Cette collectivité n’est plus suivie par cet OPSN."


class FollowedByAnother(AffiliationError):
    sentence = "Un autre OPSN suit déjà cette collectivité : demandez-lui de vous la confier."


class OutsideTerritory(AffiliationError):
    sentence = "Cette collectivité est hors de vos départements : demandez-la à l’équipe nationale."


def attach_collectivite(*, collectivite: Collectivite, opsn: Opsn, by: User, at: datetime) -> None:
    """Make an OPSN follow a collectivité that nobody follows.

    Raises NotEntitled, CollectiviteRetired, AlreadyAttached, FollowedByAnother, OutsideTerritory.
    """
    with transaction.atomic(), everything():
        collectivite = _locked(collectivite)
        if not rules.acts_for(by, opsn):
            raise NotEntitled
        _check(collectivite, opsn)
        if collectivite.opsn_id:
            raise FollowedByAnother
        if not by.follows_every_collectivite and not is_in_territory(collectivite, opsn):
            raise OutsideTerritory
        _move(collectivite, opsn, by, at)


def hand_over(*, collectivite: Collectivite, opsn: Opsn, by: User, at: datetime) -> None:
    """Give a collectivité to an OPSN that asks for it: by the one that follows it, or the national team.

    Raises NotEntitled, CollectiviteRetired, AlreadyAttached.
    """
    with transaction.atomic(), everything():
        collectivite = _locked(collectivite)
        if not may_hand_over(by, collectivite):
            raise NotEntitled
        _check(collectivite, opsn)
        _move(collectivite, opsn, by, at)


def detach_collectivite(*, collectivite: Collectivite, opsn: Opsn, by: User, at: datetime) -> None:
    """Stop following; the answers stay with the collectivité. Raises NotEntitled, NotAttached."""
    with transaction.atomic(), everything():
        collectivite = _locked(collectivite)
        if not rules.manages_opsn(by, opsn):
            raise NotEntitled
        if collectivite.opsn_id != opsn.pk:
            raise NotAttached
        collectivite.opsn = None
        collectivite.save(update_fields=["opsn"])
        record(AuditAction.DETACHED, collectivite, by=by, at=at, opsn=opsn, ground=opsn.name)


def may_hand_over(user: User, collectivite: Collectivite) -> bool:
    if user.follows_every_collectivite:
        return True
    return collectivite.opsn is not None and rules.manages_opsn(user, collectivite.opsn)


def is_in_territory(collectivite: Collectivite, opsn: Opsn) -> bool:
    """An OPSN without départements has no territory."""
    return opsn.departements.filter(pk=collectivite.departement_id).exists()


def _locked(collectivite: Collectivite) -> Collectivite:
    rows = Collectivite.objects.select_for_update(of=("self",)).select_related("opsn")
    return rows.get(pk=collectivite.pk)


def _check(collectivite: Collectivite, opsn: Opsn) -> None:
    if collectivite.retired_at:
        raise CollectiviteRetired
    if collectivite.opsn_id == opsn.pk:
        raise AlreadyAttached
    if not opsn.active:
        raise NotEntitled


def _move(collectivite: Collectivite, opsn: Opsn, by: User, at: datetime) -> None:
    ground = f"{collectivite.opsn} → {opsn}" if collectivite.opsn else opsn.name
    collectivite.opsn = opsn
    collectivite.save(update_fields=["opsn"])
    record(AuditAction.ATTACHED, collectivite, by=by, at=at, opsn=opsn, ground=ground)
    tell_about_attachment(collectivite)
