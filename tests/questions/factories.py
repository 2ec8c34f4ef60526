from datetime import UTC, date, datetime
from decimal import Decimal

import factory

from questions.answering import GivenAnswer, Recorded, Value, record_answers
from questions.enums import (
    AnswerState,
    AssessmentState,
    Cost,
    EditionState,
    Level,
    Priority,
    QuestionKind,
    ThreeSteps,
)
from questions.factors import VALUES as FACTOR_VALUES
from questions.models import (
    Answer,
    Assessment,
    EmissionFactor,
    FactorSet,
    Measure,
    Option,
    Question,
    Questionnaire,
    Theme,
)
from tests.territories.factories import CollectiviteFactory

MORNING = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
# Of one device: manufacture, distribution, end of life, lowest, highest (kg CO2e), kWh a year, years.
FACTORS = {"portable": "170 12.3 2.8 181 236 29 5", "ecran": "64.6 1.3 4 64.7 430 73 6"}


class QuestionnaireFactory(factory.django.DjangoModelFactory):
    """Published, with nothing in it: `QuestionnaireFactory(content={"achats": ["ACH1", {"code": "ACH2", "weight": 2}]})`."""

    class Meta:
        model = Questionnaire
        skip_postgeneration_save = True

    level = Level.ONE
    edition = "2027"
    title = "Le questionnaire"
    state = EditionState.PUBLISHED

    @factory.post_generation
    def content(self, create, extracted, **kwargs):
        for order, (code, questions) in enumerate((extracted or {}).items(), start=1):
            theme = ThemeFactory(
                questionnaire=self, code=code, title=code.capitalize(), order=order
            )
            for rank, question in enumerate(questions, start=1):
                traits = question if isinstance(question, dict) else {"code": question}
                QuestionFactory(theme=theme, order=rank, **traits)


class PartOfEditionFactory(factory.django.DjangoModelFactory):
    """A published edition takes no new part from anybody; the situations of the tests are set up under it."""

    class Meta:
        abstract = True

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        return model_class._base_manager.bulk_create([model_class(**kwargs)])[0]


class ThemeFactory(PartOfEditionFactory):
    class Meta:
        model = Theme

    questionnaire = factory.SubFactory(QuestionnaireFactory)
    code = factory.Sequence(lambda n: f"theme-{n}")
    title = "Achats"
    introduction = "Ce thème parle de ce que l’on achète."
    icon = "basket"


class QuestionFactory(PartOfEditionFactory):
    class Meta:
        model = Question
        skip_postgeneration_save = True

    theme = factory.SubFactory(ThemeFactory)
    code = factory.Sequence(lambda n: f"QUE{n}")
    text = factory.LazyAttribute(lambda o: f"Question {o.code} ?")
    help = "Regardez les factures."
    kind = QuestionKind.YES_NO
    weight = 1
    principle = "Le principe de la mesure."
    interest = "Ce que l’on y gagne."
    first_step = "Faites une liste."

    @factory.post_generation
    def options(self, create, extracted, **kwargs):
        """`options={"jamais": 0, "souvent": 2}`: points by code; with a lower bound, `{"peu": (0, 10)}`."""
        for order, (code, points) in enumerate((extracted or {}).items()):
            points, bound = points if isinstance(points, tuple) else (points, None)
            OptionFactory(
                question=self, code=code, points=points, lower_bound=bound, sort_order=order
            )

    @factory.post_generation
    def measures(self, create, extracted, **kwargs):
        if extracted:
            self.measures.set(extracted)
            self.save()


class OptionFactory(PartOfEditionFactory):
    class Meta:
        model = Option

    question = factory.SubFactory(QuestionFactory)
    code = "option"
    label = factory.LazyAttribute(lambda o: o.code.capitalize())
    points = 1
    sort_order = 0


class MeasureFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Measure

    code = factory.Sequence(lambda n: f"M-QUE{n}")
    title = factory.LazyAttribute(lambda o: f"Mener la mesure {o.code}")
    theme_code = "achats"
    why = "Parce que fabriquer pèse plus lourd qu’utiliser."
    how = "Faire une liste.\nLa montrer au conseil."
    effort = ThreeSteps.LOW
    cost = Cost.NONE
    gain = ThreeSteps.MEDIUM
    priority = Priority.MEDIUM


class AssessmentFactory(factory.django.DjangoModelFactory):
    """Open; `closed=True` for one that never changes again, with 100 points at MORNING."""

    class Meta:
        model = Assessment

    class Params:
        closed = factory.Trait(
            state=AssessmentState.CLOSED,
            closed_at=MORNING,
            index=50,
            cohort_kind="commune",
            cohort_population=850,
        )

    collectivite = factory.SubFactory(CollectiviteFactory)
    questionnaire = factory.SubFactory(QuestionnaireFactory)
    level = Level.ONE
    opened_at = MORNING


def accompanied(edition, collectivite) -> Assessment:
    """Return an open assessment of level 2, with an OPSN that has taken the competence."""
    collectivite.opsn.offers_level_two = True
    collectivite.opsn.save()
    collectivite.level_two_opened_at = MORNING
    collectivite.save()
    return AssessmentFactory(
        questionnaire=edition, collectivite=collectivite, level=Level.TWO, asked=3
    )


def value(given: str, comment: str = "") -> Value:
    """Return « oui », « non » or an option as a value; "nsp" and "nc" are the two other states."""
    states = {"nsp": AnswerState.UNKNOWN, "nc": AnswerState.NOT_APPLICABLE}
    if given in states:
        return Value(state=states[given], comment=comment)
    return Value(state=AnswerState.ANSWERED, choice=given, comment=comment)


def answer(assessment: Assessment, *, by=None, at=MORNING, **answers: str) -> Recorded:
    """Record answers by code of question: `answer(assessment, by=alice, ACH1="oui", ACH2="nsp")`."""
    rows = Question.objects.filter(theme__questionnaire=assessment.questionnaire_id)
    questions = {question.code: question for question in rows.filter(code__in=answers)}
    versions = dict(assessment.answers.values_list("question__code", "version"))
    given = [
        GivenAnswer(questions[code], value(text), versions.get(code, 0))
        for code, text in answers.items()
    ]
    return record_answers(assessment=assessment, given=given, by=by, at=at)


class FactorSetFactory(factory.django.DjangoModelFactory):
    """In force since 2026, with the laptop and the screen of the ADEME."""

    class Meta:
        model = FactorSet
        skip_postgeneration_save = True

    version = factory.Sequence(lambda n: f"2.{n}")
    in_force_from = factory.Sequence(lambda n: date(2026, 1, 1 + n % 28))
    source = "ADEME, modèle publicodes"
    source_url = "https://github.com/incubateur-ademe/publicodes-acv-numerique"
    electricity = Decimal("0.0519")

    @factory.post_generation
    def rows(self, create, extracted, **kwargs):
        for family, row in (extracted or FACTORS).items():
            EmissionFactor.objects.create(
                factors=self,
                family=family,
                source=self.source,
                source_url=self.source_url,
                **dict(zip(FACTOR_VALUES, map(Decimal, row.split()), strict=True)),
            )


def answer_numbers(assessment: Assessment, **numbers) -> None:
    """Set figures up by code of question, without the scores: `answer_numbers(assessment, PAR8A=4)`."""
    rows = Question.objects.filter(theme__questionnaire=assessment.questionnaire_id)
    for question in rows.filter(code__in=numbers):
        Answer.objects.create(
            assessment=assessment,
            question=question,
            state=AnswerState.ANSWERED,
            number=numbers[question.code],
        )
