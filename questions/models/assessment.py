"""What a collectivité answered, and the scores that follow. All of it is tenant data (`territories.scoping`)."""

from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from questions.enums import AnswerState, AssessmentState, Channel, Level
from questions.models.counted import COVERED, CURRENT, PEERS, Counted
from questions.models.edition import Question, Questionnaire, Theme
from questions.models.footprint import FactorSet
from territories.models import Collectivite
from territories.scoping import TenantQuerySet

PACKED = ("questionnaire", "provisional_for", "concerned", "practised", "theme_indices")
"""What the figures of a territory are counted from, and what the scope asks, in its indexes too."""


def readable_assessments(user, prefix: str = "") -> Q:
    """Rows a person may read: those of the collectivités she follows, and her own provisional ones.

    A provisional assessment belongs to its author alone: not to her colleagues, her OPSN or the national team.
    """
    return Q(
        **{
            f"{prefix}provisional_for": None,
            f"{prefix}collectivite__in": Collectivite.objects.followed_by(user),
        }
    ) | Q(**{f"{prefix}provisional_for_id": user.pk})


class AssessmentQuerySet(TenantQuerySet):
    def visible_to(self, user) -> "AssessmentQuerySet":
        return self.filter(readable_assessments(user))

    def open(self) -> "AssessmentQuerySet":
        return self.filter(state=AssessmentState.OPEN)

    def closed(self) -> "AssessmentQuerySet":
        return self.filter(state=AssessmentState.CLOSED)

    def official(self) -> "AssessmentQuerySet":
        """Those that speak for a collectivité; the provisional ones are in no figure."""
        return self.filter(provisional_for=None)

    def provisional_of(self, user) -> "AssessmentQuerySet":
        return self.filter(provisional_for=user)


class Assessment(Counted):
    collectivite = models.ForeignKey(
        Collectivite, models.PROTECT, related_name="assessments", verbose_name="collectivité"
    )
    questionnaire = models.ForeignKey(
        Questionnaire, models.PROTECT, related_name="assessments", verbose_name="questionnaire"
    )
    level = models.PositiveSmallIntegerField("niveau", choices=Level)
    state = models.CharField(
        "état", max_length=8, choices=AssessmentState, default=AssessmentState.OPEN
    )
    provisional_for = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        blank=True,
        null=True,
        related_name="provisional_assessments",
        verbose_name="provisoire, de",
        help_text="Tant que la personne n’est pas rattachée, elle seule voit cette évaluation.",
    )
    carried_from = models.ForeignKey(
        "self",
        models.PROTECT,
        blank=True,
        null=True,
        related_name="successors",
        verbose_name="reprise de",
    )
    opened_at = models.DateTimeField("ouverte le", default=timezone.now)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="ouverte par",
    )
    closed_at = models.DateTimeField("clôturée le", blank=True, null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        blank=True,
        null=True,
        related_name="+",
        verbose_name="clôturée par",
    )
    last_activity_at = models.DateTimeField("dernière réponse", blank=True, null=True)

    # Written with each answer, in its transaction.
    asked = models.PositiveSmallIntegerField("questions posées", default=0)
    answered = models.PositiveSmallIntegerField("questions traitées", default=0)
    points = models.DecimalField("points", max_digits=9, decimal_places=4, default=0)
    possible = models.DecimalField("points possibles", max_digits=9, decimal_places=4, default=0)
    index = models.PositiveSmallIntegerField("indice", blank=True, null=True)
    formula_version = models.PositiveSmallIntegerField("version du calcul", default=1)
    factors = models.ForeignKey(
        FactorSet,
        models.PROTECT,
        blank=True,
        null=True,
        related_name="+",
        verbose_name="facteurs d’émission",
        help_text="Ceux du jour de la clôture : l’empreinte d’une évaluation close ne bouge plus.",
    )

    # One bit for each question of the edition, in the order of their keys (`questions.practices`); written at closing.
    concerned = models.BinaryField(blank=True, null=True, editable=False)
    practised = models.BinaryField(blank=True, null=True, editable=False)
    # One byte for each theme of the edition, in the order of their keys (`questions.theme_indices`); written at closing.
    theme_indices = models.BinaryField(blank=True, null=True, editable=False)

    objects = AssessmentQuerySet.as_scoped_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "évaluation"
        verbose_name_plural = "évaluations"
        ordering = ["-opened_at"]
        indexes = [
            models.Index(
                fields=["collectivite", "level", "index", *PEERS, *PACKED, *COVERED],
                name="assessment_of_territory",
                condition=CURRENT,
            ),
            models.Index(
                fields=["level", *PEERS, "index", "collectivite", *PACKED, *COVERED],
                name="assessment_of_cohort",
                condition=CURRENT,
            ),
            models.Index(
                fields=[
                    "collectivite",
                    "level",
                    "counted_until",
                    "counted_from",
                    "index",
                    "questionnaire",
                    "theme_indices",
                ],
                name="assessment_replaced",
                condition=Q(counted_until__isnull=False),
            ),
            models.Index(
                fields=[
                    "questionnaire",
                    "collectivite",
                    "counted_from",
                    "counted_until",
                    "level",
                    "index",
                    "theme_indices",
                ],
                name="assessment_of_edition",
                condition=Q(counted_from__isnull=False),
            ),
            models.Index(
                fields=[
                    "level",
                    "collectivite",
                    "state",
                    "provisional_for",
                    "counted_from",
                    "answered",
                    "asked",
                ],
                name="assessment_steps",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["collectivite", "level"],
                condition=Q(state=AssessmentState.OPEN, provisional_for=None),
                name="one_open_assessment_per_collectivite_and_level",
                violation_error_message="Une évaluation de ce niveau est déjà en cours.",
            ),
            models.UniqueConstraint(
                fields=["collectivite", "level", "provisional_for"],
                condition=Q(state=AssessmentState.OPEN, provisional_for__isnull=False),
                name="one_open_provisional_assessment_per_person",
                violation_error_message="Vous avez déjà une évaluation provisoire en cours.",
            ),
            models.CheckConstraint(
                name="a_closed_assessment_has_its_date",
                condition=~Q(state=AssessmentState.CLOSED) | Q(closed_at__isnull=False),
                violation_error_message="Une évaluation clôturée a une date de clôture.",
            ),
            models.CheckConstraint(
                name="only_a_closed_official_assessment_counts",
                condition=Q(counted_from=None)
                | Q(state=AssessmentState.CLOSED, provisional_for=None),
                violation_error_message="Seule une évaluation clôturée compte dans les chiffres.",
            ),
        ]

    def __str__(self) -> str:
        opened_on = timezone.localdate(self.opened_at)
        return f"{self.collectivite} – {self.get_level_display()} – {opened_on:%d/%m/%Y}"

    @property
    def is_open(self) -> bool:
        return self.state == AssessmentState.OPEN

    @property
    def as_of(self) -> datetime | None:
        """The moment it speaks of: that of its closing; for an archive, of its last answer; None while it is open."""
        return None if self.is_open else self.closed_at or self.last_activity_at or self.opened_at

    @property
    def takes_answers(self) -> bool:
        """Open, and of a collectivité that still exists."""
        return self.is_open and self.collectivite.retired_at is None

    @property
    def is_provisional(self) -> bool:
        return self.provisional_for_id is not None

    @property
    def is_complete(self) -> bool:
        return self.asked > 0 and self.answered >= self.asked


class OfAssessmentQuerySet(TenantQuerySet):
    def visible_to(self, user) -> "OfAssessmentQuerySet":
        return self.filter(readable_assessments(user, "assessment__"))


class Answer(models.Model):
    """One per (assessment, question), created when it is answered, never before.

    `choice` holds « oui » or « non », or the code of an option; which column holds the value depends on the kind.
    """

    assessment = models.ForeignKey(
        Assessment, models.PROTECT, related_name="answers", verbose_name="évaluation"
    )
    question = models.ForeignKey(
        Question, models.PROTECT, related_name="answers", verbose_name="question"
    )
    state = models.CharField("état", max_length=14, choices=AnswerState)
    choice = models.CharField("choix", max_length=30, blank=True)
    choices = models.JSONField("choix multiples", default=list, blank=True)
    number = models.DecimalField("nombre", max_digits=14, decimal_places=2, blank=True, null=True)
    text = models.TextField("texte", blank=True)
    date = models.DateField("date", blank=True, null=True)
    comment = models.TextField("commentaire", blank=True, max_length=10_000)
    to_confirm = models.BooleanField("à confirmer", default=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="auteur",
    )
    channel = models.CharField("canal", max_length=12, choices=Channel, default=Channel.AGENT)
    version = models.PositiveIntegerField("version", default=1)
    updated_at = models.DateTimeField("enregistrée le", default=timezone.now)

    objects = OfAssessmentQuerySet.as_scoped_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "réponse"
        verbose_name_plural = "réponses"
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "question"],
                name="one_answer_per_question",
                violation_error_message="Cette question a déjà une réponse.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.question_id} : {self.get_state_display()}"


class AnswerHistory(models.Model):
    """Append-only: each state an answer was in, and who put it there."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="history")
    question = models.ForeignKey(Question, models.PROTECT, related_name="history")
    version = models.PositiveIntegerField()
    state = models.CharField(max_length=14, choices=AnswerState)
    value = models.JSONField(default=dict)
    comment = models.TextField(blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    channel = models.CharField(max_length=12, choices=Channel)
    at = models.DateTimeField(default=timezone.now)

    objects = OfAssessmentQuerySet.as_scoped_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "historique de réponse"
        verbose_name_plural = "historique des réponses"
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "question", "version"],
                name="one_history_row_per_version",
            )
        ]

    def __str__(self) -> str:
        return f"{self.question_id} v{self.version}"


class ThemeScore(Counted):
    """One per (assessment, theme), written in the same transaction as the answer.

    What it is counted by is copied from its assessment, with `collectivite` and `level`: empty until that one counts.
    """

    assessment = models.ForeignKey(
        Assessment, models.CASCADE, related_name="theme_scores", verbose_name="évaluation"
    )
    theme = models.ForeignKey(Theme, models.PROTECT, related_name="scores", verbose_name="thème")
    points = models.DecimalField(max_digits=9, decimal_places=4, default=Decimal(0))
    possible = models.DecimalField(max_digits=9, decimal_places=4, default=Decimal(0))
    index = models.PositiveSmallIntegerField(null=True)
    asked = models.PositiveSmallIntegerField(default=0)
    answered = models.PositiveSmallIntegerField(default=0)
    not_applicable = models.PositiveSmallIntegerField(default=0)
    unknown = models.PositiveSmallIntegerField(default=0)
    collectivite = models.ForeignKey(
        Collectivite, models.PROTECT, blank=True, null=True, related_name="+", db_index=False
    )
    level = models.PositiveSmallIntegerField("niveau", choices=Level, blank=True, null=True)

    objects = OfAssessmentQuerySet.as_scoped_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "score de thème"
        verbose_name_plural = "scores de thème"
        indexes = [
            models.Index(
                fields=["level", *PEERS, "theme", "index", "collectivite", *COVERED],
                name="theme_score_of_cohort",
                condition=CURRENT,
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "theme"], name="one_score_per_theme_and_assessment"
            )
        ]

    def __str__(self) -> str:
        return f"{self.theme} : {self.index}"
