"""What a team and its adviser do together on an assessment: who takes what, discussions, evidence, review.

A provisional assessment has none of it: its author is alone.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from questions.enums import Channel, ReviewState
from questions.models.assessment import Assessment, OfAssessmentQuerySet, readable_assessments
from questions.models.edition import Question, Theme
from questions.storage import evidence_path, private_storage
from territories.scoping import TenantQuerySet


def _person(verbose_name: str, **options) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=verbose_name,
        **options,
    )


class Share(models.Model):
    """A theme, or one question of it, that a person takes in charge; a question's own share prevails."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="shares")
    theme = models.ForeignKey(Theme, models.PROTECT, blank=True, null=True, related_name="+")
    question = models.ForeignKey(Question, models.PROTECT, blank=True, null=True, related_name="+")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="shares", verbose_name="confiée à"
    )
    shared_by = _person("confiée par")
    shared_at = models.DateTimeField("confiée le", default=timezone.now)

    objects = OfAssessmentQuerySet.as_scoped_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "part confiée"
        verbose_name_plural = "parts confiées"
        constraints = [
            models.CheckConstraint(
                name="a_share_is_of_a_theme_or_of_a_question",
                condition=Q(theme__isnull=False, question=None)
                | Q(theme=None, question__isnull=False),
                violation_error_message="Confiez un thème, ou une question.",
            ),
            models.UniqueConstraint(
                fields=["assessment", "theme"],
                condition=Q(question=None),
                name="one_share_per_theme",
                violation_error_message="Ce thème est déjà confié à quelqu’un.",
            ),
            models.UniqueConstraint(
                fields=["assessment", "question"],
                condition=Q(theme=None),
                name="one_share_per_question",
                violation_error_message="Cette question est déjà confiée à quelqu’un.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.theme_id or self.question_id} – {self.person_id}"


class Discussion(models.Model):
    """The thread of remarks on one question, open until somebody says that it is settled."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="discussions")
    question = models.ForeignKey(Question, models.PROTECT, related_name="discussions")
    resolved_at = models.DateTimeField("réglée le", blank=True, null=True)
    resolved_by = _person("réglée par", blank=True)

    objects = OfAssessmentQuerySet.as_scoped_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "discussion"
        verbose_name_plural = "discussions"
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "question"], name="one_discussion_per_question"
            )
        ]

    def __str__(self) -> str:
        return f"Discussion sur {self.question_id}"


class RemarkQuerySet(TenantQuerySet):
    def visible_to(self, user) -> "RemarkQuerySet":
        return self.filter(readable_assessments(user, "discussion__assessment__"))


class Remark(models.Model):
    """Never changed nor removed; `mentioned` were told by mail."""

    discussion = models.ForeignKey(Discussion, models.CASCADE, related_name="remarks")
    author = _person("auteur")
    channel = models.CharField("canal", max_length=12, choices=Channel, default=Channel.AGENT)
    text = models.TextField("texte", max_length=5_000)
    mentioned = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="+", verbose_name="personnes citées"
    )
    written_at = models.DateTimeField("écrite le", default=timezone.now)

    objects = RemarkQuerySet.as_scoped_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "remarque"
        verbose_name_plural = "remarques"
        ordering = ["written_at", "pk"]

    def __str__(self) -> str:
        return f"Remarque {self.pk}"


class Mark(models.Model):
    """« À revoir »: somebody wants to come back to a question, answered or not."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="marks")
    question = models.ForeignKey(Question, models.PROTECT, related_name="marks")
    marked_by = _person("marquée par")
    marked_at = models.DateTimeField("marquée le", default=timezone.now)

    objects = OfAssessmentQuerySet.as_scoped_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "marque « à revoir »"
        verbose_name_plural = "marques « à revoir »"
        constraints = [
            models.UniqueConstraint(fields=["assessment", "question"], name="one_mark_per_question")
        ]

    def __str__(self) -> str:
        return f"À revoir : {self.question_id}"


class Evidence(models.Model):
    """A file that proves an answer: in private storage, under a name of ours, served by our view only."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="evidence")
    question = models.ForeignKey(Question, models.PROTECT, related_name="evidence")
    file = models.FileField(
        "fichier", upload_to=evidence_path, storage=private_storage, max_length=200
    )
    name = models.CharField("nom", max_length=150)
    content_type = models.CharField("type", max_length=100)
    size = models.PositiveIntegerField("taille", help_text="En octets.")
    expires_on = models.DateField("valable jusqu’au", blank=True, null=True)
    added_by = _person("ajoutée par")
    added_at = models.DateTimeField("ajoutée le", default=timezone.now)

    objects = OfAssessmentQuerySet.as_scoped_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "pièce justificative"
        verbose_name_plural = "pièces justificatives"
        ordering = ["added_at", "pk"]

    def __str__(self) -> str:
        return self.name


class ThemeReview(models.Model):
    """Where the review of a theme by the adviser is; no row: nobody asked for it, and nothing waits for it."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="reviews")
    theme = models.ForeignKey(Theme, models.PROTECT, related_name="reviews")
    state = models.CharField("état", max_length=9, choices=ReviewState)
    submitted_by = _person("soumis par", blank=True)
    submitted_at = models.DateTimeField("soumis le", blank=True, null=True)
    reviewed_by = _person("relu par", blank=True)
    reviewed_at = models.DateTimeField("relu le", blank=True, null=True)
    note = models.TextField("mot du conseiller", blank=True, max_length=2_000)

    objects = OfAssessmentQuerySet.as_scoped_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "relecture de thème"
        verbose_name_plural = "relectures de thème"
        constraints = [
            models.UniqueConstraint(fields=["assessment", "theme"], name="one_review_per_theme")
        ]

    def __str__(self) -> str:
        return f"{self.theme_id} : {self.get_state_display()}"
