from django.core.management.base import BaseCommand, CommandError

from cms.loading import BadContent, load_pages


class Command(BaseCommand):
    help = (
        "Charge les guides et les pages de départ (cms/content/), les droits des éditeurs et la relecture. "
        "Relancée, ne touche pas à une page qu’une personne a modifiée."
    )

    def handle(self, *args, **options):
        try:
            report = load_pages()
        except BadContent as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"Pages : {len(report.created)} créées, {len(report.updated)} mises à jour, "
            f"{len(report.unchanged)} inchangées."
        )
        for key in report.kept:
            self.stdout.write(f"{key} : modifiée dans le back-office, laissée telle quelle.")
        for link in report.broken_links:
            self.stderr.write(f"Lien vers une page qui n’existe pas : {link}")
