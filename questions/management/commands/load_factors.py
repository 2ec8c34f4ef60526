from django.core.management.base import BaseCommand

from questions.factors import load_factors


class Command(BaseCommand):
    help = "Charge le jeu de facteurs d’émission de départ ; relancée, ne change rien."

    def handle(self, *args, **options):
        self.stdout.write(
            "Facteurs d’émission : chargés" if load_factors() else "Facteurs d’émission : déjà là"
        )
