"""What goes out of a plan by itself (calendar, weekly mail) and what comes in (imports)."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from plans.enums import ImportState
from plans.models.plan import OfPlanQuerySet, Plan


class CalendarFeed(models.Model):
    """The private address of a plan's deadlines for one person; its secret is kept as a digest only."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="feeds")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField("créée le", default=timezone.now)

    objects = OfPlanQuerySet.as_scoped_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "adresse de calendrier"
        verbose_name_plural = "adresses de calendrier"
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "user"],
                name="one_calendar_per_person_and_plan",
                violation_error_message="Vous avez déjà une adresse de calendrier pour ce plan.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} – {self.user_id}"


class ActionImport(models.Model):
    """A file that was read and shown; its rows wait here until the same person confirms."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="imports")
    file_name = models.CharField("fichier", max_length=200)
    sha256 = models.CharField(max_length=64)
    rows = models.JSONField(default=list)
    problems = models.JSONField(default=list)
    state = models.CharField(max_length=9, choices=ImportState, default=ImportState.PREVIEWED)
    created = models.PositiveIntegerField("créées", default=0)
    updated = models.PositiveIntegerField("modifiées", default=0)
    unchanged = models.PositiveIntegerField("inchangées", default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField("lu le", default=timezone.now)

    objects = OfPlanQuerySet.as_scoped_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "import d’actions"
        verbose_name_plural = "imports d’actions"
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.file_name} – {self.get_state_display()}"


class DigestPreference(models.Model):
    """Only those who changed something have a row: the weekly mail is sent unless it is refused."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="digest_preference"
    )
    wanted = models.BooleanField("recevoir le point de la semaine", default=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "préférence de rappel"
        verbose_name_plural = "préférences de rappel"

    def __str__(self) -> str:
        return f"{self.user_id} : {self.wanted}"


class DigestSent(models.Model):
    """One per person and week (its Monday): written before the mail leaves, so that none leaves twice."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    week = models.DateField("semaine du")
    sent_at = models.DateTimeField("envoyé le", default=timezone.now)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "point de la semaine envoyé"
        verbose_name_plural = "points de la semaine envoyés"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "week"],
                name="one_digest_per_person_and_week",
                violation_error_message="Le point de cette semaine est déjà parti.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} – {self.week:%d/%m/%Y}"
