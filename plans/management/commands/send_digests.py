from django.core.management.base import BaseCommand
from django.utils import timezone

from plans.digest import send_digests


class Command(BaseCommand):
    help = (
        "Envoie le point de la semaine (actions en retard, échéances à 7 et 30 jours) aux responsables et aux référents. "
        "À lancer le lundi ; relancée dans la semaine, n’envoie qu’à ceux qui ne l’ont pas encore."
    )

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="compte sans rien envoyer")

    def handle(self, *args, **options):
        sent = send_digests(at=timezone.now(), dry=options["dry_run"])
        verb = "à envoyer" if options["dry_run"] else "envoyés"
        self.stdout.write(f"{len(sent.digests)} points de la semaine {verb}")
        if sent.failed:
            self.stderr.write(f"{sent.failed} courriels n’ont pas pu partir : relancez plus tard.")
