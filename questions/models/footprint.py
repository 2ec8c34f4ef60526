"""The emission factors with which the footprint of a fleet is estimated: versioned, with their source and range."""

from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable, RevisionMixin

from questions.enums import DeviceFamily


class FactorsInUse(ValidationError):
    """The factors of a closed assessment no longer change, or its footprint would."""

    def __init__(self):
        super().__init__(
            "Une évaluation close s’appuie sur ces facteurs : ils ne changent plus. "
            "Copiez-les dans un nouveau jeu, avec une autre version et une autre date."
        )


class FactorSetQuerySet(models.QuerySet):
    def in_force(self, on: date) -> "FactorSet | None":
        """Return the set in force on a day: the last whose date has come, or none."""
        return self.filter(in_force_from__lte=on).order_by("-in_force_from").first()


class FactorSet(RevisionMixin, ClusterableModel):
    """One version of the factors. The one in force is the last whose date has come; a closed assessment keeps its own."""

    version = models.CharField("version", max_length=40, unique=True)
    in_force_from = models.DateField("en vigueur à partir du", unique=True)
    source = models.CharField("source", max_length=250)
    source_url = models.URLField("lien", max_length=500)
    licence = models.CharField("licence", max_length=120, blank=True)
    electricity = models.DecimalField(
        "électricité (kg CO2e par kWh)",
        max_digits=7,
        decimal_places=4,
        validators=[MinValueValidator(0)],
    )
    notes = models.TextField("méthode et limites", blank=True)

    objects = FactorSetQuerySet.as_manager()

    class Meta:
        verbose_name = "jeu de facteurs d’émission"
        verbose_name_plural = "jeux de facteurs d’émission"
        ordering = ["-in_force_from"]

    def __str__(self) -> str:
        return self.version

    def is_used(self) -> bool:
        """Tell whether the footprint of a closed assessment rests on these factors."""
        assessments = self._meta.apps.get_model("questions", "Assessment")._base_manager
        return self.pk is not None and assessments.filter(factors=self.pk).exists()

    def clean(self) -> None:
        super().clean()
        if self.is_used():
            raise FactorsInUse

    def save(self, *args, **kwargs) -> None:
        if self.is_used():
            raise FactorsInUse
        super().save(*args, **kwargs)


def _kilograms(verbose_name: str, **options) -> models.DecimalField:
    return models.DecimalField(
        verbose_name,
        max_digits=9,
        decimal_places=2,
        validators=[MinValueValidator(0)],
        **options,
    )


class EmissionFactor(Orderable):
    """Of one device of a family: kg CO2e outside its use, its range, and kWh a year of use."""

    factors = ParentalKey(FactorSet, on_delete=models.CASCADE, related_name="rows")
    family = models.CharField("famille", max_length=20, choices=DeviceFamily)
    manufacture = _kilograms("fabrication (kg CO2e)")
    distribution = _kilograms("distribution (kg CO2e)", default=0)
    end_of_life = _kilograms("fin de vie (kg CO2e)", default=0)
    lowest = _kilograms("hors usage, valeur basse (kg CO2e)")
    highest = _kilograms("hors usage, valeur haute (kg CO2e)")
    energy = _kilograms("électricité (kWh par an)")
    lifetime = models.DecimalField(
        "durée d’usage par défaut (ans)",
        max_digits=4,
        decimal_places=1,
        validators=[MinValueValidator(1)],
    )
    source = models.CharField("source", max_length=250)
    source_url = models.URLField("lien", max_length=500)

    class Meta(Orderable.Meta):
        verbose_name = "facteur d’émission"
        verbose_name_plural = "facteurs d’émission"
        constraints = [
            models.UniqueConstraint(
                fields=["factors", "family"],
                name="one_factor_per_family",
                violation_error_message="Cette famille a déjà son facteur.",
            )
        ]

    def __str__(self) -> str:
        return self.get_family_display()

    @property
    def outside_use(self) -> Decimal:
        """What one device costs before it is switched on and once it is gone, in kg CO2e."""
        return self.manufacture + self.distribution + self.end_of_life

    def clean(self) -> None:
        """Refuse a range that does not hold the value it is the range of."""
        super().clean()
        known = (self.lowest, self.manufacture, self.distribution, self.end_of_life, self.highest)
        if None not in known and not self.lowest <= self.outside_use <= self.highest:
            raise ValidationError(
                "Fabrication, distribution et fin de vie font ensemble une valeur qui sort de la fourchette."
            )

    def save(self, *args, **kwargs) -> None:
        if self.factors.is_used():
            raise FactorsInUse
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        if self.factors.is_used():
            raise FactorsInUse
        return super().delete(*args, **kwargs)
