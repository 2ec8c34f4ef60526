"""How one sees that an action works: from a baseline to a target, with values at dates."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from plans.models.action import Action, OfActionQuerySet
from territories.models import Collectivite
from territories.scoping import TenantQuerySet


class Indicator(models.Model):
    action = models.ForeignKey(Action, models.CASCADE, related_name="indicators")
    label = models.CharField("indicateur", max_length=160)
    unit = models.CharField("unité", max_length=30, blank=True)
    baseline = models.DecimalField(
        "valeur de départ", max_digits=14, decimal_places=2, blank=True, null=True
    )
    target = models.DecimalField(
        "valeur visée", max_digits=14, decimal_places=2, blank=True, null=True
    )

    objects = OfActionQuerySet.as_scoped_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "indicateur"
        verbose_name_plural = "indicateurs"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["action", "label"],
                name="one_indicator_per_label_and_action",
                violation_error_message="Cette action a déjà un indicateur de ce nom.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.label} ({self.unit})" if self.unit else self.label


class IndicatorValueQuerySet(TenantQuerySet):
    def visible_to(self, user) -> "IndicatorValueQuerySet":
        followed = Collectivite.objects.followed_by(user)
        return self.filter(indicator__action__plan__collectivite__in=followed)


class IndicatorValue(models.Model):
    """One per indicator and day."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="values")
    on = models.DateField("date")
    value = models.DecimalField("valeur", max_digits=14, decimal_places=2)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = IndicatorValueQuerySet.as_scoped_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "valeur d’indicateur"
        verbose_name_plural = "valeurs d’indicateur"
        ordering = ["on"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "on"],
                name="one_value_per_indicator_and_day",
                violation_error_message="Cet indicateur a déjà une valeur à cette date.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.on:%d/%m/%Y} : {self.value}"
