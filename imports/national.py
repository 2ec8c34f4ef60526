"""The yearly update of the national reference: communes, EPCI, and what was merged (INSEE, code officiel géographique).

One row per commune, per EPCI, or per former code. Nothing is deleted: a commune that was merged is retired, keeps its
assessments, and names its successor. The national team only.
"""

import re
from datetime import date

from django.utils import timezone
from import_export.fields import Field
from import_export.widgets import Widget

from imports import columns as c
from imports.columns import Column, Table, tidy
from imports.enums import ImportKind, Outcome
from imports.kinds import Kind, KindPlan, Tick
from imports.reference import CommuneResource, EpciResource, FormerCommuneResource
from imports.report import Report
from imports.resources import FastResource, Record
from imports.widgets import CodeWidget, KeyWidget
from territories.enums import CollectiviteKind
from territories.models import Collectivite, Departement
from territories.search import normalise_name

POSTAL_CODES = Column(
    "postal_codes",
    "Codes postaux",
    ("codes postaux", "code s postal aux"),
    "Tous ceux de la commune, séparés par une espace.",
    ("01500", "20000 20090 20167"),
)
POPULATION_YEAR = Column(
    "population_year",
    "Année de la population",
    ("annee population", "millesime population", "annee de reference", "millesime"),
    "Sans elle, l’année des populations qui changent n’est plus indiquée.",
    ("2023", "2023"),
)
EPCI_KIND = Column(
    "kind", "Type", ("type", "nature juridique", "nature"), "CC, CA, CU ou métropole.", ("CC", "CA")
)
OLD_CODE = Column(
    "code",
    "Ancien code INSEE",
    ("ancien code", "code ancien", "com av", "ancien code insee", "code disparu"),
    "Celui qui n’est plus en usage.",
    ("01091", "01144"),
)
OLD_NAME = Column(
    "name",
    "Ancien nom",
    ("ancien nom", "nom ancien", "libelle av", "nom de l ancienne commune"),
    "",
    ("Châtillon-en-Michaille", "Craz"),
)
NEW_CODE = Column(
    "code_insee",
    "Code INSEE actuel",
    ("code insee actuel", "com ap", "code actuel", "nouveau code", "code nouvelle commune"),
    "La commune d’aujourd’hui.",
    ("01033", "01189"),
)
EPCI_KINDS = {
    "cc": CollectiviteKind.CC,
    "ca": CollectiviteKind.CA,
    "cu": CollectiviteKind.CU,
    "metropole": CollectiviteKind.METROPOLE,
    "metro": CollectiviteKind.METROPOLE,
    "met69": CollectiviteKind.METROPOLE,
}
TITLES = {
    "code_insee": "Code INSEE",
    "siren": "SIREN",
    "name": "Nom",
    "population": "Population",
    "population_year": "Année de la population",
    "departement": "Département",
    "epci": "Intercommunalité",
    "postal_codes": "Codes postaux",
    "kind": "Type",
    "code": "Ancien code",
    "successor": "Devenue",
    "retired_at": "N’existe plus depuis",
}


class CommunesKind(Kind):
    slug = ImportKind.COMMUNES
    purpose = (
        "La liste des communes de l’année : nouvelles communes, noms, populations, intercommunalités. Une commune "
        "absente du fichier n’est pas touchée."
    )
    columns = (
        c.INSEE, c.NAME, c.SIREN, c.DEPARTEMENT, c.POPULATION, POPULATION_YEAR, c.EPCI_SIREN, c.EPCI_NAME,
        POSTAL_CODES,
    )  # fmt: skip
    resources = (CommuneResource,)
    needed = (("code_insee", "name"),)

    def plan(self, table: Table, tick: Tick) -> KindPlan:
        resource = CommuneResource({*table.fields, "departement", *_year(table)})
        resource.titles = TITLES
        return _plan_one(resource, self._records(table), tick)

    def _records(self, table: Table):
        codes = set(
            Collectivite.objects.exclude(code_insee=None).values_list("code_insee", flat=True)
        )
        departements = set(Departement.objects.values_list("code", flat=True))
        has_postal_codes = "postal_codes" in table.fields
        for line, row in table.records():
            row.setdefault("population_year", "")
            row["code_insee"] = code = _code(row["code_insee"], codes)
            given = row.get("departement", "")
            if given not in departements:
                given = given.strip().zfill(2) if given.strip() else _departement(code)
                row["departement"] = given
            if has_postal_codes and "|" in row["postal_codes"]:
                row["postal_codes"] = row["postal_codes"].replace("|", " ")
            yield Record(line, row, row["name"])


class EpcisKind(Kind):
    slug = ImportKind.EPCIS
    purpose = "La liste des intercommunalités de l’année. Chargez-la avant celle des communes."
    columns = (c.SIREN, c.NAME, EPCI_KIND, c.POPULATION, POPULATION_YEAR, c.DEPARTEMENT)
    resources = (EpciResource,)
    needed = (("siren", "name", "kind"),)

    def plan(self, table: Table, tick: Tick) -> KindPlan:
        resource = EpciResource({*table.fields, *_year(table)})
        resource.titles = TITLES
        return _plan_one(resource, self._records(table), tick)

    def _records(self, table: Table):
        for line, row in table.records():
            row.setdefault("population_year", "")
            row["siren"] = re.sub(r"\s", "", row["siren"])[:9]
            row["kind"] = EPCI_KINDS.get(normalise_name(row["kind"]), tidy(row["kind"]))
            yield Record(line, row, tidy(row["name"]))


class DayWidget(Widget):
    def clean(self, value, row=None, **kwargs) -> date | None:
        return date.fromisoformat(value) if value else None

    def render(self, value, obj=None, **kwargs) -> str:
        return value.isoformat() if value else ""


class RetirementResource(FastResource):
    """A commune that exists no more, and the one that took its place; keyed by INSEE code."""

    code_insee = Field("code_insee", "code_insee", CodeWidget())
    successor = Field("successor_id", "successor", KeyWidget("commune"))
    retired_at = Field("retired_at", "retired_at", DayWidget())
    titles = TITLES

    class Meta:
        model = Collectivite
        fields = ("code_insee", "successor", "retired_at")
        import_id_fields = ("code_insee",)

    def get_queryset(self):
        return Collectivite.objects.filter(kind=CollectiviteKind.COMMUNE)

    def before_load(self) -> None:
        keys = Collectivite.objects.exclude(code_insee=None).values_list("code_insee", "pk")
        self.fields["successor"].widget.know(dict(keys))


class FormerCommunesKind(Kind):
    slug = ImportKind.FORMER_COMMUNES
    purpose = (
        "Les communes qui ont fusionné : leur ancien code mène à la commune d’aujourd’hui. Leurs évaluations et "
        "leurs plans restent, et se lisent depuis la commune qui les remplace."
    )
    columns = (OLD_CODE, OLD_NAME, NEW_CODE)
    resources = (FormerCommuneResource, RetirementResource)
    needed = (("code", "code_insee"),)

    def plan(self, table: Table, tick: Tick) -> KindPlan:
        current = dict(
            Collectivite.objects.filter(kind=CollectiviteKind.COMMUNE, retired_at=None).values_list(
                "code_insee", "name"
            )
        )
        records = list(self._records(table, set(current)))
        resource = FormerCommuneResource(set(table.fields))
        resource.titles = TITLES | {"code_insee": "Commune actuelle"}
        plan = _plan_one(resource, records, tick)
        refused = {line.number for line in plan.report.lines if line.outcome == Outcome.REJECTED}
        retired = [
            Record(
                record.line,
                {
                    "code_insee": record.values["code"],
                    "successor": record.values["code_insee"],
                    "retired_at": timezone.localdate(self.at).isoformat(),
                },
                current[record.values["code"]],
            )
            for record in records
            if record.values["code"] in current and record.line not in refused
        ]
        retired += self._led_on(retired)
        retirements = Report()
        plan.parts.append(RetirementResource().plan(retired, retirements))
        _add_to_lines(plan.report, retirements)
        return plan

    def _led_on(self, retired: list[Record]) -> list[Record]:
        """Return those that a commune of the list had replaced: their successor is always one of today."""
        merging = {record.values["code_insee"]: record for record in retired}
        earlier = Collectivite.objects.exclude(retired_at=None).filter(
            successor__code_insee__in=merging
        )
        return [
            Record(
                merging[row.successor.code_insee].line,
                {
                    "code_insee": row.code_insee,
                    "successor": merging[row.successor.code_insee].values["successor"],
                    "retired_at": row.retired_at.isoformat(),
                },
                row.name,
            )
            for row in earlier.select_related("successor")
        ]

    def _records(self, table: Table, codes: set[str]):
        for line, row in table.records():
            row["code"] = tidy(row["code"]).upper()
            if len(row["code"]) == 4 and row["code"].isdecimal():
                row["code"] = row["code"].zfill(5)
            row["code_insee"] = _code(row["code_insee"], codes)
            yield Record(line, row, tidy(row.get("name", "")) or row["code"])


def _year(table: Table) -> set[str]:
    """The year is written with the population, be it to say that it is no longer known."""
    return {"population_year"} if "population" in table.fields else set()


def _plan_one(resource: FastResource, records, tick: Tick) -> KindPlan:
    plan = KindPlan()
    resource.empty_keeps = True
    plan.parts.append(resource.plan(records, plan.report, tick))
    return plan


def _add_to_lines(report: Report, more: Report) -> None:
    """Say on the line of a former code that a commune is retired by it, without counting the line twice."""
    lines = {line.number: line for line in report.lines}
    for extra in more.lines:
        line = lines.get(extra.number)
        if line is None:
            report.counts[Outcome.UNCHANGED] -= 1
            report.add(extra)
            lines[extra.number] = extra
        else:
            line.changes += extra.changes
    report.lines.sort(key=lambda line: line.number)


def _code(text: str, codes: set[str]) -> str:
    """Give a lost zero back when that makes a real code."""
    if text in codes:
        return text
    code = tidy(text).upper()
    padded = code.zfill(5) if code.isdecimal() else code
    return padded if padded in codes else code


def _departement(code: str) -> str:
    return code[:3] if code[:2] in ("97", "98") else code[:2]
