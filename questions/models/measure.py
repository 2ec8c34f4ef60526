"""What a collectivité can do: the measures that questions lead to and plans take up."""

from django.db import models
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import DraftStateMixin, Orderable, RevisionMixin
from wagtail.search import index

from questions.enums import Cost, Priority, ReenObjective, ThreeSteps


class MeasureQuerySet(models.QuerySet):
    def live(self) -> "MeasureQuerySet":
        return self.filter(live=True)

    def matching(self, **wanted: str) -> "MeasureQuerySet":
        """Those that have these values; an empty one asks for nothing."""
        return self.filter(**{name: value for name, value in wanted.items() if value})


class Measure(index.Indexed, DraftStateMixin, RevisionMixin, ClusterableModel):
    """What a collectivité can do about an unfavourable answer; shared by all editions."""

    code = models.CharField("code", max_length=20, unique=True)
    title = models.CharField("titre", max_length=120)
    theme_code = models.SlugField("code du thème", max_length=30)
    why = models.TextField("pourquoi")
    how = models.TextField("comment", help_text="Une étape par ligne.")
    effort = models.CharField("effort", max_length=6, choices=ThreeSteps)
    cost = models.CharField("coût", max_length=6, choices=Cost)
    gain = models.CharField("gain", max_length=6, choices=ThreeSteps)
    priority = models.CharField("priorité", max_length=6, choices=Priority)
    legal_reference = models.CharField("référence légale", max_length=250, blank=True)
    reen_objective = models.PositiveSmallIntegerField(
        "objectif du décret REEN", choices=ReenObjective, blank=True, null=True
    )

    objects = MeasureQuerySet.as_manager()

    search_fields = [
        index.SearchField("title"),
        index.SearchField("why"),
        index.AutocompleteField("title"),
        index.AutocompleteField("code"),
    ]

    class Meta:
        verbose_name = "mesure"
        verbose_name_plural = "mesures"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.title

    @property
    def steps(self) -> list[str]:
        return [line.strip() for line in self.how.splitlines() if line.strip()]


class MeasureIndicator(Orderable):
    measure = ParentalKey(Measure, on_delete=models.CASCADE, related_name="indicators")
    label = models.CharField("indicateur", max_length=160)
    unit = models.CharField("unité", max_length=30)

    class Meta(Orderable.Meta):
        verbose_name = "indicateur de réussite"
        verbose_name_plural = "indicateurs de réussite"

    def __str__(self) -> str:
        return f"{self.label} ({self.unit})"


class MeasureResource(Orderable):
    measure = ParentalKey(Measure, on_delete=models.CASCADE, related_name="resources")
    title = models.CharField("titre", max_length=200)
    url = models.URLField("lien", max_length=500)

    class Meta(Orderable.Meta):
        verbose_name = "ressource"
        verbose_name_plural = "ressources"

    def __str__(self) -> str:
        return self.title
