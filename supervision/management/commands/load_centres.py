from django.core.management.base import BaseCommand

from supervision.centres import load_centres


class Command(BaseCommand):
    help = "Charge le centre des communes, pour la carte ; relancée, ne change rien."

    def handle(self, *args, **options):
        self.stdout.write(f"centres des communes : {load_centres()}")
