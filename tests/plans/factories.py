from datetime import UTC, datetime

import factory

from plans.enums import Standing, Status
from plans.models import Action, ActionStep, Indicator, Plan
from tests.questions.factories import (
    AssessmentFactory,
    MeasureFactory,
    QuestionFactory,
    QuestionnaireFactory,
    ThemeFactory,
    answer,
)
from tests.territories.factories import CollectiviteFactory, OpsnFactory

NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
JUST_AFTER_MIDNIGHT = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)  # 1 December in Paris


class PlanFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Plan

    collectivite = factory.SubFactory(CollectiviteFactory)
    last_number = 1000  # actions that a test creates by acts come after those of the factory


class ActionFactory(factory.django.DjangoModelFactory):
    """Adopted, to define; `done=True` for one that is done, `proposed=True` for one that its OPSN proposes."""

    class Meta:
        model = Action

    class Params:
        done = factory.Trait(status=Status.DONE, done_on=NOON.date())
        proposed = factory.Trait(
            standing=Standing.PROPOSED, proposed_by_opsn=factory.SubFactory(OpsnFactory)
        )

    plan = factory.SubFactory(PlanFactory)
    number = factory.Sequence(lambda n: n + 1)
    title = factory.LazyAttribute(lambda o: f"Action numéro {o.number}")
    created_at = NOON
    updated_at = NOON


class StepFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ActionStep

    action = factory.SubFactory(ActionFactory)
    position = factory.Sequence(lambda n: n + 1)
    text = factory.LazyAttribute(lambda o: f"Étape {o.position}")


class IndicatorFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Indicator

    action = factory.SubFactory(ActionFactory)
    label = "Part des agents informés"
    unit = "%"


def answered_commune(collectivite, by, *, measures=True, **answers: str):
    """Return the open assessment of a commune that answered one question per keyword, each with its measure.

    `answered_commune(commune, alice, ACH1="non", ACH2="oui")`: theme « achats », measures M-ACH1 and M-ACH2.
    """
    questionnaire = QuestionnaireFactory()
    theme = ThemeFactory(questionnaire=questionnaire, code="achats", title="Achats", order=1)
    for order, code in enumerate(answers, start=1):
        linked = [MeasureFactory(code=f"M-{code}")] if measures else []
        QuestionFactory(theme=theme, code=code, order=order, measures=linked)
    assessment = AssessmentFactory(collectivite=collectivite, questionnaire=questionnaire)
    answer(assessment, by=by, **answers)
    assessment.refresh_from_db()
    return assessment
