"""A file of a territory that is too long to be made while one waits."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from questions.storage import private_storage
from supervision.enums import ExportKind, ExportState
from supervision.models.scope import opsns_of
from territories.models import Opsn
from territories.scoping import TenantQuerySet

EXPORTS = "exports"  # the folder of their files in the private storage
UNDER_WAY = (ExportState.WAITING, ExportState.RUNNING)
# Without a sign of life for so long, the process is dead, or the work was lost; in the queue, others come first.
SILENCE = {ExportState.RUNNING: timedelta(minutes=2), ExportState.WAITING: timedelta(minutes=15)}


class TerritoryExportQuerySet(TenantQuerySet):
    def visible_to(self, user) -> "TerritoryExportQuerySet":
        """Her own, as long as she is of the OPSN; nobody else's, not even for the national team."""
        mine = self.filter(asked_by_id=user.pk)
        return mine if user.follows_every_collectivite else mine.filter(opsn__in=opsns_of(user))

    def stopped(self, *, at: datetime) -> "TerritoryExportQuerySet":
        """Those that will not be ready unless somebody starts them again."""
        return self.filter(_stopped(at))

    def under_way(self, *, at: datetime) -> "TerritoryExportQuerySet":
        return self.filter(state__in=UNDER_WAY).exclude(_stopped(at))


def _stopped(at: datetime) -> Q:
    stopped = Q(state=ExportState.INTERRUPTED)
    for state, silence in SILENCE.items():
        stopped |= Q(state=state, heartbeat__lt=at - silence)
    return stopped


class TerritoryExport(models.Model):
    """`opsn` is empty for the whole country. `file` names where it is written, and is whole once it is ready."""

    opsn = models.ForeignKey(
        Opsn, models.CASCADE, blank=True, null=True, related_name="exports", verbose_name="OPSN"
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="territory_exports",
        verbose_name="demandé par",
    )
    asked_at = models.DateTimeField("demandé le", default=timezone.now)
    kind = models.CharField("fichier", max_length=12, choices=ExportKind)
    query = models.TextField("filtres", blank=True)  # as in the address of the table
    words = models.CharField("en mots", max_length=300)
    rows = models.PositiveIntegerField("lignes", default=0)

    state = models.CharField(
        "état", max_length=12, choices=ExportState, default=ExportState.WAITING
    )
    progress = models.PositiveSmallIntegerField("avancement, en %", default=0)
    heartbeat = models.DateTimeField("dernier signe de vie", default=timezone.now)
    expires_at = models.DateTimeField("valable jusqu’au", blank=True, null=True)
    file = models.FileField("fichier", storage=private_storage, blank=True, editable=False)
    size = models.PositiveBigIntegerField("octets", default=0)

    objects = TerritoryExportQuerySet.as_scoped_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "export d’un territoire"
        verbose_name_plural = "exports d’un territoire"
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="a_ready_export_says_until_when",
                condition=~Q(state=ExportState.READY) | Q(expires_at__isnull=False),
                violation_error_message="Dites jusqu’à quand le fichier est gardé.",
            )
        ]

    def __str__(self) -> str:
        return self.words

    def is_stopped(self, *, at: datetime) -> bool:
        """Tell the same of one row as `stopped` of many."""
        if self.state == ExportState.INTERRUPTED:
            return True
        return self.state in SILENCE and self.heartbeat < at - SILENCE[self.state]

    def is_expired(self, *, at: datetime) -> bool:
        return self.state == ExportState.READY and self.expires_at <= at
