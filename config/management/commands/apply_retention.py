from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts import retention as accounts
from imports import retention as imports
from plans import retention as plans
from questions import retention as questions
from supervision import retention as supervision
from territories import retention as territories

RULES = (
    ("inscriptions jamais confirmées effacées", accounts.delete_unconfirmed),
    ("comptes inactifs prévenus", accounts.warn_idle),
    ("comptes inactifs rendus anonymes", territories.anonymise_idle),
    ("demandes refusées ou sans suite effacées", territories.delete_requests),
    ("rattachements terminés effacés", territories.delete_departures),
    ("invitations sans réponse effacées", territories.delete_invitations),
    ("invitations dans un OPSN effacées", supervision.delete_invitations),
    ("jetons d’accès périmés effacés", supervision.delete_tokens),
    ("accords à une intercommunalité quittée terminés", supervision.end_consents),
    ("fichiers d’exports périmés effacés", supervision.delete_exports),
    ("évaluations provisoires effacées", questions.delete_provisional),
    ("fichiers de pièces sans pièce effacés", questions.delete_stray_files),
    ("aperçus d’imports d’actions effacés", plans.delete_imports),
    ("imports jamais confirmés abandonnés", imports.give_up_waiting),
    ("détails d’imports anciens effacés", imports.erase_details),
    ("envois du point de la semaine oubliés", plans.delete_digests),
    ("lignes du journal effacées", territories.trim_journal),
)


class Command(BaseCommand):
    help = (
        "Applique les durées de conservation annoncées sur la page « Données personnelles ». "
        "À lancer chaque nuit ; relancée, ne fait rien de plus."
    )

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="compte sans rien changer")

    def handle(self, *args, **options):
        """Apply every rule, whatever becomes of the others. Raises CommandError at the end when one failed."""
        at, failed = timezone.now(), {}
        for label, rule in RULES:
            try:
                count = rule(at=at, dry=options["dry_run"])
            except Exception as error:
                failed[label] = error
            else:
                self.stdout.write(f"{count} {label}")
        if failed:
            # The kinds of errors only: their messages name people. --traceback shows them.
            which = ", ".join(f"{label} ({type(e).__name__})" for label, e in failed.items())
            raise CommandError(f"Règles en échec, les autres sont passées : {which}.") from (
                ExceptionGroup("apply_retention", list(failed.values()))
            )
