"""The collectivités of an OPSN: attach those of its list, and keep their official address.

One row per collectivité. Names, codes and populations are those of the national reference: the file's are checked, and said
when they differ, but not written. A collectivité that another OPSN follows is not taken.
"""

from functools import cached_property

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from import_export.fields import Field

from imports import columns as c
from imports.columns import Column, Table, tidy
from imports.enums import ImportKind, Outcome
from imports.identity import Identifier, Known, Reference
from imports.kinds import Kind, KindPlan, Tick, undecided
from imports.report import Line, Problem, Report
from imports.resources import FastResource, Record
from imports.widgets import CodeWidget, CountWidget, KeyWidget, TextWidget
from territories.enums import AuditAction, CollectiviteKind, MemberState
from territories.models import AuditEntry, Collectivite, CollectiviteMember, Departement, Opsn
from territories.notices import tell_about_attachment
from territories.search import normalise_name

KIND = Column(
    "kind",
    "Type",
    ("type", "nature", "categorie", "forme juridique", "type de collectivite"),
    "Nécessaire, avec le département, pour une collectivité qui n’est pas dans la référence nationale, par exemple un syndicat.",
    ("commune", "commune"),
    choices=tuple(CollectiviteKind.labels),
)
KINDS = {normalise_name(label): value for value, label in CollectiviteKind.choices} | {
    "communaute de communes": CollectiviteKind.CC,
    "cc": CollectiviteKind.CC,
    "ca": CollectiviteKind.CA,
    "cu": CollectiviteKind.CU,
    "syndicat mixte": CollectiviteKind.SYNDICAT,
    "sivom": CollectiviteKind.SYNDICAT,
    "sivu": CollectiviteKind.SYNDICAT,
}
TITLES = {
    "opsn": "OPSN",
    "email": "Courriel officiel",
    "website": "Site internet",
    "siren": "SIREN",
    "kind": "Type",
    "name": "Nom",
    "departement": "Département",
    "population": "Population",
}


class OpsnResource(FastResource):
    """The columns that an OPSN writes."""

    opsn = Field("opsn_id", "opsn", KeyWidget("OPSN"))
    email = Field("official_email", "email", TextWidget())
    website = Field("website", "website", TextWidget())
    titles = TITLES

    def before_load(self) -> None:
        self.fields["opsn"].widget.know(dict(Opsn.objects.values_list("name", "pk")))


class AttachmentResource(OpsnResource):
    """What an OPSN writes on a collectivité of the reference; keyed by primary key, found by `identity`."""

    id = Field("id", "id", CountWidget())
    key_is_read = False

    class Meta:
        model = Collectivite
        fields = ("id", "opsn", "email", "website")
        import_id_fields = ("id",)

    def outcome_of_change(self, before, after) -> Outcome:
        return Outcome.UPDATED if before["opsn"] else Outcome.ATTACHED


class NewCollectiviteResource(OpsnResource):
    """A collectivité that the reference does not hold (a syndicat, an EPCI of this year); keyed by SIREN."""

    siren = Field("siren", "siren", CodeWidget())
    kind = Field("kind", "kind", TextWidget())
    name = Field("name", "name", TextWidget())
    departement = Field("departement_id", "departement", KeyWidget("département"))
    population = Field("population", "population", CountWidget())
    derived = {"search_name": "name"}
    told_of_new = ("siren", "kind", "departement", "email", "website")

    class Meta:
        model = Collectivite
        fields = ("siren", "kind", "name", "departement", "population", "opsn", "email", "website")
        import_id_fields = ("siren",)

    def get_queryset(self):
        return Collectivite.objects.none()  # those that exist were found already

    def before_load(self) -> None:
        super().before_load()
        codes = Departement.objects.values_list("code", flat=True)
        self.fields["departement"].widget.know({code: code for code in codes})

    def derive(self, instance) -> None:
        instance.search_name = normalise_name(instance.name)

    def take_back(self, pks, *, by, at) -> None:
        """Delete them; their entry in the journal stays, and says their name."""
        entries = AuditEntry._base_manager.filter(action=AuditAction.ATTACHED)
        entries.filter(collectivite__in=pks).update(collectivite=None)
        super().take_back(pks, by=by, at=at)


class CollectivitesKind(Kind):
    slug = ImportKind.COLLECTIVITES
    purpose = (
        "La liste de vos collectivités, telle qu’elle est : celles que personne ne suit vous sont rattachées, et "
        "l’adresse officielle de la mairie est gardée. Les noms et populations restent ceux de l’INSEE."
    )
    columns = (
        c.INSEE, c.NAME, c.SIREN, c.DEPARTEMENT, c.POSTAL_CODE, c.POPULATION, c.EPCI_SIREN, c.EPCI_NAME,
        c.EMAIL_COLUMN, c.WEBSITE, KIND,
    )  # fmt: skip
    resources = (AttachmentResource, NewCollectiviteResource)
    needed = (("code_insee",), ("siren",), ("name", "departement"), ("name", "postal_code"))

    def plan(self, table: Table, tick: Tick) -> KindPlan:
        self.reference = Reference()
        self.identifier = Identifier(self.reference, self.choices)
        self.given = table.fields
        plan = KindPlan()
        known, new = self._sorted(table, plan.report, tick)
        given = {"opsn", *({"email", "website"} & set(table.fields))}
        attachments = AttachmentResource(given)
        pks = {int(record.values["id"]) for record in known}
        attachments.get_queryset = lambda: _narrowed(pks)
        plan.parts.append(attachments.plan(known, plan.report))
        plan.parts.append(NewCollectiviteResource().plan(new, plan.report))
        plan.report.lines.sort(key=lambda line: line.number)
        return plan

    def write(self, plan: KindPlan) -> None:
        super().write(plan)
        attachments, made = plan.parts
        opsn = attachments.resource.position("opsn")
        attached = [c.instance.pk for c in attachments.changed if not c.before[opsn]]
        ground = f"{self.opsn.name}, par un import"
        grounds = dict.fromkeys(attached, ground)
        # Named too, for the day when the import is undone and the row with it.
        grounds |= {new.pk: f"{ground} : {new.name[:100]} ({new.siren})" for new in made.new}
        entries = [
            AuditEntry(
                action=AuditAction.ATTACHED,
                collectivite_id=pk,
                opsn=self.opsn,
                actor=self.by,
                at=self.at,
                ground=ground,
            )
            for pk, ground in grounds.items()
        ]
        AuditEntry._base_manager.bulk_create(entries, batch_size=2_000)
        for collectivite in self._inhabited(attached):
            tell_about_attachment(collectivite)

    def _inhabited(self, pks: list[int]) -> list[Collectivite]:
        """Those whose members must know that an OPSN now reads what they answer."""
        with_members = CollectiviteMember._base_manager.filter(state=MemberState.ACTIVE)
        rows = Collectivite.objects.filter(
            pk__in=with_members.values("collectivite"), opsn=self.opsn
        ).select_related("opsn")
        wanted = set(pks)
        return [row for row in rows if row.pk in wanted]

    def _sorted(
        self, table: Table, report: Report, tick: Tick
    ) -> tuple[list[Record], list[Record]]:
        """Return (rows of known collectivités, rows of new ones); the others are in the report."""
        known, by_former_code, new = [], [], []
        for rank, (line, row) in enumerate(table.records(), start=1):
            if rank % 500 == 0:
                tick(rank)
            name = tidy(row.get("name", ""))
            found = self.identifier.identify(line, row)
            problems = self._checked(line, row)
            if self._is_new(row, found):
                target, record = new, self._new_record(line, row, name)
                problems += self._out_of_reach(line, row, record.values["departement"])
            elif found.known is None:
                report.add(undecided(line, name, found))
                continue
            else:
                is_former = any("ancienne commune" in p.sentence for p in found.problems)
                target = by_former_code if is_former else known
                record = Record(line, self._values(found.known, row), found.known.label)
                record.warnings = found.problems
                problems += self._taken(line, found.known)
            record.warnings = record.warnings + self._address(line, row, record.values)
            if problems:
                report.add(Line(line, Outcome.REJECTED, record.name or name, problems=problems))
            else:
                target.append(record)
        # A former code is the repetition, wherever it stands, when the commune of today is in the list too.
        return known + by_former_code, new

    def _values(self, known: Known, row) -> dict[str, str]:
        values = {"id": str(known.pk), "opsn": self.opsn.name}
        return values | {name: tidy(row[name]) for name in ("website",) if name in row}

    def _address(self, line: int, row, values: dict[str, str]) -> list[Problem]:
        """Put the address in the values; leave a bad one out, with a warning, and an empty one as it is."""
        text = tidy(row.get("email", ""))
        address = text.lower()
        problems = []
        if address and not _is_address(address):
            address = ""
            sentence = "Cette adresse n’est pas valable : elle est laissée de côté. Une seule adresse est attendue."
            problems = [Problem(line, "email", text, sentence, blocking=False)]
        for name, new in (("email", address), ("website", values.get("website", ""))):
            if name in self.given:
                values[name] = new or self.kept.get(name, {}).get(values.get("id"), "")
        return problems

    @cached_property
    def kept(self) -> dict[str, dict[str, str]]:
        """What is there already: an empty cell erases nothing."""
        kept = {"email": {}, "website": {}}
        rows = Collectivite.objects.exclude(official_email="", website="")
        for pk, email, website in rows.values_list("pk", "official_email", "website"):
            kept["email"][str(pk)], kept["website"][str(pk)] = email, website
        return kept

    def _checked(self, line: int, row) -> list[Problem]:
        problems = []
        text = row.get("population", "")
        if text:
            try:
                CountWidget().clean(text)
            except ValueError as error:
                problems.append(Problem(line, "population", tidy(text), f"Population : {error}"))
        return problems

    def _taken(self, line: int, known: Known) -> list[Problem]:
        if known.opsn_id == self.opsn.pk:
            return []
        if known.opsn_id is None:
            if self.is_of_the_country or known.departement in self.territory:
                return []
            sentence = (
                f"{known.name} est hors de vos départements : demandez-la à l’équipe nationale."
            )
        else:
            sentence = (
                f"{known.name} est suivie par un autre OPSN. Demandez son rattachement depuis sa fiche : "
                "un import ne la prend pas."
            )
        return [Problem(line, "code_insee", known.code_insee or known.siren or "", sentence)]

    def _out_of_reach(self, line: int, row, departement: str) -> list[Problem]:
        """Tell why an organisation to create may not be: what an OPSN creates, it follows."""
        text = tidy(row.get("departement", ""))
        if not departement:
            sentence = (
                "Son département est nécessaire : la référence nationale ne la connaît pas."
                if not text
                else "Aucun département n’a ce numéro ou ce nom."
            )
        elif self.is_of_the_country or departement in self.territory:
            return []
        else:
            sentence = "Elle est hors de vos départements : demandez-la à l’équipe nationale."
        return [Problem(line, "departement", text, sentence)]

    @cached_property
    def is_of_the_country(self) -> bool:
        return self.by.follows_every_collectivite

    @cached_property
    def territory(self) -> set[str]:
        """Out of its départements an OPSN takes nobody by itself (`territories.attachment`): following is reading."""
        return set(self.opsn.departements.values_list("code", flat=True))

    def _is_new(self, row, found) -> bool:
        """A SIREN that nobody has, with a type other than commune and a name: an organisation to create."""
        if found.known or found.candidates or tidy(row.get("code_insee", "")):
            return False
        siren, problem = self.identifier.siren(0, tidy(row.get("siren", "")))
        kind = KINDS.get(normalise_name(row.get("kind", "")))
        if problem or not siren or siren in self.reference.by_siren:
            return False
        return kind not in (None, CollectiviteKind.COMMUNE) and bool(tidy(row.get("name", "")))

    def _new_record(self, line: int, row, name: str) -> Record:
        siren, _ = self.identifier.siren(line, tidy(row["siren"]))
        values = {
            "siren": siren,
            "kind": KINDS[normalise_name(row["kind"])],
            "name": name,
            "departement": self.reference.departement_of(row.get("departement", "")) or "",
            "population": row.get("population", ""),
            "opsn": self.opsn.name,
            "email": "",
            "website": tidy(row.get("website", "")),
        }
        return Record(line, values, name)


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def _narrowed(pks: set[int]):
    """Read the rows of a short list only."""
    rows = Collectivite.objects.all()
    return rows.filter(pk__in=pks) if len(pks) <= 5_000 else rows
