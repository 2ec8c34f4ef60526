"""What the matrix asks of the imports of ALPHA's OPSN: one file, with a row to write and one that is refused."""

from django.utils import timezone

from imports import running
from questions.models import Questionnaire


def run_of(alpha, *, by, marker: str):
    """A list of the OPSN; each of its texts holds the marker."""
    rows = (
        f"Code INSEE;Nom;E-mail\n{alpha.code_insee};{marker};neuve@alpha.example\n60X01;{marker};\n"
    )
    return running.start(
        kind="collectivites",
        content=rows.encode(),
        file_name=f"{marker}.csv",
        opsn=alpha.opsn,
        by=by,
        at=timezone.now(),
    )


def of_run(world) -> dict:
    return {"pk": world.objects["run"].pk}


OF_RUN = ("run", "columns", "choices", "confirm", "cancel", "undo", "refused")

ARGUMENTS = {
    **{f"imports:{name}": of_run for name in OF_RUN},
    **{f"imports:{name}": lambda world: {"kind": "contacts"} for name in ("upload", "template")},
    "imports:edition": lambda world: {"pk": Questionnaire.objects.current(1).pk},
}
BODIES = {"imports:confirm": lambda world: {"digest": world.objects["run"].digest}}
