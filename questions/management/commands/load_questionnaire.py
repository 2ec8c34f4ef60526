from django.core.management.base import BaseCommand
from django.utils import timezone

from questions.enums import Level
from questions.loading import load_edition

EDITION = "2027"


class Command(BaseCommand):
    help = "Charge l’édition de départ du niveau 1 et ses mesures ; relancée, ne change rien."

    def handle(self, *args, **options):
        loaded = load_edition(
            level=Level.ONE,
            edition=EDITION,
            title="Sobriété numérique : les premiers repères",
            introduction="Trente questions simples pour savoir où en est votre collectivité et par où commencer.",
            at=timezone.now(),
        )
        self.stdout.write(
            f"Niveau 1, édition {EDITION} : {loaded.questions} questions et {loaded.measures} mesures créées"
            if loaded.edition
            else f"Niveau 1, édition {EDITION} : déjà là"
        )
