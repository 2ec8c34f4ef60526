from django.core.management.base import BaseCommand

from imports.reference import load_opsns, load_reference


class Command(BaseCommand):
    help = (
        "Charge les communes, EPCI, départements et régions de France ; relancée, ne change rien."
    )

    def handle(self, *args, **options):
        for label, report in load_reference():
            self.stdout.write(
                f"{label} : {report.created} créées, {report.updated} mises à jour, "
                f"{report.unchanged} inchangées, {report.rejected} refusées"
            )
            for problem in report.problems[:10]:
                self.stderr.write(
                    f"  ligne {problem.line}, {problem.column} « {problem.value} » : {problem.sentence}"
                )
        self.stdout.write(f"OPSN : {load_opsns()} créés")
