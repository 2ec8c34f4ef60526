"""What a person of the console looks at: the collectivités of one OPSN, or the whole country."""

from dataclasses import dataclass

from django.db.models import QuerySet

from questions.models import Assessment
from supervision.models import AttachmentRequest
from territories.models import AuditEntry, Collectivite, CollectiviteMember, Invitation, Opsn
from territories.scoping import TenantQuerySet

WHOLE_COUNTRY = "France entière"


@dataclass(frozen=True)
class Territory:
    """`opsn` is None for the whole country, which the national team alone may look at."""

    opsn: Opsn | None

    @property
    def name(self) -> str:
        return self.opsn.name if self.opsn else WHOLE_COUNTRY

    def collectivites(self) -> QuerySet[Collectivite]:
        rows = Collectivite.objects.current()
        return rows.attached_to(self.opsn) if self.opsn else rows

    def assessments(self) -> TenantQuerySet:
        """Those that speak for a collectivité; a provisional one is in no figure."""
        return self._of(Assessment.objects.official())

    def requests(self) -> TenantQuerySet:
        return self._of(CollectiviteMember.objects.pending())

    def invitations(self) -> TenantQuerySet:
        return self._of(Invitation.objects.filter(cancelled_at=None))

    def attachment_requests(self) -> TenantQuerySet:
        """Those that it may answer: for collectivités that it follows; for the country, all."""
        return self._of(AttachmentRequest.objects.pending())

    def journal(self) -> TenantQuerySet:
        """Entries on its collectivités, and on itself."""
        rows = AuditEntry.objects.all()
        if self.opsn is None:
            return rows
        on_itself = rows.filter(collectivite=None, opsn=self.opsn)
        return on_itself | rows.filter(collectivite__opsn=self.opsn)

    def _of(self, rows: TenantQuerySet) -> TenantQuerySet:
        rows = rows.filter(collectivite__retired_at=None)
        return rows.filter(collectivite__opsn=self.opsn) if self.opsn else rows
