"""The country: régions, départements, EPCI, communes, former communes, and the OPSN that Déclic names.

Provider: INSEE, DGCL and La Poste, by Etalab « decoupage-administratif » 6.0.0 (March 2026), Licence Ouverte.
Files, columns and vintage: imports/data/README.md. One row per collectivité; populations in inhabitants.
"""

import csv
import gzip
from collections.abc import Iterable, Iterator
from pathlib import Path

from import_export.fields import Field

from imports.columns import tidy
from imports.report import Report
from imports.resources import FastResource
from imports.widgets import CodeWidget, CountWidget, KeyWidget, TextWidget, YearWidget
from territories.enums import EPCI_KINDS, CollectiviteKind
from territories.models import Collectivite, Departement, FormerCommune, Opsn, Region
from territories.search import normalise_name

DATA = Path(__file__).parent / "data"
POPULATION_YEAR = 2023  # of the populations in `imports/data`


class RegionResource(FastResource):
    code = Field("code", "code", TextWidget())
    name = Field("name", "name", TextWidget())

    class Meta:
        model = Region
        fields = ("code", "name")
        import_id_fields = ("code",)


class DepartementResource(FastResource):
    code = Field("code", "code", TextWidget())
    name = Field("name", "name", TextWidget())
    region = Field("region_id", "region", KeyWidget("région"))

    class Meta:
        model = Departement
        fields = ("code", "name", "region")
        import_id_fields = ("code",)

    def before_load(self) -> None:
        self.fields["region"].widget.know(_keys(Region.objects, "code"))


class CollectiviteResource(FastResource):
    """What EPCI and communes have in common."""

    siren = Field("siren", "siren", CodeWidget())
    name = Field("name", "name", TextWidget())
    population = Field("population", "population", CountWidget())
    population_year = Field("population_year", "population_year", YearWidget())
    departement = Field("departement_id", "departement", KeyWidget("département"))
    derived = {"search_name": "name"}
    unique = ("siren",)

    def load(self, rows: Iterable[dict[str, str]], *, dry: bool = False) -> Report:
        """Load rows of `imports/data`, whose populations are those of one year."""
        return super().load(
            ({"population_year": str(POPULATION_YEAR)} | row for row in rows), dry=dry
        )

    def completed(self, row, before):
        """The year goes with the population: that of the file, when the file says it."""
        full = super().completed(row, before)
        if "population_year" not in before or "population" not in before:
            return full
        if not tidy(row["population"]):
            full["population_year"] = before["population_year"]
        elif (
            not tidy(row["population_year"]) and _number(row["population"]) != before["population"]
        ):
            full["population_year"] = ""
        return full

    def before_load(self) -> None:
        self.fields["departement"].widget.know(_keys(Departement.objects, "code"))

    def derive(self, instance: Collectivite) -> None:
        instance.search_name = normalise_name(instance.name)
        if instance.population is None:
            instance.population_year = None


class EpciResource(CollectiviteResource):
    kind = Field("kind", "kind", TextWidget())

    class Meta:
        model = Collectivite
        fields = ("siren", "kind", "name", "population", "population_year", "departement")
        import_id_fields = ("siren",)

    def get_queryset(self):
        return Collectivite.objects.filter(kind__in=EPCI_KINDS)


class CommuneResource(CollectiviteResource):
    code_insee = Field("code_insee", "code_insee", CodeWidget())
    epci = Field("epci_id", "epci", KeyWidget("EPCI"))
    postal_codes = Field("postal_codes", "postal_codes", TextWidget())
    derived = {**CollectiviteResource.derived, "kind": ""}

    class Meta:
        model = Collectivite
        fields = (
            "code_insee",
            "siren",
            "name",
            "population",
            "population_year",
            "departement",
            "epci",
            "postal_codes",
        )
        import_id_fields = ("code_insee",)

    def get_queryset(self):
        return Collectivite.objects.filter(kind=CollectiviteKind.COMMUNE)

    def before_load(self) -> None:
        super().before_load()
        epci = Collectivite.objects.filter(kind__in=EPCI_KINDS)
        self.fields["epci"].widget.know(_keys(epci, "siren"))

    def derive(self, instance: Collectivite) -> None:
        super().derive(instance)
        instance.kind = CollectiviteKind.COMMUNE


class FormerCommuneResource(FastResource):
    code = Field("code", "code", TextWidget())
    name = Field("name", "name", TextWidget())
    collectivite = Field("collectivite_id", "code_insee", KeyWidget("commune"))
    derived = {"search_name": "name"}

    class Meta:
        model = FormerCommune
        fields = ("code", "name", "collectivite")
        import_id_fields = ("code",)

    def before_load(self) -> None:
        communes = Collectivite.objects.filter(kind=CollectiviteKind.COMMUNE)
        self.fields["collectivite"].widget.know(_keys(communes, "code_insee"))

    def derive(self, instance: FormerCommune) -> None:
        instance.search_name = normalise_name(instance.name)


FILES: tuple[tuple[str, str, type[FastResource]], ...] = (
    ("régions", "regions.csv", RegionResource),
    ("départements", "departements.csv", DepartementResource),
    ("EPCI", "epci.csv.gz", EpciResource),
    ("communes", "communes.csv.gz", CommuneResource),
    ("anciennes communes", "former_communes.csv.gz", FormerCommuneResource),
)


def load_reference() -> Iterator[tuple[str, Report]]:
    """Load every file, in the order in which they refer to each other; the second time changes nothing."""
    for label, name, resource in FILES:
        yield label, resource().load(read_rows(DATA / name))


def load_opsns() -> int:
    """Create the OPSN that are not there yet; those that are belong to whoever edited them. Return how many."""
    created = 0
    for row in read_rows(DATA / "opsn.csv"):
        opsn, is_new = Opsn.objects.get_or_create(name=row["name"])
        if is_new:
            opsn.departements.set(row["departements"].split())
            created += 1
    return created


def read_rows(path: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of a file of `imports/data` as dicts of text."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _number(text: str) -> str:
    """Return a count written as people write it as the table holds it; the text itself when it is none."""
    try:
        return CountWidget().render(CountWidget().clean(text))
    except ValueError:
        return text


def _keys(rows, code: str) -> dict:
    return dict(rows.exclude(**{code: None}).values_list(code, "pk"))
