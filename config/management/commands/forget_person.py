from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from supervision.models import OpsnInvitation
from territories.retention import forget, forget_address


class Command(BaseCommand):
    help = (
        "Efface une personne à sa demande : son compte devient anonyme, ses rattachements prennent fin, son adresse quitte "
        "les invitations et le journal. Ce qu’elle a répondu reste à sa collectivité, sans son nom. Sans retour."
    )

    def add_arguments(self, parser):
        parser.add_argument("address", help="l’adresse de son compte, ou celle où elle fut invitée")

    @transaction.atomic
    def handle(self, *args, **options):
        """Forget the account of an address, or the address alone. Raises CommandError when nothing holds it."""
        address = options["address"].strip()
        invited, _ = OpsnInvitation._base_manager.filter(email__iexact=address).delete()
        user = User.objects.filter(email__iexact=address).first()
        if user:
            forget(user, at=timezone.now())
            self.stdout.write(f"Le compte {user.pk} est anonyme.")
        elif invited + forget_address(address):
            self.stdout.write("Cette adresse n’a pas de compte ; ses invitations sont effacées.")
        else:
            raise CommandError("Ni compte ni invitation n’a cette adresse.")
