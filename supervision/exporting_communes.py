"""What an EPCI sees of its communes, as a file; the journal tells of it."""

from collections.abc import Iterable
from datetime import datetime

from accounts.models import User
from supervision import exporting_progress
from supervision.communes import PROGRESS, CommunesFilters
from supervision.exporting import Export, FileKind, export_sheets
from supervision.exports import figures
from supervision.exports.files import Sheet
from supervision.heat_map import whole_map
from supervision.overview import overview_of
from supervision.progress import Progress
from supervision.statistics import content
from territories.affiliation import NotEntitled
from territories.rules import can_read

AGREED = (
    "Communes",
    "Celles de l’intercommunalité d’aujourd’hui qui ont accepté d’être vues par elle ; les autres ne sont dans aucun chiffre.",
)
# Of the words of the console, those of what it sees: nobody is followed, and nothing is said of the plans.
FIGURE_WORDS = {
    "Une valeur",
    "Groupes",
    "Participation",
    "Indice",
    "Lettre",
    "Pratique",
    "Éditions",
    "Évaluations",
}
PROGRESS_WORDS = {"Une ligne", "Sans dates", "Entre deux dates", "Thèmes"}


def export_communes(*, filters: CommunesFilters, kind: FileKind, by: User, at: datetime) -> Export:
    """Make the file of a view of the communes that agreed. Raises NotEntitled, WrongFilters."""
    epci = filters.territory.epci
    if not (epci.is_epci and can_read(by, epci)):
        raise NotEntitled
    filters.check()
    is_progress = filters.view == PROGRESS
    words = exporting_progress.DEFINITIONS if is_progress else figures.DEFINITIONS
    kept = PROGRESS_WORDS if is_progress else FIGURE_WORDS
    return export_sheets(
        _progress_sheets(filters) if is_progress else _figure_sheets(filters),
        title="Progrès de nos communes" if is_progress else "Chiffres de nos communes",
        name="communes-progres" if is_progress else "communes",
        words=filters.in_words(),
        definitions=[AGREED, *(row for row in words if row[0] in kept)],
        territory=filters.territory,
        collectivite=epci,
        kind=kind,
        by=by,
        at=at,
    )


def _figure_sheets(filters: CommunesFilters) -> Iterable[Sheet]:
    selection = filters.selection()
    yield from figures.overview_sheets(overview_of(selection))
    yield from figures.heat_map_sheets(whole_map(selection))


def _progress_sheets(filters: CommunesFilters) -> Iterable[Sheet]:
    found: Progress = filters.progress(content(filters.selection().level))
    yield Sheet(
        "Communes",
        (
            ("Code INSEE", 12), ("Commune", 40), ("Avant", 10), ("Le", 18), ("Après", 10), ("Le", 18),
            ("Écart", 10),
        ),
        [
            (m.code_insee or "", m.name, m.before, m.since, m.after, m.until, m.delta)
            for m in found.moves
        ],
    )  # fmt: skip
    yield Sheet(
        "Thèmes",
        (("Thème", 40), ("Avant", 10), ("Après", 10), ("Écart", 10)),
        [(t.label, t.before, t.value, t.delta) for t in found.themes],
    )
    yield exporting_progress.editions_sheet(found)
