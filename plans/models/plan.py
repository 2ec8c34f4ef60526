"""The plan of a collectivité and what was set aside from it. Tenant data (`territories.scoping`)."""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from questions.models import Measure
from territories.models import Collectivite, OfCollectiviteQuerySet
from territories.scoping import TenantQuerySet


class Plan(models.Model):
    """One per collectivité, created with its first action and steered over the years."""

    collectivite = models.ForeignKey(
        Collectivite, models.PROTECT, related_name="plans", verbose_name="collectivité"
    )
    title = models.CharField("titre", max_length=160, default="Plan d’action")
    starts_on = models.DateField("début", blank=True, null=True)
    ends_on = models.DateField("fin", blank=True, null=True)
    target_index = models.PositiveSmallIntegerField(
        "indice visé", blank=True, null=True, validators=[MaxValueValidator(100)]
    )
    last_number = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField("créé le", default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="créé par",
    )

    objects = OfCollectiviteQuerySet.as_scoped_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "plan d’action"
        verbose_name_plural = "plans d’action"
        constraints = [
            models.UniqueConstraint(
                fields=["collectivite"],
                name="one_plan_per_collectivite",
                violation_error_message="Cette collectivité a déjà un plan d’action.",
            ),
            models.CheckConstraint(
                name="a_plan_ends_after_it_starts",
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                violation_error_message="La fin du plan vient après son début.",
            ),
            models.CheckConstraint(
                name="a_target_is_a_percent",
                condition=Q(target_index=None) | Q(target_index__lte=100),
                violation_error_message="L’indice visé va de 0 à 100.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} – {self.collectivite}"

    @property
    def period(self) -> str:
        """Return the years covered, « 2027–2029 » or « à partir de 2027 »; empty when no date was given."""
        first, last = (day and day.year for day in (self.starts_on, self.ends_on))
        if first and last:
            return str(first) if first == last else f"{first}–{last}"
        if first:
            return f"à partir de {first}"
        return f"jusqu’en {last}" if last else ""


class OfPlanQuerySet(TenantQuerySet):
    def visible_to(self, user) -> "OfPlanQuerySet":
        return self.filter(plan__collectivite__in=Collectivite.objects.followed_by(user))


class SetAside(models.Model):
    """A measure the commune does not want, and why."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="set_aside", verbose_name="plan")
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="+", verbose_name="mesure")
    reason = models.CharField("raison", max_length=300)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="par"
    )
    at = models.DateTimeField("le", default=timezone.now)

    objects = OfPlanQuerySet.as_scoped_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "mesure écartée"
        verbose_name_plural = "mesures écartées"
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "measure"],
                name="one_refusal_per_measure_and_plan",
                violation_error_message="Cette mesure est déjà écartée.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.measure} : {self.reason}"
