"""The level 2 of ALPHA, opened by N: an assessment with an answer whose comment holds the marker, and one closed."""

from datetime import UTC, datetime

from questions.enums import Level
from tests.questions.factories import AssessmentFactory, QuestionnaireFactory, answer

MORNING = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def level_two_of(alpha, *, by, opened_by, marker: str) -> dict:
    opsn = alpha.opsn
    opsn.offers_level_two = True
    opsn.save()
    alpha.level_two_opened_at, alpha.level_two_opened_by = MORNING, opened_by
    alpha.save()
    edition = QuestionnaireFactory(level=Level.TWO, content={"achats": ["ACH1", "ACH9"]})
    second = AssessmentFactory(collectivite=alpha, questionnaire=edition, level=Level.TWO)
    answer(second, by=by, ACH1="non")
    second.answers.update(comment=marker)
    closed = AssessmentFactory(
        collectivite=alpha, questionnaire=edition, level=Level.TWO, closed=True
    )
    return {"second": second, "second_closed": closed}


ARGUMENTS = {
    "questions:answer_level_one": lambda world: {"pk": world.objects["second_closed"].pk},
    "questions:change_edition": lambda world: {"pk": world.objects["second"].pk},
    "questions:table": lambda world: {"pk": world.objects["second"].pk},
    "questions:profile": lambda world: {"pk": world.objects["second"].pk},
}
BODIES = {}
