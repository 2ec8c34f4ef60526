from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = (
        "Charge tout ce qu’il faut à une instance neuve : référence nationale, pages, questionnaire "
        "(et comptes de démonstration en développement). Relancée, ne touche pas à ce qui a été modifié."
    )

    def add_arguments(self, parser):
        parser.add_argument("--without-demo", action="store_true", help="sans données fictives")

    def handle(self, *args, **options):
        call_command("createcachetable", verbosity=0)
        call_command("load_reference", stdout=self.stdout)
        call_command("load_centres", stdout=self.stdout)
        call_command("load_pages", stdout=self.stdout)
        call_command("load_questionnaire", stdout=self.stdout)
        call_command("load_factors", stdout=self.stdout)
        if getattr(settings, "DEMO_DATA", False) and not options["without_demo"]:
            call_command("load_demo", stdout=self.stdout)
