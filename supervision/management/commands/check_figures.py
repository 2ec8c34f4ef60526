from itertools import islice

from django.core.management.base import BaseCommand, CommandError

from questions.enums import AssessmentState
from supervision.checking import count_recomputed, drifts

SHOWN = 20


class Command(BaseCommand):
    help = (
        "Recalcule tous les chiffres depuis les réponses et signale ce qui diffère de ce qui est gardé. Ne répare rien. "
        "À lancer chaque nuit ; sort en erreur s’il y a une dérive."
    )

    def handle(self, *args, **options):
        counts = count_recomputed()
        closed = _counted(counts[AssessmentState.CLOSED], "évaluation close", "évaluations closes")
        opened = _counted(counts[AssessmentState.OPEN], "ouverte", "ouvertes")
        found = drifts()
        shown = list(islice(found, SHOWN))
        for drift in shown:
            self.stderr.write(str(drift))
        if shown:
            left = sum(1 for _ in found)
            more = f" (et {_counted(left, 'autre', 'autres')})" if left else ""
            told = _counted(len(shown), "dérive", "dérives")
            raise CommandError(f"{told}{more} sur {closed} et {opened}.")
        self.stdout.write(f"Recalculées, sans dérive : {closed} et {opened}.")


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count < 2 else many}"
