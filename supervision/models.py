"""What an OPSN writes down about the collectivités that it follows, and about its own team."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from questions.models import Questionnaire
from supervision.enums import FIGURE_ADDRESSES, AskState, FigureView
from territories.enums import EPCI_KINDS, OpsnRole
from territories.models import Collectivite, Opsn, OpsnMember
from territories.scoping import TenantQuerySet


def opsns_of(user):
    """The active OPSN of which the person is a member."""
    rows = OpsnMember._base_manager.filter(user_id=user.pk, opsn__active=True)
    return rows.values("opsn")


class NoteQuerySet(TenantQuerySet):
    def visible_to(self, user) -> "NoteQuerySet":
        """The notes of an OPSN are its own, as long as it follows the collectivité."""
        if user.follows_every_collectivite:
            return self
        return self.filter(opsn__in=opsns_of(user), collectivite__opsn=F("opsn"))


class VisitNote(models.Model):
    """What was said on a visit or a call; for the OPSN, not for the collectivité."""

    collectivite = models.ForeignKey(
        Collectivite, models.PROTECT, related_name="visit_notes", verbose_name="collectivité"
    )
    opsn = models.ForeignKey(
        Opsn, models.PROTECT, blank=True, null=True, related_name="+", verbose_name="OPSN"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="auteur",
    )
    visited_on = models.DateField("date de la visite ou de l’appel")
    text = models.TextField("ce qui s’est dit", max_length=5000)
    next_visit_on = models.DateField("prochain rendez-vous", blank=True, null=True)
    created_at = models.DateTimeField("notée le", default=timezone.now)

    objects = NoteQuerySet.as_scoped_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "note de visite"
        verbose_name_plural = "notes de visite"
        ordering = ["-visited_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.collectivite} – {self.visited_on:%d/%m/%Y}"


class AssignmentQuerySet(TenantQuerySet):
    def visible_to(self, user) -> "AssignmentQuerySet":
        if user.follows_every_collectivite:
            return self
        return self.filter(adviser__opsn__in=opsns_of(user), collectivite__opsn=F("adviser__opsn"))


class Assignment(models.Model):
    """The adviser who follows a collectivité; one that has another OPSN now counts for nothing."""

    collectivite = models.OneToOneField(
        Collectivite, models.CASCADE, related_name="assignment", verbose_name="collectivité"
    )
    adviser = models.ForeignKey(
        OpsnMember, models.CASCADE, related_name="assignments", verbose_name="conseiller référent"
    )
    assigned_at = models.DateTimeField("depuis le", default=timezone.now)

    objects = AssignmentQuerySet.as_scoped_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "conseiller référent"
        verbose_name_plural = "conseillers référents"

    def __str__(self) -> str:
        return f"{self.collectivite} – {self.adviser.user}"


class Relaunch(models.Model):
    """A mail of encouragement; the constraint makes it one a day, whoever sends."""

    collectivite = models.ForeignKey(
        Collectivite, models.PROTECT, related_name="relaunches", verbose_name="collectivité"
    )
    opsn = models.ForeignKey(
        Opsn, models.PROTECT, blank=True, null=True, related_name="+", verbose_name="OPSN"
    )
    day = models.DateField("jour")
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="envoyée par",
    )
    text = models.TextField("texte", max_length=2000)

    objects = NoteQuerySet.as_scoped_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "relance"
        verbose_name_plural = "relances"
        ordering = ["-day", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["collectivite", "day"],
                name="one_relaunch_a_day",
                violation_error_message="Cette collectivité a déjà été relancée aujourd’hui.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.collectivite} – {self.day:%d/%m/%Y}"


class AttachmentRequestQuerySet(TenantQuerySet):
    def visible_to(self, user) -> "AttachmentRequestQuerySet":
        """For who asks, and for who follows the collectivité today."""
        if user.follows_every_collectivite:
            return self
        mine = opsns_of(user)
        return self.filter(Q(opsn__in=mine) | Q(collectivite__opsn__in=mine))

    def pending(self) -> "AttachmentRequestQuerySet":
        return self.filter(state=AskState.PENDING)


class AttachmentRequest(models.Model):
    """An OPSN asks for a collectivité that another follows, or that is outside its départements."""

    collectivite = models.ForeignKey(
        Collectivite,
        models.PROTECT,
        related_name="attachment_requests",
        verbose_name="collectivité",
    )
    opsn = models.ForeignKey(
        Opsn, models.PROTECT, related_name="attachment_requests", verbose_name="OPSN qui demande"
    )
    state = models.CharField("état", max_length=9, choices=AskState, default=AskState.PENDING)
    message = models.TextField("message", blank=True, max_length=1000)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="demandé par",
    )
    asked_at = models.DateTimeField("demandé le", default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        blank=True,
        null=True,
        related_name="+",
        verbose_name="décidé par",
    )
    decided_at = models.DateTimeField("décidé le", blank=True, null=True)

    objects = AttachmentRequestQuerySet.as_scoped_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "demande de rattachement à un OPSN"
        verbose_name_plural = "demandes de rattachement à un OPSN"
        ordering = ["asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["collectivite", "opsn"],
                condition=Q(state=AskState.PENDING),
                name="one_open_request_per_collectivite_and_opsn",
                violation_error_message="Vous avez déjà demandé cette collectivité.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.opsn} – {self.collectivite}"


class OfOpsnQuerySet(TenantQuerySet):
    def visible_to(self, user) -> "OfOpsnQuerySet":
        if user.follows_every_collectivite:
            return self
        return self.filter(opsn__in=opsns_of(user))


class OpsnInvitation(models.Model):
    """A person invited into the team of an OPSN; the secret of the link is kept as a digest only."""

    opsn = models.ForeignKey(Opsn, models.CASCADE, related_name="invitations", verbose_name="OPSN")
    email = models.EmailField("adresse électronique")
    role = models.CharField("rôle", max_length=12, choices=OpsnRole)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="invité par"
    )
    created_at = models.DateTimeField("envoyée le", default=timezone.now)
    expires_at = models.DateTimeField("valable jusqu’au")
    accepted_at = models.DateTimeField("acceptée le", blank=True, null=True)
    cancelled_at = models.DateTimeField("annulée le", blank=True, null=True)

    objects = OfOpsnQuerySet.as_scoped_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "invitation dans un OPSN"
        verbose_name_plural = "invitations dans un OPSN"
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["opsn", "email"],
                condition=Q(accepted_at=None, cancelled_at=None),
                name="one_open_opsn_invitation_per_address",
                violation_error_message="Cette personne a déjà une invitation en attente.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.email} – {self.opsn}"


class SavedViewQuerySet(TenantQuerySet):
    def visible_to(self, user) -> "SavedViewQuerySet":
        """One's own, and those that a colleague of the same OPSN shares; of the country, the national team's."""
        if user.follows_every_collectivite:
            return self.filter(Q(author=user) | Q(is_shared=True))
        return self.filter(Q(author=user) | Q(is_shared=True), opsn__in=opsns_of(user))


class SavedView(models.Model):
    """A screen of the figures with its filters, under a name; it holds no figure, and opens with the rights of who opens it."""

    opsn = models.ForeignKey(
        Opsn, models.CASCADE, blank=True, null=True, related_name="+", verbose_name="OPSN"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="auteur"
    )
    name = models.CharField("nom", max_length=80)
    view = models.CharField("écran", max_length=16, choices=FigureView)
    query = models.CharField("filtres", max_length=1000, blank=True)
    is_shared = models.BooleanField("partagée avec l’équipe", default=False)
    created_at = models.DateTimeField("enregistrée le", default=timezone.now)

    objects = SavedViewQuerySet.as_scoped_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "vue enregistrée"
        verbose_name_plural = "vues enregistrées"
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["author", "name"],
                name="one_saved_view_per_name",
                violation_error_message="Vous avez déjà une vue de ce nom.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        return f"{reverse(FIGURE_ADDRESSES[self.view])}?{self.query}"


class ConsentQuerySet(TenantQuerySet):
    def visible_to(self, user) -> "ConsentQuerySet":
        return self.filter(collectivite__in=Collectivite.objects.followed_by(user))


class Consent(models.Model):
    """A commune lets an EPCI see its figures, until it says otherwise; one that left the EPCI is seen no more."""

    collectivite = models.ForeignKey(
        Collectivite, models.CASCADE, related_name="consents", verbose_name="commune"
    )
    epci = models.ForeignKey(
        Collectivite,
        models.CASCADE,
        related_name="+",
        verbose_name="intercommunalité",
        limit_choices_to={"kind__in": EPCI_KINDS},
    )
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="donné par",
    )
    given_at = models.DateTimeField("donné le", default=timezone.now)

    objects = ConsentQuerySet.as_scoped_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "accord d’une commune"
        verbose_name_plural = "accords de communes"
        constraints = [
            models.UniqueConstraint(
                fields=["collectivite", "epci"],
                name="one_consent_per_commune_and_epci",
                violation_error_message="Cet accord est déjà donné.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.collectivite} → {self.epci}"


class CampaignQuerySet(OfOpsnQuerySet):
    def of(self, opsn: Opsn | None) -> "CampaignQuerySet":
        """Those of an OPSN; of None, the national ones."""
        return self.filter(opsn=opsn)

    def before(self, campaign: "Campaign") -> "CampaignQuerySet":
        """Those of the same team and level that began earlier, the last one first."""
        rows = self.filter(
            opsn=campaign.opsn_id,
            questionnaire__level=campaign.questionnaire.level,
            starts_on__lt=campaign.starts_on,
        )
        return rows.order_by("-starts_on", "-pk")


class Campaign(models.Model):
    """A time when an OPSN, or the national team, asks the same collectivités to answer the same edition."""

    opsn = models.ForeignKey(
        Opsn, models.PROTECT, blank=True, null=True, related_name="campaigns", verbose_name="OPSN"
    )
    title = models.CharField("titre", max_length=120)
    questionnaire = models.ForeignKey(
        Questionnaire, models.PROTECT, related_name="+", verbose_name="questionnaire"
    )
    starts_on = models.DateField("début")
    ends_on = models.DateField("fin")
    text = models.TextField("message", max_length=2000)
    audience = models.CharField("qui", max_length=300, blank=True)
    collectivites = models.ManyToManyField(
        Collectivite, related_name="campaigns", verbose_name="collectivités"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField("ouverte le", default=timezone.now)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, blank=True, null=True, related_name="+"
    )
    closed_at = models.DateTimeField("clôturée le", blank=True, null=True)
    final = models.JSONField("participation à la clôture", blank=True, null=True)

    objects = CampaignQuerySet.as_scoped_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "campagne"
        verbose_name_plural = "campagnes"
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="a_campaign_ends_after_it_starts",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message="La fin vient avant le début : corrigez l’une des deux dates.",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None


class ApiToken(models.Model):
    """Reads the figures of one OPSN for its own tools; the secret is kept as a digest only."""

    opsn = models.ForeignKey(Opsn, models.CASCADE, related_name="tokens", verbose_name="OPSN")
    name = models.CharField("nom", max_length=80)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField("créé le", default=timezone.now)
    expires_at = models.DateTimeField("valable jusqu’au")
    revoked_at = models.DateTimeField("révoqué le", blank=True, null=True)
    last_used_at = models.DateTimeField("utilisé le", blank=True, null=True)

    objects = OfOpsnQuerySet.as_scoped_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "jeton d’accès"
        verbose_name_plural = "jetons d’accès"
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.name


class OpenDataRelease(models.Model):
    """The figures that everybody may read, as they were published, and of which assessments they were made."""

    published_at = models.DateTimeField("publiée le", default=timezone.now)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, blank=True, null=True, related_name="+"
    )
    members = models.JSONField(default=list)
    tables = models.JSONField(default=dict)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "publication de données ouvertes"
        verbose_name_plural = "publications de données ouvertes"
        ordering = ["-published_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.published_at:%d/%m/%Y}"
