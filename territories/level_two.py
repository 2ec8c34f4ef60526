"""Level 2 is opened and closed by the OPSN that accompanies the collectivité, once it has taken the competence."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from territories import rules
from territories.affiliation import AffiliationError, CollectiviteRetired, NotEntitled
from territories.enums import AuditAction
from territories.journal import record
from territories.models import Collectivite
from territories.notices import tell_about_level_two
from territories.scoping import everything


class NotOffered(AffiliationError):
    sentence = (
        "Le niveau 2 s’ouvre avec un OPSN qui en a pris la compétence. "
        "Si c’est votre cas, demandez à l’équipe nationale de l’inscrire sur la fiche de l’OPSN."
    )


class LevelTwoAlreadyOpen(AffiliationError):
    sentence = "Le niveau 2 est déjà ouvert."


class LevelTwoNotOpen(AffiliationError):
    sentence = "Le niveau 2 n’est pas ouvert."


def open_level_two(*, collectivite: Collectivite, by: User, at: datetime) -> Collectivite:
    """Open level 2, and tell the collectivité.

    Raises NotEntitled, CollectiviteRetired, NotOffered, LevelTwoAlreadyOpen.
    """
    with transaction.atomic(), everything():
        collectivite = _locked(collectivite, by)
        if collectivite.retired_at:
            raise CollectiviteRetired
        if not rules.has_level_two(collectivite.opsn):
            raise NotOffered
        if collectivite.level_two_opened_at:
            raise LevelTwoAlreadyOpen
        return _set(collectivite, AuditAction.LEVEL_TWO_OPENED, by, at, opened_at=at, opened_by=by)


def close_level_two(*, collectivite: Collectivite, by: User, at: datetime) -> Collectivite:
    """Close level 2: no new evaluation begins; those begun, and their answers, stay to the collectivité.

    Raises NotEntitled, LevelTwoNotOpen.
    """
    with transaction.atomic(), everything():
        collectivite = _locked(collectivite, by)
        if collectivite.level_two_opened_at is None:
            raise LevelTwoNotOpen
        return _set(collectivite, AuditAction.LEVEL_TWO_CLOSED, by, at)


def _locked(collectivite: Collectivite, by: User) -> Collectivite:
    """Return the collectivité, held; its OPSN and the national team alone may. Raises NotEntitled."""
    rows = Collectivite.objects.select_for_update(of=("self",)).select_related("opsn")
    collectivite = rows.get(pk=collectivite.pk)
    national = by.is_active and by.follows_every_collectivite
    if not (national or rules.is_of_its_opsn(by, collectivite)):
        raise NotEntitled
    return collectivite


def _set(collectivite, action, by, at, *, opened_at=None, opened_by=None) -> Collectivite:
    collectivite.level_two_opened_at, collectivite.level_two_opened_by = opened_at, opened_by
    collectivite.save(update_fields=["level_two_opened_at", "level_two_opened_by"])
    record(action, collectivite, by=by, at=at, opsn=collectivite.opsn)
    tell_about_level_two(collectivite)
    return collectivite
