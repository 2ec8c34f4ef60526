from django.db import models


class Stage(models.TextChoices):
    """How far a collectivité is, the furthest step that it reached."""

    SILENT = "non-inscrite", "pas encore inscrite"
    REGISTERED = "inscrite", "inscrite"
    BEGUN = "commence", "niveau 1 commencé"
    CLOSED = "clos", "niveau 1 clos"
    LEVEL_TWO = "niveau-2", "niveau 2 ouvert"


class Attention(models.TextChoices):
    """What makes an adviser call."""

    STUCK = "bloquee", "bloquée : commencée, sans réponse depuis trois semaines"
    SILENT = (
        "silencieuse",
        "silencieuse : invitée ou inscrite, rien de commencé depuis deux semaines",
    )


class AskState(models.TextChoices):
    PENDING = "pending", "en attente"
    ACCEPTED = "accepted", "acceptée"
    REFUSED = "refused", "refusée"
    CANCELLED = "cancelled", "annulée"


class CampaignStep(models.TextChoices):
    """How far a collectivité is in a campaign, the furthest step that it reached."""

    TO_INVITE = "a-inviter", "à inviter"
    INVITED = "invitee", "invitée"
    REGISTERED = "inscrite", "inscrite, rien de commencé"
    BEGUN = "commencee", "évaluation commencée"
    CLOSED = "close", "évaluation close"


class FigureView(models.TextChoices):
    """The screens of the figures that are kept under a name; the value is the end of their address."""

    OVERVIEW = "ensemble", "vue d’ensemble"
    HEAT_MAP = "carte-de-chaleur", "carte de chaleur"
    CONTRAST = "comparer", "comparaison"
    MAP = "carte", "carte"
    PROGRESS = "progres", "progrès"
    COUNTRY = "pays", "par région et OPSN"
    REPORT = "rapport", "rapport"
    BLOCKED = "bloquees", "qui est bloqué"


CHARTS = (FigureView.OVERVIEW, FigureView.HEAT_MAP, FigureView.CONTRAST, FigureView.MAP)
"""Those that leave as a file by one address; each of the others has its own."""
FIGURE_ADDRESSES = {
    FigureView.OVERVIEW: "supervision:figures",
    FigureView.HEAT_MAP: "supervision:heat_map",
    FigureView.CONTRAST: "supervision:compare",
    FigureView.MAP: "supervision:map",
    FigureView.PROGRESS: "supervision:progress",
    FigureView.COUNTRY: "supervision:country",
    FigureView.REPORT: "supervision:report",
    FigureView.BLOCKED: "supervision:blocked",
}


class ExportKind(models.TextChoices):
    """What leaves a territory; the value is the end of its address."""

    WORKBOOK = "classeur", "classeur complet"
    ODS = "ods", "petit classeur LibreOffice"
    CSV = "csv", "fichiers csv"
    CONTACTS = "contacts", "contacts"


class ExportState(models.TextChoices):
    WAITING = "waiting", "attend son tour"
    RUNNING = "running", "en préparation"
    READY = "ready", "prêt"
    INTERRUPTED = "interrupted", "arrêté en route"
