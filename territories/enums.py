from django.db import models


class CollectiviteKind(models.TextChoices):
    COMMUNE = "commune", "commune"
    CC = "cc", "communauté de communes"
    CA = "ca", "communauté d’agglomération"
    CU = "cu", "communauté urbaine"
    METROPOLE = "metropole", "métropole"
    SYNDICAT = "syndicat", "syndicat"
    DEPARTEMENT = "departement", "département"
    AUTRE = "autre", "autre collectivité"


EPCI_KINDS = (
    CollectiviteKind.CC,
    CollectiviteKind.CA,
    CollectiviteKind.CU,
    CollectiviteKind.METROPOLE,
)


class MemberRole(models.TextChoices):
    REFERENT = "referent", "référent"
    CONTRIBUTEUR = "contributeur", "contributeur"
    LECTEUR = "lecteur", "lecteur"


class MemberState(models.TextChoices):
    PENDING = "pending", "en attente"
    ACTIVE = "active", "membre"
    REFUSED = "refused", "refusé"
    LEFT = "left", "parti"


class Verification(models.TextChoices):
    """How it was verified that a person may speak for a collectivité."""

    OFFICIAL_EMAIL = "official_email", "adresse officielle de la collectivité"
    OWN_DOMAIN = "own_domain", "nom de domaine de la collectivité"
    OFFICIAL_CODE = "official_code", "code reçu à l’adresse officielle"
    REFERENT = "referent", "accord d’un référent"
    INVITATION = "invitation", "invitation d’un référent"
    OPSN = "opsn", "accord de l’OPSN"
    NATIONAL = "national", "accord de l’équipe nationale"


class OpsnRole(models.TextChoices):
    RESPONSABLE = "responsable", "responsable"
    CONSEILLER = "conseiller", "conseiller"


class AuditAction(models.TextChoices):
    MEMBERSHIP_REQUESTED = "membership_requested", "demande de rattachement"
    MEMBERSHIP_OPENED = "membership_opened", "rattachement immédiat"
    OFFICIAL_CODE_SENT = "official_code_sent", "code envoyé à l’adresse officielle"
    MEMBERSHIP_APPROVED = "membership_approved", "demande acceptée"
    MEMBERSHIP_REFUSED = "membership_refused", "demande refusée"
    MEMBERSHIP_CONTESTED = "membership_contested", "rattachement contesté"
    MEMBERSHIP_LEFT = "membership_left", "départ"
    MEMBERSHIP_REMOVED = "membership_removed", "retrait d’un membre"
    ROLE_CHANGED = "role_changed", "changement de rôle"
    INVITATION_SENT = "invitation_sent", "invitation envoyée"
    INVITATION_ACCEPTED = "invitation_accepted", "invitation acceptée"
    INVITATION_CANCELLED = "invitation_cancelled", "invitation annulée"
    ASSESSMENT_OPENED = "assessment_opened", "évaluation ouverte"
    ASSESSMENT_CLOSED = "assessment_closed", "évaluation clôturée"
    EDITION_CHANGED = "edition_changed", "passage à une autre édition"
    LEVEL_TWO_OPENED = "level_two_opened", "niveau 2 ouvert"
    LEVEL_TWO_CLOSED = "level_two_closed", "niveau 2 fermé"
    ANSWERED_FOR = "answered_for", "réponses au nom de la collectivité"
    THEME_REVIEWED = "theme_reviewed", "relecture d’un thème"
    EVIDENCE_DATED = "evidence_dated", "validité d’une pièce changée"
    EVIDENCE_REMOVED = "evidence_removed", "pièce justificative retirée"
    RESULTS_EXPORTED = "results_exported", "résultats exportés"
    RELAUNCHED = "relaunched", "relance envoyée"
    VISIT_NOTED = "visit_noted", "visite notée"
    ADVISER_CHANGED = "adviser_changed", "conseiller référent changé"
    ATTACHED = "attached", "rattachement à l’OPSN"
    DETACHED = "detached", "fin du rattachement à l’OPSN"
    ATTACHMENT_ASKED = "attachment_asked", "demande de rattachement à l’OPSN"
    ATTACHMENT_REFUSED = "attachment_refused", "demande de rattachement refusée"
    OPSN_MEMBER_INVITED = "opsn_member_invited", "invitation dans l’OPSN"
    OPSN_MEMBER_JOINED = "opsn_member_joined", "arrivée dans l’OPSN"
    OPSN_MEMBER_REMOVED = "opsn_member_removed", "retrait d’un membre de l’OPSN"
    OPSN_ROLE_CHANGED = "opsn_role_changed", "changement de rôle dans l’OPSN"
    OPSN_CHANGED = "opsn_changed", "fiche de l’OPSN changée"
    COLLECTIVITE_CHANGED = "collectivite_changed", "fiche de la collectivité changée"
    TERRITORY_EXPORTED = "territory_exported", "export du territoire"
    IMPORT_APPLIED = "import_applied", "import appliqué"
    IMPORT_UNDONE = "import_undone", "import annulé"
    OPEN_DATA_EXPORTED = "open_data_exported", "extrait open data"
    CONSENT_GIVEN = "consent_given", "chiffres montrés à l’intercommunalité"
    CONSENT_WITHDRAWN = "consent_withdrawn", "chiffres retirés à l’intercommunalité"
    CAMPAIGN_OPENED = "campaign_opened", "campagne ouverte"
    CAMPAIGN_CLOSED = "campaign_closed", "campagne clôturée"
    OPEN_DATA_PUBLISHED = "open_data_published", "données ouvertes publiées"
    TOKEN_CREATED = "token_created", "jeton d’accès créé"
    TOKEN_REVOKED = "token_revoked", "jeton d’accès révoqué"
    TOKEN_USED = "token_used", "chiffres lus par un jeton"


# Population strata (INSEE style): lower bound in inhabitants, label. Source: docs/glossary.md.
STRATA: tuple[tuple[int, str], ...] = (
    (0, "0 à 499 habitants"),
    (500, "500 à 999 habitants"),
    (1_000, "1 000 à 3 499 habitants"),
    (3_500, "3 500 à 4 999 habitants"),
    (5_000, "5 000 à 9 999 habitants"),
    (10_000, "10 000 à 19 999 habitants"),
    (20_000, "20 000 à 49 999 habitants"),
    (50_000, "50 000 à 99 999 habitants"),
    (100_000, "100 000 habitants et plus"),
)


def stratum(population: int | None) -> int | None:
    """Return the lower bound of the stratum of a population in inhabitants; None when it is unknown."""
    if population is None:
        return None
    return max(bound for bound, _ in STRATA if population >= bound)
