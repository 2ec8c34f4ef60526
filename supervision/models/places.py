"""Where a commune stands on a map."""

from django.db import models

from territories.models import Collectivite


class Centre(models.Model):
    """The middle of a commune, in degrees; public, and of no tenant."""

    collectivite = models.OneToOneField(
        Collectivite,
        models.CASCADE,
        primary_key=True,
        related_name="centre",
        verbose_name="commune",
    )
    longitude = models.FloatField("longitude")
    latitude = models.FloatField("latitude")

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "centre d’une commune"
        verbose_name_plural = "centres des communes"

    def __str__(self) -> str:
        return f"{self.latitude} {self.longitude}"
