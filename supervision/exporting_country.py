"""The country by région and by OPSN, as a file; the journal tells of it."""

from collections.abc import Iterable
from datetime import datetime

from accounts.models import User
from supervision import rules
from supervision.country import COUNTRY, Line, by_opsn, by_region, total
from supervision.exporting import Export, FileKind, export_sheets
from supervision.exports.files import Sheet
from supervision.selecting import FigureFilters
from territories.affiliation import NotEntitled

DEFINITIONS = (
    ("Participation", "Les collectivités d’aujourd’hui : celles qui existent, celles où quelqu’un est inscrit, celles qui ont clos une évaluation du niveau. L’édition et la période choisies n’y changent rien."),
    ("Indice", "100 × points obtenus ÷ points possibles, arrondi à l’entier ; moyenne et médiane à une décimale, de la dernière évaluation close de chacune, ou de celle de l’édition ou de la période choisie."),
    ("Région", "Pour les indices, celle du jour de la clôture."),
    ("OPSN", "Celui d’aujourd’hui ; un OPSN qui n’est plus actif compte encore ses collectivités."),
)  # fmt: skip
COLUMNS = (
    ("Collectivités", 14), ("Inscrites", 12), ("Closes", 12), ("Sur 100", 10), ("Avec un indice", 16),
    ("Moyenne", 10), ("Médiane", 10),
)  # fmt: skip


def export_country(*, filters: FigureFilters, kind: FileKind, by: User, at: datetime) -> Export:
    """Make the file of what the filters keep. Raises NotEntitled, WrongFilters."""
    if not rules.can_open_console(by, None):
        raise NotEntitled
    filters.check()
    selection = filters.selection()
    regions = by_region(selection)
    return export_sheets(
        [
            _sheet("Régions", "Région", [*regions, total(regions)]),
            _sheet("OPSN", "OPSN", by_opsn(selection)),
        ],
        title="Le pays, par région et OPSN",
        name="pays",
        words=filters.in_words(),
        definitions=DEFINITIONS,
        territory=COUNTRY,
        kind=kind,
        by=by,
        at=at,
    )


def _sheet(title: str, place: str, lines: Iterable[Line]) -> Sheet:
    rows = [
        (
            line.label,
            line.collectivites,
            line.registered,
            line.closed,
            line.share,
            line.indices.count,
            line.indices.mean,
            line.indices.median,
        )
        for line in lines
    ]
    return Sheet(title, ((place, 44), *COLUMNS), rows)
