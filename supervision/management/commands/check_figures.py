from itertools import islice

from django.core.management.base import BaseCommand, CommandError

from supervision.checking import count_closed, drifts

SHOWN = 20


class Command(BaseCommand):
    help = (
        "Recalcule tous les chiffres depuis les réponses et signale ce qui diffère de ce qui est gardé. Ne répare rien. "
        "À lancer chaque nuit ; sort en erreur s’il y a une dérive."
    )

    def handle(self, *args, **options):
        closed = count_closed()
        found = drifts()
        shown = list(islice(found, SHOWN))
        for drift in shown:
            self.stderr.write(str(drift))
        if shown:
            left = sum(1 for _ in found)
            more = f" (et {left} autres)" if left else ""
            raise CommandError(f"{len(shown)} dérives{more} sur {closed} évaluations closes.")
        self.stdout.write(f"{closed} évaluations closes recalculées, aucune dérive.")
