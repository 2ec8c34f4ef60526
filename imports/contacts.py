"""People to invite: one référent for each collectivité that the OPSN follows. One row per person; a mail for each one."""

from django.db.models import Q
from import_export.fields import Field

from imports import columns as c
from imports.columns import Table, tidy
from imports.enums import ImportKind, Outcome
from imports.identity import Identifier, Known, Reference
from imports.kinds import Kind, KindPlan, Tick, undecided
from imports.report import Line, Problem
from imports.resources import FastResource, Record
from imports.widgets import KeyWidget, TextWidget
from territories.enums import MemberRole, MemberState
from territories.invitations import cancel_invitation, invite
from territories.models import Collectivite, CollectiviteMember, Invitation

SEPARATOR = " "


class AddressWidget(TextWidget):
    def clean(self, value, row=None, **kwargs) -> str:
        return super().clean(value).lower()


class InvitationResource(FastResource):
    """An invitation is kept by its act (mail, journal, limits), so this resource writes through it."""

    key = Field("key", "key", TextWidget())
    collectivite = Field("collectivite_id", "collectivite", KeyWidget("collectivité"))
    email = Field("email", "email", AddressWidget())
    titles = {"email": "Invitation à"}
    told_of_new = ("email",)
    is_written_at_once = False
    key_is_read = False

    class Meta:
        model = Invitation
        fields = ("key", "collectivite", "email")
        import_id_fields = ("key",)

    def __init__(self, given=None, *, at=None):
        super().__init__(given)
        self.at = at

    def before_load(self) -> None:
        pks = Collectivite.objects.values_list("pk", flat=True)
        self.fields["collectivite"].widget.know({str(pk): pk for pk in pks})

    def known(self) -> dict[str, tuple]:
        """The people invited already, and those who are members: nothing changes for them."""
        waiting = Q(accepted_at=None, cancelled_at=None, expires_at__gt=self.at)
        invited = Invitation.objects.filter(waiting).values_list("collectivite_id", "email")
        members = CollectiviteMember.objects.filter(state=MemberState.ACTIVE).values_list(
            "collectivite_id", "user__email"
        )
        known = {}
        for pk, address in [*invited, *members]:
            key = key_of(pk, address.lower())
            raw = {"key": key, "collectivite": str(pk), "email": address.lower()}
            known[key] = (key, tuple(raw[f.column_name] for f in self.columns))
        return known

    def put_back(self, changed) -> None:
        """An invitation is created or left alone."""

    def take_back(self, pks, *, by, at) -> None:
        """Cancel them: what was sent cannot be unsent, but its link is dead. Raises AffiliationError."""
        for invitation in Invitation.objects.filter(pk__in=pks, cancelled_at=None):
            cancel_invitation(invitation=invitation, by=by, at=at)


class ContactsKind(Kind):
    slug = ImportKind.CONTACTS
    purpose = (
        "Une personne par ligne, avec sa collectivité et son adresse. Chacune reçoit une invitation à devenir référente "
        "de sa collectivité. Celles qui sont déjà invitées ou membres ne reçoivent rien."
    )
    columns = (c.INSEE, c.NAME, c.SIREN, c.DEPARTEMENT, c.POSTAL_CODE, c.EMAIL_COLUMN)
    resources = (InvitationResource,)
    needed = (
        ("email", "code_insee"),
        ("email", "siren"),
        ("email", "name", "departement"),
        ("email", "name", "postal_code"),
    )

    def plan(self, table: Table, tick: Tick) -> KindPlan:
        reference = Reference()
        identifier = Identifier(reference, self.choices)
        plan, records = KindPlan(), []
        for line, row in table.records():
            found = identifier.identify(line, row)
            if found.known is None:
                plan.report.add(undecided(line, tidy(row.get("name", "")), found))
            elif problem := self._not_followed(line, found.known):
                plan.report.add(Line(line, Outcome.REJECTED, found.known.label, problems=[problem]))
            else:
                address = tidy(row["email"]).lower()
                values = {
                    "key": key_of(found.known.pk, address),
                    "collectivite": str(found.known.pk),
                    "email": address,
                }
                records.append(Record(line, values, found.known.label, found.problems))
        plan.parts.append(
            InvitationResource(at=self.at).plan(self._addressed(records, plan), plan.report, tick)
        )
        plan.report.lines.sort(key=lambda line: line.number)
        return plan

    def write(self, plan: KindPlan) -> None:
        (part,) = plan.parts
        wanted = [invitation.collectivite_id for invitation in part.new]
        collectivites = Collectivite.objects.in_bulk(wanted)
        for i, invitation in enumerate(part.new):
            part.new[i] = invite(
                collectivite=collectivites[invitation.collectivite_id],
                email=invitation.email,
                role=MemberRole.REFERENT,
                by=self.by,
                at=self.at,
            )

    def _addressed(self, records: list[Record], plan: KindPlan) -> list[Record]:
        kept = []
        for record in records:
            address = record.values["email"]
            if c.looks_like_email(address):
                kept.append(record)
                continue
            problem = Problem(
                record.line, "email", address, "Une adresse, et une seule, est attendue."
            )
            plan.report.add(Line(record.line, Outcome.REJECTED, record.name, problems=[problem]))
        return kept

    def _not_followed(self, line: int, known: Known) -> Problem | None:
        if known.opsn_id == self.opsn.pk:
            return None
        sentence = f"{known.name} n’est pas suivie par votre OPSN : rattachez-la d’abord."
        return Problem(line, "code_insee", known.code_insee or known.siren or "", sentence)


def key_of(pk: int, address: str) -> str:
    return f"{pk}{SEPARATOR}{address}"
