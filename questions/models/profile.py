"""The facts of a collectivité that decide what level 2 asks of it, and against which its figures are read."""

from django.conf import settings
from django.db import models

from questions.enums import ProfileFact
from questions.models.assessment import Assessment, OfAssessmentQuerySet


class AssessmentProfile(models.Model):
    """One per assessment, so that a closed one keeps the facts it was answered with.

    A fact that nobody has stated (None) leaves the questions it decides on shown: nothing is lost by not knowing.
    """

    assessment = models.OneToOneField(
        Assessment, models.CASCADE, related_name="profile", verbose_name="évaluation"
    )
    agents = models.PositiveIntegerField(
        "agents", blank=True, null=True, help_text="En équivalents temps plein, au 1er janvier."
    )
    elus = models.PositiveIntegerField("élus", blank=True, null=True)
    sites = models.PositiveIntegerField(
        "bâtiments où l’on utilise un ordinateur", blank=True, null=True
    )
    stated = models.JSONField("faits", default=dict, blank=True)
    """`{code of ProfileFact: True or False}`; a code that is absent was not stated."""
    confirmed_at = models.DateTimeField("confirmé le", blank=True, null=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        blank=True,
        null=True,
        related_name="+",
        verbose_name="confirmé par",
    )

    objects = OfAssessmentQuerySet.as_scoped_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "profil"
        verbose_name_plural = "profils"

    def __str__(self) -> str:
        return f"Profil de {self.assessment_id}"

    @property
    def without(self) -> frozenset[str]:
        """The facts that were said not to be those of this collectivité."""
        return frozenset(code for code in ProfileFact.values if self.stated.get(code) is False)
