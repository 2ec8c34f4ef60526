from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from config.demo import PASSWORD, load_demo

ACCOUNTS = (
    ("alice@demo.example", "référente de Valmont-sur-Claire, commune imaginaire"),
    ("bob@demo.example", "contributeur de la même commune"),
    ("lea@demo.example", "lectrice de la même commune"),
    ("paul@demo.example", "attend d’être accepté par la commune"),
    ("chloe@demo.example", "référente de Bourg-en-Brême, commune imaginaire"),
    ("eva@demo.example", "référente de leur intercommunalité, imaginaire aussi"),
    ("omar@demo.example", "responsable d’un OPSN imaginaire"),
    ("edith@demo.example", "éditrice nationale : /admin/"),
    ("nadia@demo.example", "administratrice nationale : /admin/"),
    ("admin@demo.example", "super-utilisateur : /admin/"),
)


class Command(BaseCommand):
    help = "Crée les comptes et les communes de démonstration ; jamais en production."

    def handle(self, *args, **options):
        if not getattr(settings, "DEMO_DATA", False):
            raise CommandError("Les données de démonstration ne vont pas en production.")
        load_demo(at=timezone.now())
        self.stdout.write(f"\nComptes de démonstration, mot de passe « {PASSWORD} » :")
        for email, role in ACCOUNTS:
            self.stdout.write(f"  {email:<22}{role}")
        self.stdout.write("")
