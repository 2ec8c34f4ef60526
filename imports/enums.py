from django.db import models


class ImportKind(models.TextChoices):
    COLLECTIVITES = "collectivites", "Collectivités de l’OPSN"
    CONTACTS = "contacts", "Contacts à inviter"
    OPSNS = "opsns", "OPSN"
    COMMUNES = "communes", "Communes de France"
    EPCIS = "epcis", "Intercommunalités de France"
    FORMER_COMMUNES = "former_communes", "Communes nouvelles et anciennes communes"
    EDITION = "edition", "Édition d’un questionnaire"
    ANSWERS = "answers", "Réponses d’une évaluation"


# Kinds that change the lists of the whole country: only the national team may bring them.
NATIONAL_KINDS = (
    ImportKind.OPSNS,
    ImportKind.COMMUNES,
    ImportKind.EPCIS,
    ImportKind.FORMER_COMMUNES,
    ImportKind.EDITION,
)


class RunState(models.TextChoices):
    READ = "read", "lu"
    PREVIEWED = "previewed", "à confirmer"
    RUNNING = "running", "en cours"
    APPLIED = "applied", "appliqué"
    REFUSED = "refused", "fichier refusé"
    INTERRUPTED = "interrupted", "interrompu"
    CANCELLED = "cancelled", "abandonné"
    UNDONE = "undone", "annulé"


# From these a run can be confirmed.
CONFIRMABLE = (RunState.PREVIEWED, RunState.INTERRUPTED)
# From these it can be previewed again.
PREVIEWABLE = (RunState.READ, *CONFIRMABLE)
# In these the run has written, even if it was taken back since.
WRITTEN_STATES = (RunState.APPLIED, RunState.UNDONE)
# In these a run still needs its file.
OPEN_STATES = (RunState.READ, RunState.PREVIEWED, RunState.RUNNING, RunState.INTERRUPTED)


class Outcome(models.TextChoices):
    """What becomes of one line."""

    CREATED = "created", "à créer"
    ATTACHED = "attached", "à rattacher"
    UPDATED = "updated", "à mettre à jour"
    UNCHANGED = "unchanged", "sans changement"
    AMBIGUOUS = "ambiguous", "à préciser"
    REJECTED = "rejected", "refusée"

    def words(self, *, count: int = 1, written: bool) -> str:
        """Return what it is called for so many lines, before or after they are written: « à créer », « créées »."""
        one, many = DONE[self] if written or self == Outcome.REJECTED else (self.label, self.label)
        return many if count > 1 else one


DONE = {
    Outcome.CREATED: ("créée", "créées"),
    Outcome.ATTACHED: ("rattachée", "rattachées"),
    Outcome.UPDATED: ("mise à jour", "mises à jour"),
    Outcome.UNCHANGED: ("sans changement", "sans changement"),
    Outcome.AMBIGUOUS: ("laissée de côté", "laissées de côté"),
    Outcome.REJECTED: ("refusée", "refusées"),
}

WRITING = (Outcome.CREATED, Outcome.ATTACHED, Outcome.UPDATED)
