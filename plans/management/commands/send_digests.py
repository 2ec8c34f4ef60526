from django.core.management.base import BaseCommand
from django.utils import timezone

from plans.digest import send_digests
from plans.wording import count_of


class Command(BaseCommand):
    help = (
        "Envoie le point de la semaine (actions en retard, échéances à 7 et 30 jours) aux responsables et aux référents. "
        "À lancer le lundi ; relancée dans la semaine, n’envoie qu’à ceux qui ne l’ont pas encore."
    )

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="compte sans rien envoyer")

    def handle(self, *args, **options):
        sent = send_digests(at=timezone.now(), dry=options["dry_run"])
        one, many = ("à envoyer",) * 2 if options["dry_run"] else ("envoyé", "envoyés")
        self.stdout.write(
            count_of(sent.digests, f"point de la semaine {one}", f"points de la semaine {many}")
        )
        if sent.failed:
            which = count_of(sent.failed, "courriel n’a pas pu", "courriels n’ont pas pu")
            self.stderr.write(f"{which} partir : relancez plus tard.")
