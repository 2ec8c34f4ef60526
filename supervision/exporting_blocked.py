"""Who is stuck, as a file; the journal tells of it."""

from collections.abc import Iterator
from datetime import datetime

from django.utils import timezone

from accounts.models import User
from supervision import rules
from supervision.blocked import BlockedFilters, blocked_page
from supervision.exporting import Export, FileKind, export_sheets
from supervision.exports.files import Sheet
from territories.affiliation import NotEntitled

AT_A_TIME = 200
DEFINITIONS = (
    ("Une ligne", "Une évaluation commencée, sans réponse depuis le délai choisi, trois semaines à défaut ; la plus ancienne d’abord."),
    ("Arrêtée à", "La première question qui attend une réponse ; rien quand il ne reste qu’à clôturer."),
    ("À confirmer", "La réponse a été reprise de l’évaluation d’avant et attend d’être confirmée."),
    ("Progression", "Questions traitées, sur celles qui sont posées à la collectivité."),
    ("Rendez-vous", "Le prochain que note une visite ; passé, il n’est plus là."),
)  # fmt: skip
COLUMNS = (
    ("Code INSEE", 12), ("SIREN", 12), ("Collectivité", 40), ("Dernière réponse", 18), ("Code", 10),
    ("Arrêtée à", 70), ("Thème", 34), ("À confirmer", 12), ("Traitées", 10), ("Posées", 10),
    ("Ne sait pas", 12), ("Dernière relance", 18), ("Prochain rendez-vous", 18),
)  # fmt: skip


def export_blocked(*, filters: BlockedFilters, kind: FileKind, by: User, at: datetime) -> Export:
    """Make the file of those that the filters keep. Raises NotEntitled, WrongFilters."""
    if not rules.can_open_console(by, filters.territory.opsn):
        raise NotEntitled
    filters.check()
    return export_sheets(
        [Sheet("Bloquées", COLUMNS, _rows(filters, at))],
        title="Qui est bloqué",
        name="bloquees",
        words=filters.in_words(),
        definitions=DEFINITIONS,
        territory=filters.territory,
        kind=kind,
        by=by,
        at=at,
    )


def _rows(filters: BlockedFilters, at: datetime) -> Iterator[tuple]:
    """Yield the lines in the order of the screen, read a few hundred at a time."""
    keys = list(filters.rows(at=at).values_list("pk", flat=True))
    for start in range(0, len(keys), AT_A_TIME):
        for line in blocked_page(keys[start : start + AT_A_TIME], today=timezone.localdate(at)):
            assessment, question = line.assessment, line.question
            yield (
                assessment.collectivite.code_insee or "",
                assessment.collectivite.siren or "",
                assessment.collectivite.name,
                assessment.last,
                question.code if question else "",
                question.text if question else "",
                question.theme.title if question else "",
                "oui" if line.waits_to_be_confirmed else "",
                assessment.answered,
                assessment.asked,
                assessment.unknown,
                assessment.relaunched_on,
                assessment.next_visit_on,
            )
