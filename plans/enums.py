from django.db import models


class Status(models.TextChoices):
    TO_DEFINE = "to_define", "à définir"
    TO_PLAN = "to_plan", "à planifier"
    PLANNED = "planned", "planifiée"
    IN_PROGRESS = "in_progress", "en cours"
    DONE = "done", "réalisée"
    DROPPED = "dropped", "abandonnée"


FINISHED = (Status.DONE, Status.DROPPED)


class Standing(models.TextChoices):
    """Whether an action is part of the plan: what an OPSN proposes waits for the commune."""

    ADOPTED = "adopted", "dans le plan"
    PROPOSED = "proposed", "proposée par l’OPSN"
    DECLINED = "declined", "proposition écartée"


class LoopState(models.TextChoices):
    """What the commune made of the new answer that a done action allows."""

    WAITING = "waiting", "à décider"
    ANSWERED = "answered", "réponse mise à jour"
    KEPT = "kept", "réponse laissée telle quelle"


class Event(models.TextChoices):
    CREATED = "created", "action ajoutée au plan"
    PROPOSED = "proposed", "action proposée"
    ACCEPTED = "accepted", "proposition acceptée"
    DECLINED = "declined", "proposition écartée"
    CHANGED = "changed", "action modifiée"
    STATUS = "status", "statut changé"
    STEP = "step", "étape"
    INDICATOR = "indicator", "indicateur"
    ANSWERED = "answered", "réponse du questionnaire mise à jour"
    KEPT = "kept", "réponse du questionnaire laissée telle quelle"
    IMPORTED = "imported", "mise à jour par un import"


class ImportState(models.TextChoices):
    PREVIEWED = "previewed", "à confirmer"
    APPLIED = "applied", "appliqué"
