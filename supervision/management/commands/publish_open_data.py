"""Publish the open data, if enough has changed; run it once a month or so."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from supervision.open_data import NothingToPublish, publish


class Command(BaseCommand):
    help = (
        "Publie les données ouvertes si assez de collectivités ont changé depuis la dernière fois."
    )

    def handle(self, *args, **options):
        try:
            release = publish(by=None, at=timezone.now())
        except NothingToPublish as error:
            self.stdout.write(str(error))
        else:
            self.stdout.write(f"{len(release.members)} collectivités publiées.")
