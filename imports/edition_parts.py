"""The sheets of the workbook of an edition: what a row of each one holds, and how it is read and written.

One row per theme, question, answer offered, source or measure, known by its code. In `PARTS`, the order of their references.
"""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from wagtail.models import Page

from imports.edition_sheets import Cell, PartResource
from imports.widgets import (
    ChoiceWidget,
    CodesWidget,
    CountWidget,
    DateWidget,
    KeyWidget,
    LinesWidget,
    NumberWidget,
    ProseWidget,
    WordsWidget,
    YesWidget,
)
from questions.enums import (
    Cost,
    Level,
    Priority,
    QuestionKind,
    ThreeSteps,
)
from questions.models import (
    Measure,
    MeasureIndicator,
    MeasureResource,
    Option,
    Question,
    Questionnaire,
    QuestionSource,
    Theme,
)

INDICATORS = LinesWidget("indicateur", "unité")
LINKS = LinesWidget("titre", "adresse")


class EditionResource(PartResource):
    sheet = "Questionnaire"
    path = "pk"
    needed = ("level", "edition")

    key = Cell("key", "", WordsWidget())
    level = Cell("level", "Niveau", ChoiceWidget(Level), "", ("niveau 1", ""))
    edition_name = Cell("edition", "Édition", WordsWidget(), "Par exemple 2027.", ("2027", ""))
    title = Cell("title", "Titre", WordsWidget(), "", ("Les premiers repères", ""))
    introduction = Cell("introduction", "Introduction", ProseWidget())

    class Meta:
        model = Questionnaire
        import_id_fields = ("key",)

    def rows(self):
        rows = Questionnaire.objects.all()
        return rows if self.edition is None else rows.filter(pk=self.edition.pk)

    def describe(self, row) -> None:
        row.key = key_of(Level(row.level).label, row.edition)


class ThemeResource(PartResource):
    sheet = "Thèmes"
    path = "questionnaire"

    code = Cell("code", "Code", WordsWidget(), "", ("gouvernance", ""))
    order = Cell("order", "Ordre", CountWidget(), "", ("1", ""))
    title = Cell("title", "Titre", WordsWidget(), "", ("Stratégie et gouvernance", ""))
    icon = Cell("icon", "Icône", WordsWidget())
    introduction = Cell("introduction", "Introduction", ProseWidget())
    reen = Cell("reen_objectives", "Objectifs REEN", CodesWidget(), "De 1 à 6, avec des virgules.")

    class Meta:
        model = Theme
        import_id_fields = ("code",)

    def place(self, theme) -> None:
        if self.edition is not None:
            theme.questionnaire = self.edition


class QuestionResource(PartResource):
    sheet = "Questions"
    path = "theme__questionnaire"
    needed = ("code", "theme_code", "text")

    code = Cell("code", "Code", WordsWidget(), "Le même d’une édition à l’autre.", ("GOV1", ""))
    theme_code = Cell("theme_code", "Thème", WordsWidget(), "Son code.", ("gouvernance", ""))
    order = Cell("order", "Ordre", CountWidget(), "", ("1", ""))
    text = Cell("text", "Question", WordsWidget(), "", ("Avez-vous un élu référent ?", ""))
    help = Cell("help", "Comment le savoir", ProseWidget())
    kind = Cell("kind", "Type de réponse", ChoiceWidget(QuestionKind, default=QuestionKind.YES_NO), "", ("oui ou non", ""))  # fmt: skip
    unit = Cell("unit", "Unité", WordsWidget())
    minimum = Cell("minimum", "Minimum", NumberWidget())
    maximum = Cell("maximum", "Maximum", NumberWidget())
    plausible_minimum = Cell("plausible_minimum", "Vraisemblable à partir de", NumberWidget())
    plausible_maximum = Cell("plausible_maximum", "Vraisemblable jusqu’à", NumberWidget())
    whole = Cell(
        "whole", "Fait partie de", WordsWidget(), "Code du tout ; pour des %, un même mot."
    )
    bands_reason = Cell("bands_reason", "Pourquoi ces tranches", ProseWidget())
    weight = Cell("weight", "Poids", CountWidget(), "De 0 à 5.", ("3", ""))
    allows_not_applicable = Cell("allows_not_applicable", "Non concerné possible", YesWidget(), "oui ou non.", ("non", ""))  # fmt: skip
    not_applicable_hint = Cell("not_applicable_hint", "Quand répondre non concerné", WordsWidget())
    condition_code = Cell("condition_code", "Selon la question", WordsWidget(), "Vide : toujours posée.")  # fmt: skip
    condition_answers = Cell("condition_answers", "Si la réponse est", CodesWidget())
    kinds = Cell("applies_to_kinds", "Types de collectivités", CodesWidget(), "Vide : toutes.")
    facts = Cell("applies_to_facts", "Faits du profil", CodesWidget(), "Tous requis.")
    min_population = Cell("min_population", "Population minimale", CountWidget())
    max_population = Cell("max_population", "Population maximale", CountWidget())
    principle = Cell("principle", "Principe", ProseWidget())
    interest = Cell("interest", "Intérêt", ProseWidget())
    first_step = Cell("first_step", "Premier pas", ProseWidget())
    obligation = Cell("obligation", "Obligation", ProseWidget())
    reference = Cell("obligation_reference", "Référence du texte", WordsWidget())
    url = Cell("obligation_url", "Lien vers le texte", WordsWidget())
    verified_on = Cell("obligation_verified_on", "Vérifiée le", DateWidget())
    above = Cell("obligation_min_population", "S’impose au-dessus de", CountWidget())
    guide = Cell("guide_id", "Guide", KeyWidget("guide"), "La fin de l’adresse de sa page.")
    measure_codes = Cell("measure_codes", "Mesures", CodesWidget(), "Leurs codes, avec des virgules.", ("M-GOV1", ""))  # fmt: skip

    class Meta:
        model = Question
        import_id_fields = ("code",)

    def before_load(self) -> None:
        pages: dict[str, int] = {}
        for slug, pk in Page.objects.filter(depth__gt=2).values_list("slug", "pk"):
            pages[slug if slug not in pages else f"{slug}-{pk}"] = pk
        self.fields["guide"].widget.know(pages)

    def rows(self):
        rows = super().rows().select_related("theme").prefetch_related("measures")
        return rows.order_by("theme__order", "order", "pk")

    def describe(self, question) -> None:
        question.theme_code = question.theme.code
        question.measure_codes = ",".join(sorted(m.code for m in question.measures.all()))

    def place(self, question) -> None:
        edition = self.edition or question.theme.questionnaire
        question.theme = Theme.objects.get(questionnaire=edition, code=question.theme_code)

    def relate(self, question) -> None:
        codes = getattr(question, "measure_codes", None)
        if codes is not None:
            question.measures.set(Measure.objects.filter(code__in=codes.split(",")))
            question.save()


class OfQuestionResource(PartResource):
    """Rows of a question, known by its code and one of their own."""

    key = Cell("key", "", WordsWidget())
    own: str

    class Meta:
        abstract = True

    def rows(self):
        rows = super().rows().select_related("question__theme")
        return rows.order_by("question__theme__order", "question__order", "sort_order")

    def describe(self, row) -> None:
        row.question_code = row.question.code
        row.key = key_of(row.question_code, str(getattr(row, self.own)))

    def place(self, row) -> None:
        edition = self.edition or row.question.theme.questionnaire
        questions = Question.objects.filter(theme__questionnaire=edition)
        row.question = questions.get(code=row.question_code)

    def refresh(self, row) -> None:
        super().refresh(Question.objects.get(pk=row.question_id))

    def take_back(self, pks, *, by, at) -> None:
        questions = set(self.rows().filter(pk__in=pks).values_list("question_id", flat=True))
        super().take_back(pks, by=by, at=at)
        for question in Question.objects.filter(pk__in=questions):
            super().refresh(question)


class OptionResource(OfQuestionResource):
    sheet = "Réponses"
    path = "question__theme__questionnaire"
    needed = ("question_code", "code")
    own = "code"

    question_code = Cell("question_code", "Question", WordsWidget(), "Son code.", ("GOV3", ""))
    order = Cell("sort_order", "Ordre", CountWidget(), "", ("0", ""))
    code = Cell("code", "Code", WordsWidget(), "", ("annuel", ""))
    label = Cell("label", "Réponse", WordsWidget(), "", ("Chaque année", ""))
    points = Cell("points", "Points", NumberWidget(empty=0), "De 0 à 100.", ("100", ""))
    lower_bound = Cell("lower_bound", "À partir de", NumberWidget(), "Borne basse d’une tranche.")

    class Meta:
        model = Option
        import_id_fields = ("key",)


class SourceResource(OfQuestionResource):
    sheet = "Sources"
    path = "question__theme__questionnaire"
    needed = ("question_code", "label")
    own = "label"

    question_code = Cell("question_code", "Question", WordsWidget(), "Son code.", ("GOV1", ""))
    order = Cell("sort_order", "Ordre", CountWidget())
    label = Cell("label", "Source", WordsWidget(), "", ("Ademe, Arcep", ""))
    year = Cell("year", "Année", CountWidget(), "", ("2025", ""))
    url = Cell("url", "Lien", WordsWidget(), "", ("https://www.arcep.fr", ""))

    class Meta:
        model = QuestionSource
        import_id_fields = ("key",)


class MeasuresResource(PartResource):
    """Shared by every edition, so not frozen with any."""

    sheet = "Mesures"
    needed = ("code", "title")

    code = Cell("code", "Code", WordsWidget(), "", ("M-GOV1", ""))
    title = Cell("title", "Titre", WordsWidget(), "", ("Nommer un élu référent", ""))
    theme_code = Cell("theme_code", "Code du thème", WordsWidget(), "", ("gouvernance", ""))
    why = Cell("why", "Pourquoi", ProseWidget())
    how = Cell("how", "Comment", ProseWidget(), "Une étape par ligne.")
    effort = Cell("effort", "Effort", ChoiceWidget(ThreeSteps), "", ("faible", ""))
    cost = Cell("cost", "Coût", ChoiceWidget(Cost), "", ("gratuit", ""))
    gain = Cell("gain", "Gain", ChoiceWidget(ThreeSteps), "", ("moyen", ""))
    priority = Cell("priority", "Priorité", ChoiceWidget(Priority), "", ("haute", ""))
    legal_reference = Cell("legal_reference", "Référence légale", WordsWidget())
    reen_objective = Cell("reen_objective", "Objectif REEN", CountWidget(), "De 1 à 6.")
    indicators = Cell("indicator_lines", "Indicateurs", INDICATORS, "Un par ligne : indicateur | unité.")  # fmt: skip
    links = Cell("link_lines", "Ressources", LINKS, "Une par ligne : titre | adresse.")

    class Meta:
        model = Measure
        import_id_fields = ("code",)

    def rows(self):
        return Measure.objects.prefetch_related("indicators", "resources").order_by("code")

    def describe(self, measure) -> None:
        measure.indicator_lines = _lines((row.label, row.unit) for row in measure.indicators.all())
        measure.link_lines = _lines((row.title, row.url) for row in measure.resources.all())

    def relate(self, measure) -> None:
        indicators, links = (
            getattr(measure, "indicator_lines", None),
            getattr(measure, "link_lines", None),
        )
        self.describe(measure)  # what is there
        if indicators not in (None, measure.indicator_lines):
            parts = map(INDICATORS.split, indicators.splitlines())
            measure.indicators = [MeasureIndicator(label=a, unit=b) for a, b in parts]
        if links not in (None, measure.link_lines):
            parts = map(LINKS.split, links.splitlines())
            measure.resources = [MeasureResource(title=a, url=b) for a, b in parts]
        measure.save()

    def _invalid(self, instance, record):
        problems = super()._invalid(instance, record)
        for line in getattr(instance, "link_lines", "").splitlines():
            try:
                URLValidator(schemes=("https", "http"))(LINKS.split(line)[1])
            except ValidationError as error:
                problems += self._told(ValidationError({"link_lines": error.message}), record)
        return problems


# In the order in which they refer to each other.
PARTS: tuple[type[PartResource], ...] = (
    EditionResource,
    ThemeResource,
    MeasuresResource,
    QuestionResource,
    OptionResource,
    SourceResource,
)


def key_of(*codes: str) -> str:
    return " / ".join(codes)


def _lines(rows: Iterable[tuple[str, str]]) -> str:
    return "\n".join(" | ".join(row) for row in rows)
