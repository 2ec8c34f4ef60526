"""A commune lets its EPCI see its figures, or takes that back: its référent decides, and the journal tells."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.models import User
from supervision.models import Consent
from territories.affiliation import AffiliationError, NotEntitled
from territories.enums import AuditAction
from territories.journal import record
from territories.models import Collectivite
from territories.rules import can_manage_members
from territories.scoping import everything


class NoEpci(AffiliationError):
    sentence = "Votre collectivité n’est dans aucune intercommunalité."


@dataclass(frozen=True)
class ConsentingCommunes:
    """What an EPCI looks at: its communes of today that agreed to be seen by it. Stands where a `Territory` does."""

    epci: Collectivite
    opsn = None
    sees_actions = False  # it was not said to the communes that agreed

    @property
    def name(self) -> str:
        return self.epci.name

    def collectivites(self) -> QuerySet[Collectivite]:
        return Collectivite.objects.filter(self.today())

    def today(self, prefix: str = "") -> Q:
        """An agreement with another EPCI, or one that was left, opens nothing."""
        return Q(
            **{
                f"{prefix}epci": self.epci,
                f"{prefix}consents__epci": self.epci,
                f"{prefix}retired_at": None,
            }
        )


def consents_of(collectivite: Collectivite) -> list[Consent]:
    """Return what was given and not taken back; what an EPCI that she left still holds ends in the night (`retention`)."""
    return list(
        Consent.objects.filter(collectivite=collectivite).select_related("collectivite", "epci")
    )


def give_consent(*, collectivite: Collectivite, by: User, at: datetime) -> None:
    """Let the EPCI of today see, and no other that she left; once more changes nothing. Raises NotEntitled, NoEpci."""
    with transaction.atomic(), everything():
        if not can_manage_members(by, collectivite):
            raise NotEntitled
        epci = collectivite.epci
        if epci is None:
            raise NoEpci
        _end([row for row in consents_of(collectivite) if row.epci_id != epci.pk], by=by, at=at)
        _, is_new = Consent.objects.get_or_create(
            collectivite=collectivite, epci=epci, defaults={"given_by": by, "given_at": at}
        )
        if is_new:
            record(AuditAction.CONSENT_GIVEN, collectivite, by=by, at=at, ground=epci.name)


def withdraw_consent(*, collectivite: Collectivite, by: User, at: datetime) -> None:
    """Close it at once, and what was given to an EPCI that she left since. Raises NotEntitled."""
    with transaction.atomic(), everything():
        if not can_manage_members(by, collectivite):
            raise NotEntitled
        _end(consents_of(collectivite), by=by, at=at)


def _end(consents: Iterable[Consent], *, by: User, at: datetime) -> None:
    for consent in consents:
        consent.delete()
        ground = consent.epci.name
        record(AuditAction.CONSENT_WITHDRAWN, consent.collectivite, by=by, at=at, ground=ground)
