"""What an OPSN does and writes down about the collectivités that it follows."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from supervision.enums import AskState
from supervision.models.scope import opsns_of
from territories.models import Collectivite, Opsn, OpsnMember
from territories.scoping import TenantQuerySet


class NoteQuerySet(TenantQuerySet):
    def visible_to(self, user) -> "NoteQuerySet":
        """The notes of an OPSN are its own, as long as it follows the collectivité."""
        if user.follows_every_collectivite:
            return self
        return self.filter(opsn__in=opsns_of(user), collectivite__opsn=F("opsn"))


class VisitNote(models.Model):
    """What was said on a visit or a call; for the OPSN, not for the collectivité."""

    collectivite = models.ForeignKey(
        Collectivite, models.PROTECT, related_name="visit_notes", verbose_name="collectivité"
    )
    opsn = models.ForeignKey(
        Opsn, models.PROTECT, blank=True, null=True, related_name="+", verbose_name="OPSN"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="auteur",
    )
    visited_on = models.DateField("date de la visite ou de l’appel")
    text = models.TextField("ce qui s’est dit", max_length=5000)
    next_visit_on = models.DateField("prochain rendez-vous", blank=True, null=True)
    created_at = models.DateTimeField("notée le", default=timezone.now)

    objects = NoteQuerySet.as_scoped_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "note de visite"
        verbose_name_plural = "notes de visite"
        ordering = ["-visited_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.collectivite} – {self.visited_on:%d/%m/%Y}"


class AssignmentQuerySet(TenantQuerySet):
    def visible_to(self, user) -> "AssignmentQuerySet":
        if user.follows_every_collectivite:
            return self
        return self.filter(adviser__opsn__in=opsns_of(user), collectivite__opsn=F("adviser__opsn"))


class Assignment(models.Model):
    """The adviser who follows a collectivité; one that has another OPSN now counts for nothing."""

    collectivite = models.OneToOneField(
        Collectivite, models.CASCADE, related_name="assignment", verbose_name="collectivité"
    )
    adviser = models.ForeignKey(
        OpsnMember, models.CASCADE, related_name="assignments", verbose_name="conseiller référent"
    )
    assigned_at = models.DateTimeField("depuis le", default=timezone.now)

    objects = AssignmentQuerySet.as_scoped_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "conseiller référent"
        verbose_name_plural = "conseillers référents"

    def __str__(self) -> str:
        return f"{self.collectivite} – {self.adviser.user}"


class Relaunch(models.Model):
    """A mail of encouragement; the constraint makes it one a day, whoever sends."""

    collectivite = models.ForeignKey(
        Collectivite, models.PROTECT, related_name="relaunches", verbose_name="collectivité"
    )
    opsn = models.ForeignKey(
        Opsn, models.PROTECT, blank=True, null=True, related_name="+", verbose_name="OPSN"
    )
    day = models.DateField("jour")
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="envoyée par",
    )
    text = models.TextField("texte", max_length=2000)

    objects = NoteQuerySet.as_scoped_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "relance"
        verbose_name_plural = "relances"
        ordering = ["-day", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["collectivite", "day"],
                name="one_relaunch_a_day",
                violation_error_message="Cette collectivité a déjà été relancée aujourd’hui.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.collectivite} – {self.day:%d/%m/%Y}"


class AttachmentRequestQuerySet(TenantQuerySet):
    def visible_to(self, user) -> "AttachmentRequestQuerySet":
        """For who asks, and for who follows the collectivité today."""
        if user.follows_every_collectivite:
            return self
        mine = opsns_of(user)
        return self.filter(Q(opsn__in=mine) | Q(collectivite__opsn__in=mine))

    def pending(self) -> "AttachmentRequestQuerySet":
        return self.filter(state=AskState.PENDING)


class AttachmentRequest(models.Model):
    """An OPSN asks for a collectivité that another follows, or that is outside its départements."""

    collectivite = models.ForeignKey(
        Collectivite,
        models.PROTECT,
        related_name="attachment_requests",
        verbose_name="collectivité",
    )
    opsn = models.ForeignKey(
        Opsn, models.PROTECT, related_name="attachment_requests", verbose_name="OPSN qui demande"
    )
    state = models.CharField("état", max_length=9, choices=AskState, default=AskState.PENDING)
    message = models.TextField("message", blank=True, max_length=1000)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="demandé par",
    )
    asked_at = models.DateTimeField("demandé le", default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        blank=True,
        null=True,
        related_name="+",
        verbose_name="décidé par",
    )
    decided_at = models.DateTimeField("décidé le", blank=True, null=True)

    objects = AttachmentRequestQuerySet.as_scoped_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "demande de rattachement à un OPSN"
        verbose_name_plural = "demandes de rattachement à un OPSN"
        ordering = ["asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["collectivite", "opsn"],
                condition=Q(state=AskState.PENDING),
                name="one_open_request_per_collectivite_and_opsn",
                violation_error_message="Vous avez déjà demandé cette collectivité.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.opsn} – {self.collectivite}"
