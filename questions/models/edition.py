"""One edition of a questionnaire: its themes and its questions.

A published edition is immutable but for its words: `STRUCTURE` of each model names the fields that no longer change,
and saving or deleting raises `EditionPublished`.
"""

from django.core.exceptions import ValidationError
from django.core.validators import (
    MaxValueValidator,
    MinValueValidator,
    validate_comma_separated_integer_list,
)
from django.db import models, transaction
from django.db.models import Q
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.models import DraftStateMixin, Orderable, RevisionMixin
from wagtail.search import index

from questions.enums import (
    EditionState,
    Level,
    ProfileFact,
    QuestionKind,
)
from territories.enums import CollectiviteKind

NOTHING_IS_REMOVED = (
    "Cette édition est publiée : on n’en retire plus rien. "
    "Copiez-la dans un nouveau brouillon pour en préparer une autre."
)


class EditionPublished(ValidationError):
    """The structure of an edition that was published can no longer change."""

    def __init__(self, message: str | None = None):
        super().__init__(
            message
            or "Cette édition est publiée : seuls les textes d’aide et les fautes se corrigent encore. "
            "Pour changer une question, copiez l’édition dans un nouveau brouillon."
        )


class QuestionnaireQuerySet(models.QuerySet):
    def published(self) -> "QuestionnaireQuerySet":
        return self.filter(state=EditionState.PUBLISHED)

    def current(self, level: int) -> "Questionnaire | None":
        """Return the published edition of a level, the one that new assessments take."""
        return self.published().filter(level=level).first()


class Questionnaire(index.Indexed, RevisionMixin, ClusterableModel):
    level = models.PositiveSmallIntegerField("niveau", choices=Level)
    edition = models.CharField("édition", max_length=20, help_text="Par exemple : 2027.")
    title = models.CharField("titre", max_length=160)
    introduction = models.TextField("introduction", blank=True)
    state = models.CharField(
        "état",
        max_length=10,
        choices=EditionState,
        default=EditionState.DRAFT,
        editable=False,
    )
    published_at = models.DateTimeField("publiée le", blank=True, null=True, editable=False)
    retired_at = models.DateTimeField("retirée le", blank=True, null=True, editable=False)
    copied_from = models.ForeignKey(
        "self",
        models.SET_NULL,
        blank=True,
        null=True,
        editable=False,
        related_name="copies",
        verbose_name="copiée de",
    )

    objects = QuestionnaireQuerySet.as_manager()

    search_fields = [index.SearchField("title"), index.AutocompleteField("title")]

    class Meta:
        verbose_name = "questionnaire"
        verbose_name_plural = "questionnaires"
        ordering = ["level", "-edition"]
        constraints = [
            models.UniqueConstraint(
                fields=["level", "edition"],
                name="one_edition_per_level_and_name",
                violation_error_message="Cette édition existe déjà pour ce niveau.",
            ),
            models.UniqueConstraint(
                fields=["level"],
                condition=Q(state=EditionState.PUBLISHED),
                name="one_published_edition_per_level",
                violation_error_message="Une autre édition de ce niveau est déjà publiée.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} – édition {self.edition} ({self.get_state_display()})"

    @property
    def is_draft(self) -> bool:
        return self.state == EditionState.DRAFT

    def with_content_json(self, content):
        """Bring an older revision's words back, never the state the edition was in then."""
        kept = {"state", "published_at", "retired_at", "copied_from"}
        if not self.is_draft:
            kept |= {"level", "edition"}
        return super().with_content_json(content | _values_of(self, kept))


def _values_of(row, names) -> dict:
    """Return these fields and child relations as a revision writes them."""
    today = row.serializable_data()
    return {name: today[name] for name in names if name in today}


class PartOfEditionQuerySet(models.QuerySet):
    def published(self) -> "PartOfEditionQuerySet":
        """Those of the editions that new assessments take."""
        return self.filter(**{f"{self.model.EDITION}__state": EditionState.PUBLISHED})

    def frozen(self) -> "PartOfEditionQuerySet":
        """Those whose edition was published: nothing of them changes but words."""
        return self.exclude(**{f"{self.model.EDITION}__state": EditionState.DRAFT})

    def delete(self):
        """Delete, as the lists of the back office do. Raises EditionPublished."""
        if self.frozen().exists():
            raise EditionPublished(NOTHING_IS_REMOVED)
        return super().delete()

    def update(self, **values):
        """Update the words of any row, the structure of drafts only. Raises EditionPublished."""
        structure = _field_names(self.model.STRUCTURE)
        if not structure.isdisjoint(_field_names(values)) and self.frozen().exists():
            raise EditionPublished
        return super().update(**values)

    def bulk_create(self, objs, *args, **kwargs):
        """Add parts to drafts only. Raises EditionPublished."""
        objs = list(objs)
        if any(part.is_frozen() for part in objs):
            raise EditionPublished
        return super().bulk_create(objs, *args, **kwargs)


def _field_names(names) -> set[str]:
    return {name.removesuffix("_id") for name in names}


class FrozenWhenPublished(models.Model):
    """A part of an edition: once that edition is published, the fields of STRUCTURE stay as they are."""

    EDITION: str = ""
    """Path from this model to its questionnaire."""
    STRUCTURE: tuple[str, ...] = ()
    STRUCTURE_CHILDREN: tuple[str, ...] = ()
    """Child relations that are structure too."""

    objects = PartOfEditionQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def edition_id(self) -> int | None:
        """Key of the edition, as this row has it in memory; None while a form has not chosen it."""
        *above, last = self.EDITION.split("__")
        part = self
        for name in above:
            part = getattr(part, name, None)
        return getattr(part, f"{last}_id", None)

    def is_frozen(self) -> bool:
        """Tell whether this row's edition, now or before the change at hand, was published."""
        return self._editions().exclude(state=EditionState.DRAFT).exists()

    def _editions(self) -> QuestionnaireQuerySet:
        """Its edition as it is in memory and as it is stored: a row being moved has two."""
        stored = type(self)._base_manager.filter(pk=self.pk).values(f"{self.EDITION}__pk")
        return Questionnaire.objects.filter(Q(pk=self.edition_id) | Q(pk__in=stored))

    def structure_changed(self) -> bool:
        if self.pk is None:
            return True
        before = type(self)._base_manager.filter(pk=self.pk).values(*self.STRUCTURE).first()
        return before is None or any(before[name] != getattr(self, name) for name in self.STRUCTURE)

    def clean(self) -> None:
        super().clean()
        if self.is_frozen() and self.structure_changed():
            raise EditionPublished

    @transaction.atomic
    def save(self, *args, **kwargs) -> None:
        self._hold_editions()
        if self.is_frozen() and self.structure_changed():
            raise EditionPublished
        super().save(*args, **kwargs)

    @transaction.atomic
    def delete(self, *args, **kwargs):
        self._hold_editions()
        if self.is_frozen():
            raise EditionPublished(NOTHING_IS_REMOVED)
        return super().delete(*args, **kwargs)

    def _hold_editions(self) -> None:
        """Let a publication under way end first, or wait for this change."""
        list(self._editions().select_for_update())

    def with_content_json(self, content):
        """Keep today's order when an older revision is read, and today's whole structure once it is published.

        Ordering is not part of what editors write; of a published edition, an older revision brings words back.
        """
        kept = {"order"}
        if self.is_frozen():
            kept |= _field_names(self.STRUCTURE) | set(self.STRUCTURE_CHILDREN)
        return super().with_content_json(content | _values_of(self, kept))


class Theme(index.Indexed, FrozenWhenPublished, DraftStateMixin, RevisionMixin, ClusterableModel):
    EDITION = "questionnaire"
    STRUCTURE = ("questionnaire_id", "code", "order", "live", "expire_at")

    questionnaire = models.ForeignKey(
        Questionnaire, models.PROTECT, related_name="themes", verbose_name="questionnaire"
    )
    code = models.SlugField("code", max_length=30)
    title = models.CharField("titre", max_length=80)
    introduction = models.TextField("introduction")
    icon = models.CharField("icône", max_length=20, blank=True)
    order = models.PositiveSmallIntegerField("ordre", default=0)
    reen_objectives = models.CharField(
        "objectifs du décret REEN",
        max_length=20,
        blank=True,
        validators=[validate_comma_separated_integer_list],
        help_text="Numéros de 1 à 6, séparés par des virgules.",
    )

    search_fields = [index.SearchField("title"), index.AutocompleteField("title")]

    class Meta:
        verbose_name = "thème"
        verbose_name_plural = "thèmes"
        ordering = ["questionnaire", "order"]
        constraints = [
            models.UniqueConstraint(
                fields=["questionnaire", "code"],
                name="one_theme_per_code_and_edition",
                violation_error_message="Ce code de thème existe déjà dans cette édition.",
            )
        ]

    def __str__(self) -> str:
        return self.title


class Question(
    index.Indexed, FrozenWhenPublished, DraftStateMixin, RevisionMixin, ClusterableModel
):
    """`code` is stable across editions and levels, so that answers can be carried over."""

    EDITION = "theme__questionnaire"
    STRUCTURE = (
        "theme_id",
        "code",
        "order",
        "kind",
        "unit",
        "minimum",
        "maximum",
        "whole",
        "weight",
        "allows_not_applicable",
        "condition_code",
        "condition_answers",
        "applies_to_kinds",
        "applies_to_facts",
        "min_population",
        "max_population",
        "live",
        "expire_at",
    )
    STRUCTURE_CHILDREN = ("options",)

    theme = models.ForeignKey(Theme, models.PROTECT, related_name="questions", verbose_name="thème")
    code = models.CharField("code", max_length=20)
    order = models.PositiveSmallIntegerField("ordre", default=0)
    text = models.CharField("question", max_length=250)
    help = models.TextField("comment le savoir", blank=True)
    kind = models.CharField(
        "type de réponse", max_length=12, choices=QuestionKind, default=QuestionKind.YES_NO
    )
    unit = models.CharField("unité", max_length=30, blank=True)
    minimum = models.DecimalField("minimum", max_digits=14, decimal_places=2, blank=True, null=True)
    maximum = models.DecimalField("maximum", max_digits=14, decimal_places=2, blank=True, null=True)
    plausible_minimum = models.DecimalField(
        "vraisemblable à partir de",
        max_digits=14,
        decimal_places=2,
        blank=True,
        null=True,
        help_text="En deçà, on demande de confirmer par un commentaire.",
    )
    plausible_maximum = models.DecimalField(
        "vraisemblable jusqu’à", max_digits=14, decimal_places=2, blank=True, null=True
    )
    whole = models.CharField(
        "fait partie de",
        max_length=20,
        blank=True,
        db_default="",
        help_text="Pour un chiffre : le code de la question qui donne le tout. Pour des pourcentages qui se partagent 100 % : "
        "un même mot sur chacun. Au-delà du tout, on demande de confirmer par un commentaire.",
    )
    weight = models.PositiveSmallIntegerField(
        "poids",
        default=1,
        validators=[MinValueValidator(0), MaxValueValidator(5)],
        help_text="De 0 (ne compte pas dans l’indice) à 5.",
    )
    allows_not_applicable = models.BooleanField("« non concerné » possible", default=False)
    not_applicable_hint = models.CharField(
        "quand répondre « non concerné »", max_length=250, blank=True
    )
    condition_code = models.CharField(
        "affichée selon la question",
        max_length=20,
        blank=True,
        help_text="Code d’une question de la même édition ; vide : toujours affichée.",
    )
    condition_answers = models.CharField(
        "si la réponse est",
        max_length=120,
        blank=True,
        help_text="Codes de réponse séparés par des virgules, par exemple : oui.",
    )
    applies_to_kinds = models.CharField(
        "types de collectivités",
        max_length=120,
        blank=True,
        help_text="Codes séparés par des virgules (commune, cc, ca, cu, metropole…) ; vide : toutes.",
    )
    applies_to_facts = models.CharField(
        "faits du profil",
        max_length=120,
        blank=True,
        help_text="Codes séparés par des virgules (serveurs, site_web…), tous requis ; vide : aucun.",
    )
    min_population = models.PositiveIntegerField(
        "population minimale", blank=True, null=True, help_text="En habitants, comprise."
    )
    max_population = models.PositiveIntegerField(
        "population maximale", blank=True, null=True, help_text="En habitants, comprise."
    )

    bands_reason = models.TextField(
        "pourquoi ces tranches",
        blank=True,
        help_text="Pour une question en chiffres qui compte : d’où viennent les bornes, avec leur source.",
    )

    principle = models.TextField("principe", blank=True)
    interest = models.TextField("intérêt", blank=True)
    first_step = models.TextField("le premier pas, en une heure", blank=True)
    obligation = models.TextField("obligation", blank=True)
    obligation_reference = models.CharField("référence du texte", max_length=250, blank=True)
    obligation_url = models.URLField("lien vers le texte", max_length=500, blank=True)
    obligation_verified_on = models.DateField("vérifiée le", blank=True, null=True)
    obligation_min_population = models.PositiveIntegerField(
        "s’impose au-dessus de",
        blank=True,
        null=True,
        help_text="En habitants, non compris ; vide : à toutes.",
    )
    guide = models.ForeignKey(
        "wagtailcore.Page",
        models.SET_NULL,
        blank=True,
        null=True,
        related_name="guided_questions",
        verbose_name="guide",
    )
    measures = ParentalManyToManyField(
        "questions.Measure", blank=True, related_name="questions", verbose_name="mesures"
    )

    search_fields = [
        index.SearchField("text"),
        index.SearchField("code"),
        index.AutocompleteField("text"),
        index.AutocompleteField("code"),
    ]

    class Meta:
        verbose_name = "question"
        verbose_name_plural = "questions"
        ordering = ["theme__questionnaire", "theme__order", "order"]
        constraints = [
            models.UniqueConstraint(
                fields=["theme", "code"],
                name="one_question_per_code_and_theme",
                violation_error_message="Ce code de question existe déjà dans ce thème.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} – {self.text}"

    def clean(self) -> None:
        """Refuse what no collectivité could meet: an unknown kind, bounds turned round."""
        super().clean()
        errors = {}
        kinds = [code.strip() for code in self.applies_to_kinds.split(",") if code.strip()]
        facts = [code.strip() for code in self.applies_to_facts.split(",") if code.strip()]
        if strange := [code for code in facts if code not in ProfileFact.values]:
            errors["applies_to_facts"] = (
                f"« {strange[0]} » n’est pas un fait du profil. Codes possibles : {', '.join(ProfileFact.values)}."
            )
        if unknown := [code for code in kinds if code not in CollectiviteKind.values]:
            errors["applies_to_kinds"] = (
                f"« {unknown[0]} » n’est pas un type de collectivité. Codes possibles : {', '.join(CollectiviteKind.values)}."
            )
        for low, high in (
            ("minimum", "maximum"),
            ("plausible_minimum", "plausible_maximum"),
            ("min_population", "max_population"),
        ):
            lowest, highest = getattr(self, low), getattr(self, high)
            if lowest is not None and highest is not None and lowest > highest:
                errors[high] = "Ce maximum est plus petit que le minimum."
        if errors:
            raise ValidationError(errors)


class Option(FrozenWhenPublished, Orderable):
    """An answer offered by a question of one or several choices, or a band of a question in figures."""

    EDITION = "question__theme__questionnaire"
    STRUCTURE = ("question_id", "code", "points", "lower_bound", "sort_order")

    question = ParentalKey(Question, on_delete=models.CASCADE, related_name="options")
    code = models.SlugField("code", max_length=30)
    label = models.CharField("réponse", max_length=160)
    points = models.DecimalField("points", max_digits=5, decimal_places=2, default=0)
    lower_bound = models.DecimalField(
        "à partir de",
        max_digits=14,
        decimal_places=2,
        blank=True,
        null=True,
        help_text="Pour une question en chiffres : borne basse de la tranche, comprise.",
    )

    class Meta(Orderable.Meta):
        verbose_name = "réponse proposée"
        verbose_name_plural = "réponses proposées"
        constraints = [
            models.UniqueConstraint(
                fields=["question", "code"],
                name="one_option_per_code_and_question",
                violation_error_message="Ce code de réponse existe déjà pour cette question.",
            )
        ]

    def __str__(self) -> str:
        return self.label


class QuestionSource(Orderable):
    """Where a figure or a duty of the explanation comes from."""

    question = ParentalKey(Question, on_delete=models.CASCADE, related_name="sources")
    label = models.CharField("source", max_length=250)
    year = models.PositiveSmallIntegerField("année")
    url = models.URLField("lien", max_length=500)

    class Meta(Orderable.Meta):
        verbose_name = "source"
        verbose_name_plural = "sources"

    def __str__(self) -> str:
        return f"{self.label} ({self.year})"
