"""Collectivités, the OPSN that help them, and the people who act for either."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from territories.enums import (
    EPCI_KINDS,
    AuditAction,
    CollectiviteKind,
    MemberRole,
    MemberState,
    OpsnRole,
    Verification,
)
from territories.scoping import TenantQuerySet

code_insee_validator = RegexValidator(
    r"^(\d{2}|2[AB])\d{3}$", "Un code INSEE compte cinq caractères, par exemple 01004 ou 2A004."
)


def validate_siren(value: str) -> None:
    """Refuse what is not nine digits with a right check digit (Luhn); prefixes say nothing."""
    doubled = (
        (int(c) * (2 if i % 2 else 1) for i, c in enumerate(value)) if value.isdecimal() else ()
    )
    if len(value) != 9 or sum(n - 9 if n > 9 else n for n in doubled) % 10:
        raise ValidationError("Un SIREN compte neuf chiffres ; celui-ci contient une erreur.")


class Region(models.Model):
    code = models.CharField("code", max_length=3, primary_key=True)
    name = models.CharField("nom", max_length=60)

    class Meta:
        verbose_name = "région"
        verbose_name_plural = "régions"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Departement(models.Model):
    code = models.CharField("code", max_length=3, primary_key=True)
    name = models.CharField("nom", max_length=60)
    region = models.ForeignKey(
        Region, models.PROTECT, related_name="departements", verbose_name="région"
    )

    class Meta:
        verbose_name = "département"
        verbose_name_plural = "départements"
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


class OpsnQuerySet(models.QuerySet):
    def active(self) -> "OpsnQuerySet":
        return self.filter(active=True)


class Opsn(models.Model):
    name = models.CharField("nom", max_length=120, unique=True)
    siren = models.CharField(
        "SIREN", max_length=9, blank=True, null=True, unique=True, validators=[validate_siren]
    )
    contact_email = models.EmailField("courriel de contact", blank=True)
    phone = models.CharField("téléphone", max_length=30, blank=True)
    website = models.URLField("site internet", blank=True)
    departements = models.ManyToManyField(
        Departement, blank=True, related_name="opsns", verbose_name="départements"
    )
    offers_level_two = models.BooleanField(
        "propose le niveau 2", default=False, help_text="L’OPSN a pris la compétence."
    )
    active = models.BooleanField("actif", default=True)

    objects = OpsnQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "OPSN"
        verbose_name_plural = "OPSN"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class CollectiviteQuerySet(models.QuerySet):
    """Names, codes and populations are public; what a collectivité does with the platform is not."""

    def current(self) -> "CollectiviteQuerySet":
        return self.filter(retired_at=None)

    def attached_to(self, opsn: Opsn) -> "CollectiviteQuerySet":
        """Those that this OPSN follows today; none when it is deactivated."""
        return self.filter(opsn=opsn) if opsn.active else self.none()

    def represented_by(self, user) -> "CollectiviteQuerySet":
        """Those of which the person is an active member."""
        return self.filter(
            pk__in=CollectiviteMember._base_manager.filter(
                user_id=user.pk, state=MemberState.ACTIVE
            ).values("collectivite")
        )

    def followed_by(self, user) -> "CollectiviteQuerySet":
        """Those whose data the person may read: her own, her OPSN's, what merged into them, or all for the national team."""
        if user.follows_every_collectivite:
            return self
        # A union, each part by its index: « or » would read every collectivité of the country.
        rows = self.model._base_manager.order_by()
        represented = CollectiviteMember._base_manager.order_by().filter(
            user_id=user.pk, state=MemberState.ACTIVE
        )
        opsns = OpsnMember._base_manager.filter(user_id=user.pk, opsn__active=True)
        represented = represented.values("collectivite")
        attached = rows.filter(opsn__in=opsns.values("opsn")).values("pk")
        successors = rows.filter(pk__in=represented.union(attached), retired_at=None)
        merged = rows.exclude(retired_at=None).filter(successor__in=successors.values("pk"))
        return self.filter(pk__in=represented.union(attached, merged.values("pk")))

    def merged_into(self, collectivite: "Collectivite") -> "CollectiviteQuerySet":
        """Those that it replaced; what they answered is read from it."""
        return self.filter(successor=collectivite).exclude(retired_at=None)


def placed(name: str, departement: str | None) -> str:
    """Return « Amilly (45) », which tells a collectivité from its homonyms."""
    return f"{name} ({departement})" if departement else name


class Collectivite(models.Model):
    kind = models.CharField("type", max_length=12, choices=CollectiviteKind)
    name = models.CharField("nom", max_length=160)
    search_name = models.CharField(max_length=160, editable=False, db_index=True)
    code_insee = models.CharField(
        "code INSEE",
        max_length=5,
        blank=True,
        null=True,
        unique=True,
        validators=[code_insee_validator],
    )
    siren = models.CharField(
        "SIREN", max_length=9, blank=True, null=True, unique=True, validators=[validate_siren]
    )
    population = models.PositiveIntegerField("population", blank=True, null=True)
    population_year = models.PositiveSmallIntegerField(
        "année de la population", blank=True, null=True
    )
    postal_codes = models.CharField(
        "codes postaux", max_length=160, blank=True, help_text="Séparés par une espace."
    )
    departement = models.ForeignKey(
        Departement,
        models.PROTECT,
        blank=True,
        null=True,
        related_name="collectivites",
        verbose_name="département",
    )
    epci = models.ForeignKey(
        "self",
        models.SET_NULL,
        blank=True,
        null=True,
        related_name="communes",
        verbose_name="intercommunalité",
        limit_choices_to={"kind__in": EPCI_KINDS},
    )
    opsn = models.ForeignKey(
        Opsn,
        models.PROTECT,
        blank=True,
        null=True,
        related_name="collectivites",
        verbose_name="OPSN",
    )
    level_two_opened_at = models.DateTimeField("niveau 2 ouvert le", blank=True, null=True)
    level_two_opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        blank=True,
        null=True,
        related_name="+",
        verbose_name="niveau 2 ouvert par",
    )
    official_email = models.EmailField("courriel officiel", blank=True)
    website = models.URLField("site internet", blank=True)
    successor = models.ForeignKey(
        "self",
        models.PROTECT,
        blank=True,
        null=True,
        related_name="predecessors",
        verbose_name="devenue",
    )
    retired_at = models.DateField("n’existe plus depuis", blank=True, null=True)

    objects = CollectiviteQuerySet.as_manager()

    # Wagtail would write 16 queries at each save, for 35,000 rows nobody links to.
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "collectivité"
        verbose_name_plural = "collectivités"
        ordering = ["search_name", "departement"]
        indexes = [
            models.Index(
                fields=["retired_at"],
                name="collectivite_retired",
                condition=Q(retired_at__isnull=False),
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="a_commune_has_its_code",
                condition=~Q(kind=CollectiviteKind.COMMUNE) | Q(code_insee__isnull=False),
                violation_error_message="Une commune a toujours un code INSEE.",
            ),
            models.CheckConstraint(
                name="a_successor_is_another",
                condition=Q(successor=None) | ~Q(successor=models.F("pk")),
                violation_error_message="Une collectivité ne se succède pas à elle-même.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def placed_name(self) -> str:
        return placed(self.name, self.departement_id)

    @property
    def is_epci(self) -> bool:
        return self.kind in EPCI_KINDS


class FormerCommune(models.Model):
    """A code that is no commune's code any more, and the commune to use instead (INSEE, COG)."""

    code = models.CharField("ancien code", max_length=5, primary_key=True)
    name = models.CharField("ancien nom", max_length=160, blank=True)
    search_name = models.CharField(max_length=160, blank=True, db_index=True)
    collectivite = models.ForeignKey(
        Collectivite, models.CASCADE, related_name="former_communes", verbose_name="commune"
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "ancienne commune"
        verbose_name_plural = "anciennes communes"

    def __str__(self) -> str:
        return f"{self.name or self.code} → {self.collectivite}"


class MemberQuerySet(TenantQuerySet):
    def visible_to(self, user) -> "MemberQuerySet":
        """Her own rows, and those of the collectivités she may follow."""
        return self.filter(
            Q(user_id=user.pk) | Q(collectivite__in=Collectivite.objects.followed_by(user))
        )

    def active(self) -> "MemberQuerySet":
        return self.filter(state=MemberState.ACTIVE)

    def pending(self) -> "MemberQuerySet":
        return self.filter(state=MemberState.PENDING)


class CollectiviteMember(models.Model):
    """One row per person and collectivité, whatever became of it."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships", verbose_name="compte"
    )
    collectivite = models.ForeignKey(
        Collectivite, models.PROTECT, related_name="members", verbose_name="collectivité"
    )
    role = models.CharField(
        "rôle", max_length=12, choices=MemberRole, default=MemberRole.CONTRIBUTEUR
    )
    state = models.CharField("état", max_length=8, choices=MemberState, default=MemberState.PENDING)
    verification = models.CharField("vérification", max_length=16, choices=Verification, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        blank=True,
        null=True,
        related_name="+",
        verbose_name="vérifié par",
    )
    message = models.TextField("message", blank=True, max_length=1000)
    requested_at = models.DateTimeField("demandé le", default=timezone.now)
    decided_at = models.DateTimeField("décidé le", blank=True, null=True)

    objects = MemberQuerySet.as_scoped_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "membre"
        verbose_name_plural = "membres"
        ordering = ["requested_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "collectivite"],
                name="one_membership_per_person_and_collectivite",
                violation_error_message="Cette personne a déjà une demande pour cette collectivité.",
            ),
            models.CheckConstraint(
                name="an_active_member_was_verified",
                condition=~Q(state=MemberState.ACTIVE) | ~Q(verification=""),
                violation_error_message="Dites comment le rattachement a été vérifié.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.collectivite}"


class OfficialCodeQuerySet(TenantQuerySet):
    def visible_to(self, user) -> "OfficialCodeQuerySet":
        return self.filter(member__user_id=user.pk)


class OfficialCode(models.Model):
    """The last code sent to the official address of a collectivité for a request; only its digest is kept."""

    member = models.OneToOneField(
        CollectiviteMember, models.CASCADE, related_name="official_code", verbose_name="demande"
    )
    digest = models.CharField("empreinte", max_length=64)
    sent_at = models.DateTimeField("envoyé le")
    attempts = models.PositiveSmallIntegerField("essais", default=0)

    objects = OfficialCodeQuerySet.as_scoped_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "code envoyé à l’adresse officielle"
        verbose_name_plural = "codes envoyés à l’adresse officielle"

    def __str__(self) -> str:
        return f"code pour {self.member_id}"


class OpsnMemberQuerySet(TenantQuerySet):
    def visible_to(self, user) -> "OpsnMemberQuerySet":
        if user.follows_every_collectivite:
            return self
        mine = OpsnMember._base_manager.filter(user_id=user.pk, opsn__active=True)
        return self.filter(opsn__in=mine.values("opsn"))


class OpsnMember(models.Model):
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="opsn_memberships",
        verbose_name="compte",
    )
    opsn = models.ForeignKey(Opsn, models.PROTECT, related_name="members", verbose_name="OPSN")
    role = models.CharField("rôle", max_length=12, choices=OpsnRole, default=OpsnRole.CONSEILLER)

    objects = OpsnMemberQuerySet.as_scoped_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "membre d’OPSN"
        verbose_name_plural = "membres d’OPSN"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "opsn"],
                name="one_membership_per_person_and_opsn",
                violation_error_message="Cette personne est déjà membre de cet OPSN.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.opsn}"


class OfCollectiviteQuerySet(TenantQuerySet):
    """Rows of a collectivité that its members, its OPSN and the national team may see."""

    def visible_to(self, user) -> "OfCollectiviteQuerySet":
        return self.filter(collectivite__in=Collectivite.objects.followed_by(user))


class Invitation(models.Model):
    """A colleague, or a first référent, invited by e-mail; the secret of the link is kept as a digest only."""

    collectivite = models.ForeignKey(
        Collectivite, models.CASCADE, related_name="invitations", verbose_name="collectivité"
    )
    email = models.EmailField("adresse électronique")
    role = models.CharField("rôle", max_length=12, choices=MemberRole)
    message = models.TextField("message", blank=True, max_length=2000)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name="invité par",
    )
    created_at = models.DateTimeField("envoyée le", default=timezone.now)
    expires_at = models.DateTimeField("valable jusqu’au")
    accepted_at = models.DateTimeField("acceptée le", blank=True, null=True)
    cancelled_at = models.DateTimeField("annulée le", blank=True, null=True)

    objects = OfCollectiviteQuerySet.as_scoped_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "invitation"
        verbose_name_plural = "invitations"
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["collectivite", "email"],
                condition=Q(accepted_at=None, cancelled_at=None),
                name="one_open_invitation_per_address",
                violation_error_message="Cette personne a déjà une invitation en attente.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.email} – {self.collectivite}"


class AuditEntryQuerySet(TenantQuerySet):
    def visible_to(self, user) -> "AuditEntryQuerySet":
        """Those of the collectivités she follows; those that name none are for the OPSN's people."""
        if user.follows_every_collectivite:
            return self
        mine = OpsnMember._base_manager.filter(user_id=user.pk, opsn__active=True)
        return self.filter(
            Q(collectivite__in=Collectivite.objects.followed_by(user))
            | Q(collectivite=None, opsn__in=mine.values("opsn"))
        )


class AuditEntry(models.Model):
    """Who did what, on which collectivité, in the name of which OPSN, when. Append-only: no screen changes a row.

    An entry on a whole territory names no collectivité; one on the whole country names no OPSN either.
    """

    at = models.DateTimeField("date", default=timezone.now, db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        blank=True,
        null=True,
        related_name="+",
        verbose_name="par",
    )
    action = models.CharField("action", max_length=24, choices=AuditAction)
    collectivite = models.ForeignKey(
        Collectivite,
        models.PROTECT,
        blank=True,
        null=True,
        related_name="audit_entries",
        verbose_name="collectivité",
    )
    opsn = models.ForeignKey(
        Opsn,
        models.PROTECT,
        blank=True,
        null=True,
        related_name="audit_entries",
        verbose_name="au nom de l’OPSN",
    )
    subject = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        blank=True,
        null=True,
        related_name="+",
        verbose_name="personne concernée",
    )
    ground = models.CharField("motif", max_length=300, blank=True)

    objects = AuditEntryQuerySet.as_scoped_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "entrée du journal"
        verbose_name_plural = "journal"
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.at):%d/%m/%Y %H:%M} {self.get_action_display()}"
