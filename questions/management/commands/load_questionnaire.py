from django.core.management.base import BaseCommand
from django.utils import timezone

from questions.enums import Level
from questions.loading import load_edition

EDITION = "2027"
# Level 2 rests on the questions and measures of level 1: it comes second.
TITLES = {
    Level.ONE: (
        "Sobriété numérique : les premiers repères",
        "Trente questions simples pour savoir où en est votre collectivité et par où commencer.",
    ),
    Level.TWO: (
        "Sobriété numérique : l’évaluation complète",
        "Neuf thèmes, des chiffres et des dates : le tour complet, à faire à plusieurs et avec votre OPSN. "
        "Ce qui ne concerne pas votre collectivité n’est pas demandé.",
    ),
}


class Command(BaseCommand):
    help = "Charge les éditions de départ des niveaux 1 et 2 et leurs mesures ; relancée, ne change rien."

    def handle(self, *args, **options):
        for level, (title, introduction) in TITLES.items():
            loaded = load_edition(
                level=level,
                edition=EDITION,
                title=title,
                introduction=introduction,
                at=timezone.now(),
            )
            self.stdout.write(
                f"Niveau {level}, édition {EDITION} : {loaded.questions} questions et {loaded.measures} mesures créées"
                if loaded.edition
                else f"Niveau {level}, édition {EDITION} : déjà là"
            )
