"""The OPSN of the country. One row per OPSN, known by its SIREN, else by its name. The national team only."""

import re

from import_export.fields import Field

from imports import columns as c
from imports.columns import Column, Table, looks_like_siren, tidy
from imports.enums import ImportKind, Outcome
from imports.kinds import Kind, KindPlan, Tick
from imports.report import Line, Problem
from imports.resources import FastResource, Record
from imports.widgets import CodeWidget, TextWidget, YesWidget
from territories.models import Departement, Opsn
from territories.search import normalise_name

DEPARTEMENTS = Column(
    "departements",
    "Départements",
    ("departement", "dep", "deps", "territoire", "departements couverts", "perimetre"),
    "Numéros séparés par une espace.",
    ("60", "02 80"),
)
PHONE = Column(
    "phone",
    "Téléphone",
    ("tel", "telephone", "n telephone", "telephone fixe", "standard"),
    "",
    ("03 44 00 00 00", "03 22 00 00 00"),
)
LEVEL_TWO = Column(
    "offers_level_two",
    "Propose le niveau 2",
    ("niveau 2", "competence", "offre niveau 2", "propose niveau 2"),
    "oui ou non.",
    ("oui", "non"),
    choices=("oui", "non"),
)
NAME = Column("name", "Nom", ("nom", "opsn", "structure", "denomination", "nom de l opsn"), "", ("Adico", "Somme Numérique"))  # fmt: skip
SIREN = Column("siren", "SIREN", c.SIREN.words, c.SIREN.help, ("", ""), looks_like_siren)


class DepartementsWidget(TextWidget):
    """Several codes, written in order; the keys of départements are their codes."""

    def __init__(self):
        super().__init__()
        self.codes: dict[str, str] = {}

    def clean(self, value, row=None, **kwargs) -> str:
        codes = set()
        for text in re.split(r"[\s,;|/]+", super().clean(value)):
            code = text.upper().zfill(2) if text else ""
            if code and code not in self.codes:
                raise ValueError(f"Aucun département n’a le code « {text} ».")
            codes.add(code)
        return " ".join(sorted(codes - {""}))


class NationalOpsnResource(FastResource):
    name = Field("name", "name", TextWidget())
    siren = Field("siren", "siren", CodeWidget())
    email = Field("contact_email", "email", TextWidget())
    phone = Field("phone", "phone", TextWidget())
    website = Field("website", "website", TextWidget())
    offers_level_two = Field("offers_level_two", "offers_level_two", YesWidget())
    departements = Field("departement_codes", "departements", DepartementsWidget())
    is_written_at_once = False
    unique = ("siren",)
    told_of_new = ("siren", "email", "departements")
    titles = {
        "name": "Nom",
        "siren": "SIREN",
        "email": "Courriel",
        "phone": "Téléphone",
        "website": "Site internet",
        "offers_level_two": "Niveau 2",
        "departements": "Départements",
    }

    class Meta:
        model = Opsn
        fields = ("name", "siren", "email", "phone", "website", "offers_level_two", "departements")
        import_id_fields = ("name",)

    def before_load(self) -> None:
        codes = Departement.objects.values_list("code", flat=True)
        self.fields["departements"].widget.codes = dict.fromkeys(codes)

    def known(self) -> dict[str, tuple]:
        known = {}
        for opsn in Opsn.objects.prefetch_related("departements"):
            opsn.departement_codes = " ".join(sorted(d.code for d in opsn.departements.all()))
            raw = tuple(f.widget.render(getattr(opsn, f.attribute)) for f in self.columns)
            known[opsn.name] = (opsn.pk, raw)
        return known

    def write(self, plan, *, check: bool = False) -> None:
        """A few dozen rows with a relation to many: saved one by one."""
        own = [f.attribute for f in self.columns if f.attribute != "departement_codes"]
        for instance in plan.new:
            instance.save()
        for changed in plan.changed:
            changed.instance.save(update_fields=own)
        if any(f.attribute == "departement_codes" for f in self.columns):
            for instance in [*plan.new, *(changed.instance for changed in plan.changed)]:
                instance.departements.set(instance.departement_codes.split())


class OpsnsKind(Kind):
    slug = ImportKind.OPSNS
    purpose = "Les OPSN du pays : leur nom, leurs départements et leur contact."
    columns = (NAME, SIREN, c.EMAIL_COLUMN, PHONE, c.WEBSITE, DEPARTEMENTS, LEVEL_TWO)
    resources = (NationalOpsnResource,)
    needed = (("name",), ("siren",))

    def plan(self, table: Table, tick: Tick) -> KindPlan:
        by_siren = dict(Opsn.objects.exclude(siren=None).values_list("siren", "name"))
        by_name = {
            normalise_name(name): name for name in Opsn.objects.values_list("name", flat=True)
        }
        plan, records = KindPlan(), []
        for line, row in table.records():
            name = tidy(row.get("name", ""))
            siren = re.sub(r"\D", "", row.get("siren", ""))[:9]
            known = by_siren.get(siren) or by_name.get(normalise_name(name)) or name
            if not known:
                problem = Problem(
                    line, "name", "", "Cette ligne ne dit pas de quel OPSN il s’agit."
                )
                plan.report.add(Line(line, Outcome.REJECTED, problems=[problem]))
                continue
            values = {key: tidy(value) for key, value in row.items()} | {"name": known}
            if "siren" in row:
                values["siren"] = siren or tidy(row["siren"])
            records.append(Record(line, values, known))
        resource = NationalOpsnResource(set(table.fields))
        resource.empty_keeps = True
        plan.parts.append(resource.plan(records, plan.report, tick))
        plan.report.lines.sort(key=lambda line: line.number)
        return plan

    def write(self, plan: KindPlan) -> None:
        for part in plan.parts:
            part.resource.write(part)
