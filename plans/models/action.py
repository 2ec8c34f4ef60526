"""What a commune decided to do, and how it goes. Tenant data (`territories.scoping`)."""

import uuid
from datetime import date, timedelta

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from plans.enums import FINISHED, Event, LoopState, Standing, Status
from plans.models.plan import OfPlanQuerySet, Plan
from questions.enums import Cost, Priority, ReenObjective, ThreeSteps
from questions.models import Measure
from territories.models import Collectivite, Opsn
from territories.scoping import TenantQuerySet

DUE_SOON = timedelta(days=30)

# What the lists keep and the counts count.
ADOPTED = Q(standing=Standing.ADOPTED)
UNFINISHED = ~Q(status__in=FINISHED)
WITHOUT_OWNER = UNFINISHED & Q(owner=None, owner_name="")


def late(today: date) -> Q:
    return UNFINISHED & Q(due_on__lt=today)


def due_within(today: date, delay: timedelta = DUE_SOON) -> Q:
    return UNFINISHED & Q(due_on__range=(today, today + delay))


class ActionQuerySet(OfPlanQuerySet):
    def adopted(self) -> "ActionQuerySet":
        """Those that are part of the plan."""
        return self.filter(ADOPTED)

    def unfinished(self) -> "ActionQuerySet":
        return self.filter(UNFINISHED)

    def late(self, today: date) -> "ActionQuerySet":
        return self.filter(late(today))

    def due_within(self, today: date, delay: timedelta = DUE_SOON) -> "ActionQuerySet":
        return self.filter(due_within(today, delay))

    def without_owner(self) -> "ActionQuerySet":
        return self.filter(WITHOUT_OWNER)


class Action(models.Model):
    """`theme_code` and `question_code` are those of the questionnaire: stable from one edition to the next."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="actions", verbose_name="plan")
    number = models.PositiveIntegerField("numéro")
    uid = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    measure = models.ForeignKey(
        Measure,
        models.PROTECT,
        blank=True,
        null=True,
        related_name="actions",
        verbose_name="mesure",
    )
    standing = models.CharField(
        "place dans le plan", max_length=8, choices=Standing, default=Standing.ADOPTED
    )
    proposed_by_opsn = models.ForeignKey(
        Opsn,
        models.PROTECT,
        blank=True,
        null=True,
        related_name="+",
        verbose_name="proposée par",
    )
    title = models.CharField("titre", max_length=160)
    description = models.TextField("description", blank=True, max_length=5_000)
    theme_code = models.SlugField("thème", max_length=30, blank=True)
    question_code = models.CharField("question", max_length=20, blank=True)
    reen_objective = models.PositiveSmallIntegerField(
        "objectif du décret REEN", choices=ReenObjective, blank=True, null=True
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        blank=True,
        null=True,
        related_name="owned_actions",
        verbose_name="responsable, de l’équipe",
    )
    owner_name = models.CharField("ou un autre responsable", max_length=120, blank=True)
    elected_referent = models.CharField("élu référent", max_length=120, blank=True)
    partners = models.CharField("partenaires", max_length=300, blank=True)
    starts_on = models.DateField("début", blank=True, null=True)
    due_on = models.DateField("échéance", blank=True, null=True)
    done_on = models.DateField("réalisée le", blank=True, null=True)
    status = models.CharField("statut", max_length=11, choices=Status, default=Status.TO_DEFINE)
    priority = models.CharField("priorité", max_length=6, choices=Priority, default=Priority.MEDIUM)
    effort = models.CharField("effort", max_length=6, choices=ThreeSteps, blank=True)
    cost = models.CharField("coût", max_length=6, choices=Cost, blank=True)
    gain = models.CharField("gain", max_length=6, choices=ThreeSteps, blank=True)
    budget_planned = models.DecimalField(
        "budget prévu",
        max_digits=11,
        decimal_places=2,
        blank=True,
        null=True,
        validators=[MinValueValidator(0)],
    )
    budget_spent = models.DecimalField(
        "budget dépensé",
        max_digits=11,
        decimal_places=2,
        blank=True,
        null=True,
        validators=[MinValueValidator(0)],
    )
    loop = models.CharField(
        "nouvelle réponse", max_length=8, choices=LoopState, default=LoopState.WAITING
    )
    version = models.PositiveIntegerField("version", default=1)
    created_at = models.DateTimeField("ajoutée le", default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="ajoutée par",
    )
    updated_at = models.DateTimeField("modifiée le", default=timezone.now)

    objects = ActionQuerySet.as_scoped_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "action"
        verbose_name_plural = "actions"
        ordering = ["number"]
        indexes = [models.Index(fields=["plan", "standing", "status", "due_on"])]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "number"],
                name="one_action_per_number_and_plan",
                violation_error_message="Ce numéro d’action est déjà pris.",
            ),
            models.UniqueConstraint(
                fields=["plan", "measure"],
                condition=~Q(standing=Standing.DECLINED),
                name="one_action_per_measure_and_plan",
                violation_error_message="Cette mesure est déjà dans le plan.",
            ),
            models.CheckConstraint(
                name="an_action_is_due_after_it_starts",
                condition=Q(starts_on=None) | Q(due_on=None) | Q(due_on__gte=F("starts_on")),
                violation_error_message="L’échéance vient avant le début : corrigez l’une des deux dates.",
            ),
            models.CheckConstraint(
                name="an_owner_is_a_member_or_a_name",
                condition=Q(owner=None) | Q(owner_name=""),
                violation_error_message="Choisissez un membre de l’équipe ou écrivez un nom, pas les deux.",
            ),
            models.CheckConstraint(
                name="a_done_action_has_its_date",
                condition=~Q(status=Status.DONE) | Q(done_on__isnull=False),
                violation_error_message="Une action réalisée a sa date de réalisation.",
            ),
            models.CheckConstraint(
                name="a_budget_is_not_negative",
                condition=(Q(budget_planned=None) | Q(budget_planned__gte=0))
                & (Q(budget_spent=None) | Q(budget_spent__gte=0)),
                violation_error_message="Un budget ne peut pas être négatif.",
            ),
            models.CheckConstraint(
                name="what_an_opsn_proposed_says_which",
                condition=Q(standing=Standing.ADOPTED) | Q(proposed_by_opsn__isnull=False),
                violation_error_message="Une proposition dit de quel OPSN elle vient.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} – {self.title}"

    @property
    def reference(self) -> str:
        """The short name of an action in a meeting, a document, a spreadsheet: A12."""
        return f"A{self.number}"

    @property
    def has_owner(self) -> bool:
        return self.owner_id is not None or self.owner_name != ""

    @property
    def is_finished(self) -> bool:
        return self.status in FINISHED

    @property
    def overspent(self) -> bool:
        return (
            self.budget_planned is not None
            and self.budget_spent is not None
            and self.budget_spent > self.budget_planned
        )


class OfActionQuerySet(TenantQuerySet):
    def visible_to(self, user) -> "OfActionQuerySet":
        return self.filter(action__plan__collectivite__in=Collectivite.objects.followed_by(user))


class ActionStep(models.Model):
    action = models.ForeignKey(Action, models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField("ordre")
    text = models.CharField("étape", max_length=300)
    done_at = models.DateTimeField("faite le", blank=True, null=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, blank=True, null=True, related_name="+"
    )

    objects = OfActionQuerySet.as_scoped_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "étape"
        verbose_name_plural = "étapes"
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.text


class ActionNote(models.Model):
    """Said by somebody; those of an OPSN say so, whatever becomes of the person."""

    action = models.ForeignKey(Action, models.CASCADE, related_name="notes")
    text = models.TextField("note", max_length=5_000)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    for_opsn = models.ForeignKey(
        Opsn, models.PROTECT, blank=True, null=True, related_name="+", verbose_name="pour l’OPSN"
    )
    at = models.DateTimeField("le", default=timezone.now)

    objects = OfActionQuerySet.as_scoped_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "note"
        verbose_name_plural = "notes"
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.text[:60]


class ActionHistory(models.Model):
    """Append-only: what was changed, by whom, when. `changes` maps a field to its text before and after."""

    action = models.ForeignKey(Action, models.CASCADE, related_name="history")
    event = models.CharField(max_length=9, choices=Event)
    changes = models.JSONField(default=dict)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)

    objects = OfActionQuerySet.as_scoped_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "historique d’action"
        verbose_name_plural = "historique des actions"
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.action_id} {self.get_event_display()}"
