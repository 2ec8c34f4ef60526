"""By what a closed assessment is counted in the figures of a territory.

The same columns stand on the assessment and on each of its theme scores: a figure is one read of one table, whatever
the number of collectivités. `questions.counting` writes them, and nothing else does.
"""

from django.db import models
from django.db.models import Q

from territories.models import Collectivite, Departement, Opsn, Region

CURRENT = Q(counted_from__isnull=False, counted_until=None)
"""The last known value of each collectivité and level; the condition of the partial indexes, word for word."""

PEERS = (
    "cohort_kind",
    "cohort_stratum",
    "cohort_region",
    "cohort_departement",
    "cohort_opsn",
    "cohort_epci",
)
"""By what similar collectivités are grouped, from the widest group to the narrowest."""

COVERED = ("counted_from", "counted_until")
"""What every index ends with: SQLite reads the row again for the columns of a condition, even of a partial index."""


class Counted(models.Model):
    counted_from = models.DateTimeField(
        "compte depuis le",
        blank=True,
        null=True,
        help_text="Vide tant qu’elle est ouverte, provisoire, ou une fois archivée : elle n’est alors dans aucun chiffre.",
    )
    counted_until = models.DateTimeField(
        "remplacée le", blank=True, null=True, help_text="Quand la suivante du niveau a été close."
    )
    last_of_edition = models.BooleanField(
        "dernière de son édition", default=False, db_default=False
    )

    # The cohort of which it is part, frozen at closing: later moves do not rewrite past figures.
    cohort_kind = models.CharField("type", max_length=12, blank=True, db_default="")
    cohort_population = models.PositiveIntegerField("population", blank=True, null=True)
    cohort_stratum = models.PositiveIntegerField("strate", blank=True, null=True)
    cohort_epci = models.ForeignKey(
        Collectivite, models.PROTECT, blank=True, null=True, related_name="+", db_index=False
    )
    cohort_departement = models.ForeignKey(
        Departement, models.PROTECT, blank=True, null=True, related_name="+", db_index=False
    )
    cohort_region = models.ForeignKey(
        Region, models.PROTECT, blank=True, null=True, related_name="+", db_index=False
    )
    cohort_opsn = models.ForeignKey(
        Opsn, models.PROTECT, blank=True, null=True, related_name="+", db_index=False
    )

    class Meta:
        abstract = True


COUNTED = tuple(field.attname for field in Counted._meta.local_fields)
"""Names of the columns that a theme score copies from its assessment."""
