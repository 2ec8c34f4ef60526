"""Who comes into an OPSN, by a link, and what reads its figures, by a token."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from supervision.models.scope import OfOpsnQuerySet
from territories.enums import OpsnRole
from territories.models import Opsn


class OpsnInvitation(models.Model):
    """A person invited into the team of an OPSN; the secret of the link is kept as a digest only."""

    opsn = models.ForeignKey(Opsn, models.CASCADE, related_name="invitations", verbose_name="OPSN")
    email = models.EmailField("adresse électronique")
    role = models.CharField("rôle", max_length=12, choices=OpsnRole)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="invité par"
    )
    created_at = models.DateTimeField("envoyée le", default=timezone.now)
    expires_at = models.DateTimeField("valable jusqu’au")
    accepted_at = models.DateTimeField("acceptée le", blank=True, null=True)
    cancelled_at = models.DateTimeField("annulée le", blank=True, null=True)

    objects = OfOpsnQuerySet.as_scoped_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "invitation dans un OPSN"
        verbose_name_plural = "invitations dans un OPSN"
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["opsn", "email"],
                condition=Q(accepted_at=None, cancelled_at=None),
                name="one_open_opsn_invitation_per_address",
                violation_error_message="Cette personne a déjà une invitation en attente.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.email} – {self.opsn}"


class ApiToken(models.Model):
    """Reads the figures of one OPSN for its own tools; the secret is kept as a digest only."""

    opsn = models.ForeignKey(Opsn, models.CASCADE, related_name="tokens", verbose_name="OPSN")
    name = models.CharField("nom", max_length=80)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField("créé le", default=timezone.now)
    expires_at = models.DateTimeField("valable jusqu’au")
    revoked_at = models.DateTimeField("révoqué le", blank=True, null=True)
    last_used_at = models.DateTimeField("utilisé le", blank=True, null=True)

    objects = OfOpsnQuerySet.as_scoped_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "jeton d’accès"
        verbose_name_plural = "jetons d’accès"
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.name
