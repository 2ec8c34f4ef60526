"""What a person of the console looks at: the collectivités of one OPSN, or the whole country."""

from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from questions.enums import AssessmentState, ReviewState
from questions.models import Assessment, ThemeReview
from supervision.models import AttachmentRequest
from territories.models import AuditEntry, Collectivite, CollectiviteMember, Invitation, Opsn
from territories.scoping import TenantQuerySet

WHOLE_COUNTRY = "France entière"


@dataclass(frozen=True)
class Territory:
    """`opsn` is None for the whole country, which the national team alone may look at."""

    opsn: Opsn | None
    sees_actions = True  # what is done in the plans

    @property
    def name(self) -> str:
        return self.opsn.name if self.opsn else WHOLE_COUNTRY

    @property
    def key(self) -> int | None:
        return self.opsn and self.opsn.pk

    def collectivites(self) -> QuerySet[Collectivite]:
        rows = Collectivite.objects.current()
        return rows.attached_to(self.opsn) if self.opsn else rows

    def today(self, prefix: str = "") -> Q:
        """Return the same as a condition on a collectivité, reached by `prefix`, for rows that stand beside it."""
        if self.opsn is None:
            retired = Collectivite.objects.exclude(retired_at=None)
            return Q(~Exists(retired.filter(pk=OuterRef(f"{prefix}pk"))))
        if not self.opsn.active:
            return Q(**{f"{prefix}pk__in": []})
        return Q(**{f"{prefix}opsn": self.opsn, f"{prefix}retired_at": None})

    def assessments(self) -> TenantQuerySet:
        """Those that speak for a collectivité; a provisional one is in no figure."""
        return self._of(Assessment.objects.official())

    def requests(self) -> TenantQuerySet:
        return self._of(CollectiviteMember.objects.pending())

    def invitations(self) -> TenantQuerySet:
        return self._of(Invitation.objects.filter(cancelled_at=None))

    def attachment_requests(self) -> TenantQuerySet:
        """Those that it may answer: for collectivités that it follows; for the country, all. Never what it has already."""
        return self._of(AttachmentRequest.objects.pending().exclude(collectivite__opsn=F("opsn")))

    def reviews(self) -> TenantQuerySet:
        """Themes of level 2 that wait for a review, the oldest first; none once the assessment is closed."""
        rows = ThemeReview.objects.filter(
            state=ReviewState.SUBMITTED,
            assessment__state=AssessmentState.OPEN,
            assessment__collectivite__retired_at=None,
        )
        if self.opsn:
            rows = rows.filter(assessment__collectivite__opsn=self.opsn)
        rows = rows.select_related("assessment__collectivite", "theme", "submitted_by")
        return rows.order_by("submitted_at", "pk")

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
