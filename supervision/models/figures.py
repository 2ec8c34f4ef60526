"""What is kept of the figures: views, the consent of a commune to its EPCI, what was published."""

from django.conf import settings
from django.db import models
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.urls import reverse
from django.utils import timezone

from supervision.enums import FIGURE_ADDRESSES, FigureView
from supervision.models.scope import opsns_of
from territories.enums import EPCI_KINDS, OpsnRole
from territories.models import Collectivite, Opsn
from territories.scoping import TenantQuerySet


class SavedViewQuerySet(TenantQuerySet):
    def visible_to(self, user) -> "SavedViewQuerySet":
        """One's own, and those that a colleague of the same OPSN shares; of the country, the national team's."""
        if user.follows_every_collectivite:
            return self.filter(Q(author=user) | Q(is_shared=True))
        return self.filter(Q(author=user) | Q(is_shared=True), opsn__in=opsns_of(user))

    def with_may_forget(self, user) -> "SavedViewQuerySet":
        """Add `may_forget`: her own, and what a colleague shares, who may have left, for who manages the team."""
        clears = Q(is_shared=True)
        if not user.follows_every_collectivite:
            managed = opsns_of(user).filter(role=OpsnRole.RESPONSABLE)
            clears &= Q(opsn__in=managed)
        return self.annotate(may_forget=ExpressionWrapper(Q(author=user) | clears, BooleanField()))


class SavedView(models.Model):
    """A screen of the figures with its filters, under a name; it holds no figure, and opens with the rights of who opens it."""

    opsn = models.ForeignKey(
        Opsn, models.CASCADE, blank=True, null=True, related_name="+", verbose_name="OPSN"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="auteur"
    )
    name = models.CharField("nom", max_length=80)
    view = models.CharField("écran", max_length=16, choices=FigureView)
    query = models.CharField("filtres", max_length=1000, blank=True)
    is_shared = models.BooleanField("partagée avec l’équipe", default=False)
    created_at = models.DateTimeField("enregistrée le", default=timezone.now)

    objects = SavedViewQuerySet.as_scoped_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "vue enregistrée"
        verbose_name_plural = "vues enregistrées"
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["author", "name"],
                name="one_saved_view_per_name",
                violation_error_message="Vous avez déjà une vue de ce nom.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        return f"{reverse(FIGURE_ADDRESSES[self.view])}?{self.query}"


class ConsentQuerySet(TenantQuerySet):
    def visible_to(self, user) -> "ConsentQuerySet":
        return self.filter(collectivite__in=Collectivite.objects.followed_by(user))


class Consent(models.Model):
    """A commune lets an EPCI see its figures, until it says otherwise; one that left the EPCI is seen no more."""

    collectivite = models.ForeignKey(
        Collectivite, models.CASCADE, related_name="consents", verbose_name="commune"
    )
    epci = models.ForeignKey(
        Collectivite,
        models.CASCADE,
        related_name="+",
        verbose_name="intercommunalité",
        limit_choices_to={"kind__in": EPCI_KINDS},
    )
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="donné par",
    )
    given_at = models.DateTimeField("donné le", default=timezone.now)

    objects = ConsentQuerySet.as_scoped_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "accord d’une commune"
        verbose_name_plural = "accords de communes"
        constraints = [
            models.UniqueConstraint(
                fields=["collectivite", "epci"],
                name="one_consent_per_commune_and_epci",
                violation_error_message="Cet accord est déjà donné.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.collectivite} → {self.epci}"


class OpenDataRelease(models.Model):
    """The figures that everybody may read, as they were published, and of which assessments they were made."""

    published_at = models.DateTimeField("publiée le", default=timezone.now)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, blank=True, null=True, related_name="+"
    )
    members = models.JSONField(default=list)
    tables = models.JSONField(default=dict)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "publication de données ouvertes"
        verbose_name_plural = "publications de données ouvertes"
        ordering = ["-published_at", "-pk"]

    def __str__(self) -> str:
        return f"{timezone.localdate(self.published_at):%d/%m/%Y}"
