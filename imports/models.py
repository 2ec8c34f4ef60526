"""One import: a file, what it would change, and what became of it."""

import json
import zlib
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from imports.enums import (
    CONFIRMABLE,
    OPEN_STATES,
    WRITTEN_STATES,
    ImportKind,
    Outcome,
    RunState,
)
from questions.models import Assessment
from questions.models.assessment import readable_assessments
from territories.models import Opsn, OpsnMember
from territories.scoping import TenantQuerySet

# A run whose process says nothing for so long is dead.
SILENCE = timedelta(minutes=2)


class ImportRunQuerySet(TenantQuerySet):
    def visible_to(self, user) -> "ImportRunQuerySet":
        """Those of her active OPSN, and those of the evaluations that she reads; all for the national team.

        A run of neither is national.
        """
        if user.follows_every_collectivite:
            return self
        mine = OpsnMember._base_manager.filter(user_id=user.pk, opsn__active=True)
        read = Q(assessment__isnull=False) & readable_assessments(user, "assessment__")
        return self.filter(Q(opsn__in=mine.values("opsn")) | read)

    def silent(self, *, at: datetime) -> "ImportRunQuerySet":
        """Those said to be running whose process has died."""
        return self.filter(state=RunState.RUNNING, heartbeat__lt=at - SILENCE)

    def open(self) -> "ImportRunQuerySet":
        return self.filter(state__in=OPEN_STATES)


class ImportRun(models.Model):
    kind = models.CharField("contenu", max_length=16, choices=ImportKind)
    opsn = models.ForeignKey(
        Opsn,
        models.PROTECT,
        blank=True,
        null=True,
        related_name="import_runs",
        verbose_name="OPSN",
    )
    assessment = models.ForeignKey(
        Assessment,
        models.CASCADE,
        blank=True,
        null=True,
        related_name="import_runs",
        verbose_name="évaluation",
    )
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="par",
    )
    started_at = models.DateTimeField("déposé le", default=timezone.now)
    file_name = models.CharField("fichier", max_length=120)
    digest = models.CharField("empreinte SHA-256", max_length=64)
    size = models.PositiveIntegerField("octets")
    state = models.CharField("état", max_length=12, choices=RunState, default=RunState.READ)
    refusal = models.CharField("raison du refus", max_length=400, blank=True)
    all_or_nothing = models.BooleanField("tout ou rien", default=False)

    # How the file is read: what was found, and what the person said.
    sheet = models.CharField("feuille", max_length=80, blank=True)
    header_line = models.PositiveIntegerField("ligne de titres", null=True)
    columns = models.JSONField("colonnes", default=list)  # one dict per column of the file
    corrections = models.JSONField("corrections", default=dict)  # header, compared form → field
    choices = models.JSONField("choix", default=dict)  # line → primary key of the collectivité
    notes = models.JSONField("remarques", default=list)

    counts = models.JSONField("compteurs", default=dict)
    progress = models.PositiveSmallIntegerField("avancement, en %", default=0)
    heartbeat = models.DateTimeField("dernier signe de vie", blank=True, null=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        blank=True,
        null=True,
        related_name="+",
        verbose_name="confirmé par",
    )
    finished_at = models.DateTimeField("terminé le", blank=True, null=True)

    objects = ImportRunQuerySet.as_scoped_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "import"
        verbose_name_plural = "imports"
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="a_refused_import_says_why",
                condition=~Q(state=RunState.REFUSED) | ~Q(refusal=""),
                violation_error_message="Dites pourquoi le fichier est refusé.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} : {self.file_name}"

    @property
    def is_confirmable(self) -> bool:
        return self.state in CONFIRMABLE

    @property
    def is_finished(self) -> bool:
        return self.state not in OPEN_STATES

    @property
    def has_written(self) -> bool:
        return self.state in WRITTEN_STATES

    @property
    def changes(self) -> int:
        """How many rows it would write or wrote."""
        wanted = (Outcome.CREATED, Outcome.ATTACHED, Outcome.UPDATED)
        return sum(self.counts.get(outcome, 0) for outcome in wanted)

    @property
    def lines_read(self) -> int:
        return sum(self.counts.get(outcome, 0) for outcome in Outcome)


def as_text(value) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def unpacked(packed: bytes) -> str:
    """Return the text that `as_text` gave, from what the database holds of it."""
    return zlib.decompress(bytes(packed)).decode()


class PackedField(models.BinaryField):
    """Any JSON, compressed: the report of 35,000 lines is 200 KB."""

    def get_prep_value(self, value):
        if value is None:
            return None
        return super().get_prep_value(zlib.compress(as_text(value).encode(), 1))

    def from_db_value(self, value, expression, connection):
        return None if value is None else json.loads(unpacked(value))

    def value_to_string(self, obj):  # dumps of the database keep it readable
        return json.dumps(self.value_from_object(obj), ensure_ascii=False)


class ImportFile(models.Model):
    """The heavy part of a run, apart so that lists do not carry it. In the database, so it is under no address."""

    run = models.OneToOneField(
        ImportRun, models.CASCADE, primary_key=True, related_name="file", verbose_name="import"
    )
    content = models.BinaryField("contenu", null=True)
    report = PackedField("rapport", null=True, editable=False)
    refused = PackedField("lignes refusées", null=True, editable=False)
    made = PackedField("ce qui a été écrit", null=True, editable=False)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "fichier d’import"
        verbose_name_plural = "fichiers d’import"

    def __str__(self) -> str:
        return str(self.run_id)
