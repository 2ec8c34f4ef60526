"""The level 2 of ALPHA, opened by N: an assessment with an answer whose comment holds the marker, and one closed."""

from datetime import UTC, datetime

from imports import running
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
    row = f"Code;Votre réponse;Commentaire\nACH9;oui;{marker}\n"
    grid = running.start(
        kind="answers",
        content=row.encode(),
        file_name=f"{marker}.csv",
        opsn=None,
        assessment=second,
        by=by,
        at=MORNING,
    )
    return {"second": second, "second_closed": closed, "grid": grid}


def of_grid(world) -> dict:
    return {"pk": world.objects["second"].pk, "run": world.objects["grid"].pk}


ARGUMENTS = {
    "grid:page": lambda world: {"pk": world.objects["second"].pk},
    "grid:download": lambda world: {"pk": world.objects["second"].pk},
    **{f"grid:{name}": of_grid for name in ("run", "confirm", "cancel")},
    "questions:answer_level_one": lambda world: {"pk": world.objects["second_closed"].pk},
    "questions:change_edition": lambda world: {"pk": world.objects["second"].pk},
    "questions:table": lambda world: {"pk": world.objects["second"].pk},
    "questions:profile": lambda world: {"pk": world.objects["second"].pk},
}
BODIES = {"grid:confirm": lambda world: {"digest": world.objects["grid"].digest}}
