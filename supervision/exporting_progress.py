"""Progress as a file; the journal tells of it."""

from collections.abc import Iterable
from datetime import datetime

from accounts.models import User
from supervision import rules
from supervision.exporting import Export, FileKind, export_sheets
from supervision.exports.files import Sheet
from supervision.periods import ProgressFilters
from supervision.progress import Progress, deltas_of
from supervision.statistics import Content, content
from territories.affiliation import NotEntitled

DEFINITIONS = (
    ("Une ligne", "Une collectivité qui a deux évaluations closes du niveau ; celles qui n’en ont qu’une n’y sont pas."),
    ("Sans dates", "Chaque dernière évaluation et celle d’avant."),
    ("Entre deux dates", "Ce qui était connu à la fin de chacun des deux jours."),
    ("Groupes", "Type, population, intercommunalité et département : ceux du jour de la clôture de la dernière évaluation."),
    ("Thèmes", "Moyennes des mêmes collectivités ; un thème dont une question n’attend plus les mêmes réponses n’est pas comparé d’une édition à l’autre."),
    ("Écarts par thème", "Après moins avant, vide là où l’un des deux manque ou ne se compare pas ; puis les intitulés des actions réalisées."),
    ("Actions", "Celles du plan réalisées entre les deux clôtures. Rien ne dit qu’elles expliquent à elles seules l’écart."),
)  # fmt: skip


def export_progress(*, filters: ProgressFilters, kind: FileKind, by: User, at: datetime) -> Export:
    """Make the file of the progress that the filters keep. Raises NotEntitled, WrongFilters."""
    territory = filters.territory
    if not rules.can_open_console(by, territory.opsn):
        raise NotEntitled
    filters.check()
    words = content(filters.selection().level)
    return export_sheets(
        progress_sheets(filters.progress(words), words),
        title="Chiffres : progrès",
        name="progres",
        words=filters.in_words(),
        definitions=DEFINITIONS,
        territory=territory,
        kind=kind,
        by=by,
        at=at,
    )


def progress_sheets(progress: Progress, words: Content) -> Iterable[Sheet]:
    who = (("Code INSEE", 12), ("SIREN", 12), ("Collectivité", 40))
    columns = (("Avant", 10), ("Le", 18), ("Après", 10), ("Le", 18), ("Écart", 10))
    yield Sheet(
        "Collectivités",
        (*who, *columns, ("Actions réalisées", 16)),
        [
            (
                move.code_insee or "",
                move.siren or "",
                move.name,
                move.before,
                move.since,
                move.after,
                move.until,
                move.delta,
                move.actions,
            )
            for move in progress.moves
        ],
    )
    yield Sheet(
        "Écarts par thème",
        (*who, *((theme.label, 16) for theme in progress.themes), ("Actions réalisées", 70)),
        _theme_rows(progress, words),
    )
    yield Sheet(
        "Thèmes",
        (("Thème", 40), ("Avant", 10), ("Après", 10), ("Écart", 10), ("Actions réalisées", 16)),
        [(t.label, t.before, t.value, t.delta, t.actions) for t in progress.themes],
    )
    yield Sheet(
        "Actions",
        (("Action", 70), ("Collectivités", 14)),
        [(action.title, action.count) for action in progress.actions],
    )
    yield editions_sheet(progress)


def _theme_rows(progress: Progress, words: Content) -> Iterable[tuple]:
    done: dict[int, list[str]] = {}
    for collectivite, _, title, _ in progress.deeds:
        done.setdefault(collectivite, []).append(title)
    for row in deltas_of(progress, words):
        yield (
            row.code_insee or "",
            row.siren or "",
            row.name,
            *(row.themes.get(theme.code) for theme in progress.themes),
            " ; ".join(done.get(row.collectivite, ())),
        )


def editions_sheet(progress: Progress) -> Sheet:
    return Sheet(
        "Éditions",
        (("Thème", 40), ("De l’édition", 14), ("À l’édition", 14), ("Comparable", 50)),
        [(w.theme, w.before, w.after, w.verdict.label) for w in progress.warnings],
    )
