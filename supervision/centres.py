"""The centres of the communes, from the file that comes with us (supervision/data/README.md)."""

import csv
import gzip
from pathlib import Path

from django.db import transaction

from supervision.models import Centre
from territories.models import Collectivite

FILE = Path(__file__).parent / "data" / "centres.csv.gz"
BATCH = 2_000


@transaction.atomic
def load_centres() -> int:
    """Write the centre of each commune that is there; return how many. The second time changes nothing."""
    known = dict(
        Collectivite.objects.exclude(code_insee=None).order_by().values_list("code_insee", "pk")
    )
    with gzip.open(FILE, "rt", encoding="utf-8", newline="") as file:
        centres = [
            Centre(
                collectivite_id=known[row["code_insee"]],
                longitude=float(row["longitude"]),
                latitude=float(row["latitude"]),
            )
            for row in csv.DictReader(file)
            if row["code_insee"] in known
        ]
    Centre.objects.bulk_create(
        centres,
        BATCH,
        update_conflicts=True,
        unique_fields=["collectivite"],
        update_fields=["longitude", "latitude"],
    )
    return len(centres)
