"""What the matrix asks of ALPHA's plan: an action with everything in it, one that is done, one that its OPSN proposes."""

from datetime import date

from django.utils import timezone

from plans.agenda import open_feed
from plans.digest import unsubscribe_token
from plans.models import ActionImport, ActionNote
from tests.plans.factories import ActionFactory, IndicatorFactory, PlanFactory, StepFactory


def plan_of(alpha, *, by, marker: str) -> dict:
    plan = PlanFactory(collectivite=alpha, title=marker)
    action = ActionFactory(plan=plan, title=marker, description=marker, due_on=date(2027, 6, 30))
    ActionNote.objects.create(action=action, text=marker, author=by)
    return {
        "action": action,
        "step": StepFactory(action=action, text=marker),
        "indicator": IndicatorFactory(action=action, label=marker),
        "done": ActionFactory(plan=plan, title=marker, question_code="ACH1", done=True),
        "proposed": ActionFactory(
            plan=plan, title=marker, proposed=True, proposed_by_opsn=alpha.opsn
        ),
        "import": ActionImport.objects.create(
            plan=plan, file_name=marker, sha256="0" * 64, by=by, rows=[]
        ),
        "feed": open_feed(plan=plan, by=by, at=timezone.now()),
        "unsubscribe": unsubscribe_token(by),
    }


def of_plan(world) -> dict:
    return {"pk": world.objects["alpha"].pk}


def of(name: str):
    return lambda world: {"pk": world.objects[name].pk}


def of_measure(world) -> dict:
    return {**of_plan(world), "code": world.objects["measure"].code}


def of_step(world) -> dict:
    return {"pk": world.objects["action"].pk, "step": world.objects["step"].pk}


OF_PLAN = (
    "table",
    "board",
    "calendar",
    "print",
    "proposals",
    "adopt",
    "target",
    "set_target",
    "new",
    "several",
    "outputs",
    "presentation",
    "export_xlsx",
    "export_ods",
    "export_docx",
    "open_calendar",
    "close_calendar",
    "import",
)
OF_ACTION = ("action", "edit", "status", "note", "history", "steps", "tick", "new_indicator")

ARGUMENTS = {
    **{f"plans:{name}": of_plan for name in OF_PLAN},
    **{f"plans:{name}": of("action") for name in OF_ACTION},
    **{f"plans:{name}": of("proposed") for name in ("accept", "decline")},
    **{f"plans:{name}": of("done") for name in ("answers", "keep")},
    **{
        f"plans:{name}": of("indicator")
        for name in ("indicator", "record", "aim", "remove_indicator")
    },
    **{f"plans:{name}": of_measure for name in ("set_aside", "propose_again")},
    **{f"plans:{name}": of_step for name in ("move_step", "remove_step")},
    "plans:preview": lambda world: {**of_plan(world), "run": world.objects["import"].pk},
    "plans:feed": lambda world: {"token": world.objects["feed"]},
    "plans:unsubscribe": lambda world: {"token": world.objects["unsubscribe"]},
}
BODIES = {
    "plans:adopt": lambda world: {"measure": [world.objects["measure"].code]},
    "plans:set_target": lambda world: {"indice": "60"},
    "plans:note": lambda world: {"text": "Une note"},
    "plans:status": lambda world: {"status": "planned", "version": 1},
    "plans:record": lambda world: {"on": "2027-01-31", "value": "1"},
}
