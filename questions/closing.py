"""An assessment is closed: complete, with its cohort and the version of the formula, and never changes again."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from questions.answering import lock_open, write_scores
from questions.counting import WHEN, settle, write_figures
from questions.enums import AssessmentState, Level
from questions.models import Assessment, FactorSet
from questions.progress import Progress
from questions.sheets import answer_sheet
from territories.enums import AuditAction, stratum
from territories.journal import record
from territories.models import Collectivite
from territories.scoping import everything


class NotAdopted(Exception):
    """A provisional assessment speaks for nobody yet."""

    def __str__(self) -> str:
        return (
            "Cette évaluation est provisoire : vous pourrez la clôturer dès que votre rattachement sera accepté. "
            "Vos réponses sont gardées."
        )


class Incomplete(Exception):
    """Visible questions have no answer, or one that waits to be confirmed; `progress` tells which."""

    def __init__(self, progress: Progress):
        super().__init__(f"{len(progress.left)} questions")
        self.progress = progress

    def __str__(self) -> str:
        count = len(self.progress.left)
        questions = "une question attend" if count == 1 else f"{count} questions attendent"
        return f"Avant de clôturer : {questions} encore une réponse."


def close_assessment(*, assessment: Assessment, by: User, at: datetime) -> Assessment:
    """Close a complete assessment; « ne sait pas » is an answer. Raises AssessmentClosed, NotAdopted, Incomplete."""
    with transaction.atomic(), everything():
        assessment = lock_open(assessment)
        if assessment.is_provisional:
            raise NotAdopted
        sheet = answer_sheet(assessment)
        if not sheet.progress.is_complete:
            raise Incomplete(sheet.progress)
        write_scores(assessment, sheet, at=None)
        _freeze_cohort(assessment)
        _freeze_factors(assessment, at)
        write_figures(assessment, sheet)
        assessment.state = AssessmentState.CLOSED
        assessment.closed_by, assessment.closed_at = by, at
        assessment.save()
        settle(assessment.collectivite_id, assessment.level)
        assessment.refresh_from_db(fields=WHEN)
        record(AuditAction.ASSESSMENT_CLOSED, assessment.collectivite, by=by, at=at)
    return assessment


def _freeze_cohort(assessment: Assessment) -> None:
    """Keep what the collectivité was that day: later moves do not rewrite past figures."""
    collectivite = Collectivite.objects.select_related("departement").get(
        pk=assessment.collectivite_id
    )
    assessment.cohort_kind = collectivite.kind
    assessment.cohort_population = collectivite.population
    assessment.cohort_stratum = stratum(collectivite.population)
    assessment.cohort_epci_id = collectivite.epci_id
    assessment.cohort_departement_id = collectivite.departement_id
    assessment.cohort_region_id = collectivite.departement and collectivite.departement.region_id
    assessment.cohort_opsn_id = collectivite.opsn_id


def _freeze_factors(assessment: Assessment, at: datetime) -> None:
    """Keep the emission factors of that day: the footprint of a closed assessment does not move."""
    if assessment.level == Level.TWO:
        assessment.factors = FactorSet.objects.in_force(timezone.localdate(at))
