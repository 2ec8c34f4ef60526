"""The emission factors: which are those of an assessment, and the first set, from `questions/content/factors.yaml`."""

from datetime import date
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from questions.content_files import read_yaml
from questions.footprint import Factor
from questions.models import Assessment, EmissionFactor, FactorSet

CONTENT = Path(__file__).parent / "content" / "factors.yaml"
VALUES = ("manufacture", "distribution", "end_of_life", "lowest", "highest", "energy", "lifetime")


def factors_of(assessment: Assessment) -> FactorSet | None:
    """Return the factors frozen at closing, else those in force today; None when there are none."""
    if assessment.factors_id:
        return FactorSet.objects.get(pk=assessment.factors_id)
    return FactorSet.objects.in_force(day_of(assessment))


def day_of(assessment: Assessment) -> date:
    """Return the day an assessment speaks of: today while it is open."""
    return timezone.localdate(assessment.as_of)


def plain(row: EmissionFactor) -> Factor:
    return Factor(family=row.family, **{name: getattr(row, name) for name in VALUES})


def read_factors() -> dict:
    return read_yaml(CONTENT)


@transaction.atomic
def load_factors() -> bool:
    """Create the starter set unless its version exists; what was edited since is left alone. Return whether it was made."""
    data = read_factors()
    rows = data.pop("rows")
    if FactorSet.objects.filter(version=data["version"]).exists():
        return False
    factors = FactorSet(**data)
    factors.rows = [EmissionFactor(sort_order=order, **row) for order, row in enumerate(rows)]
    factors.full_clean()
    for row in factors.rows.all():
        row.full_clean(exclude=["factors"])
    factors.save()
    factors.save_revision()
    return True
