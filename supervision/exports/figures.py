"""Each screen of the figures as sheets: what it shows, its filters, and what its words mean."""

from collections.abc import Iterable

from supervision.contrasting import Contrast
from supervision.exports.files import Sheet
from supervision.heat_map import HeatMap
from supervision.histograms import Histogram
from supervision.overview import Overview
from supervision.statistics import Practice, ThemeFigures
from supervision.tiles import Tile

DEFINITIONS = (
    ("Une valeur", "Une par collectivité : sa dernière évaluation close du niveau, ou de l’édition, ou de la période choisie."),
    ("Suivies", "Les collectivités suivies aujourd’hui ; l’OPSN et le conseiller sont ceux d’aujourd’hui."),
    ("Groupes", "Type, population, intercommunalité, département et région d’un indice : ceux du jour de la clôture. Ceux de la participation : ceux d’aujourd’hui."),
    ("Participation", "L’édition et la période choisies ne la changent pas."),
    ("Indice", "100 × points obtenus ÷ points possibles, arrondi à l’entier ; moyenne et médiane à une décimale."),
    ("Lettre", "A à partir de 80, B de 60, C de 40, D de 20, E en dessous."),
    ("Pratique", "Part des collectivités concernées qui ont la meilleure réponse ; « ne sait pas » compte comme non, « non concerné » ne compte pas."),
    ("Éditions", "Un thème ou une question gardent leur code d’une édition à l’autre et sont comptés ensemble."),
    ("Évaluations", "En cours, provisoires et archivées ne sont dans aucun indice."),
)  # fmt: skip
GROUP = (("Collectivités", 14), ("Moyenne", 10), ("Médiane", 10))


def overview_sheets(overview: Overview) -> Iterable[Sheet]:
    counts = overview.participation
    yield Sheet(
        "Participation",
        (("Étape", 34), ("Collectivités", 14), ("Sur 100", 10)),
        [
            ("Collectivités suivies", counts.collectivites, None),
            *((step["label"], step["count"], step["value"]) for step in counts.funnel),
            ("Questions traitées des évaluations en cours (%)", None, counts.completion),
            *([] if counts.actions is None else [("Actions réalisées", counts.actions, None)]),
        ],
    )
    yield Sheet(
        "Indices",
        (("Indice", 20), *GROUP),
        [
            ("Ensemble", *_group(overview.indices)),
            *((label, count, None, None) for label, count in overview.indices.bins),
            *(
                (f"Lettre {name}", count, None, None)
                for name, count in overview.indices.letters.items()
            ),
        ],
    )
    yield Sheet("Thèmes", (("Thème", 40), *GROUP), theme_rows(overview.themes))
    yield Sheet(
        "Pratiques",
        (("Code", 10), ("Question", 80), ("Thème", 34), ("Concernées", 12), ("Font", 8), ("Sur 100", 8)),
        practice_rows(overview.practices),
    )  # fmt: skip


def heat_map_sheets(found: HeatMap) -> Iterable[Sheet]:
    columns = (("Code INSEE", 12), ("SIREN", 12), ("Collectivité", 40), ("Close le", 18))
    themes = [*((title, 16) for title in found.themes), ("Indice", 10), ("Lettre", 8)]
    yield Sheet(
        "Carte de chaleur",
        (*columns, *themes),
        (
            (
                line.assessment.collectivite.code_insee or "",
                line.assessment.collectivite.siren or "",
                line.assessment.collectivite.name,
                line.assessment.closed_at,
                *(cell.index for cell in line.cells),
                line.assessment.index,
                line.whole.letter or "",
            )
            for line in found.lines
        ),
    )


def contrast_sheets(found: Contrast) -> Iterable[Sheet]:
    yield Sheet(
        "Comparaison",
        (("Groupe", 40), *GROUP, *((title, 16) for title in found.themes)),
        [
            (side.label, *_group(side.indices), *(theme.value for theme in side.themes))
            for side in found.sides
        ],
    )


def map_sheets(tiles: list[Tile]) -> Iterable[Sheet]:
    yield Sheet(
        "Carte",
        (("Lieu", 44), ("Collectivités", 14), ("Closes", 10), ("Moyenne", 10), ("Médiane", 10), ("Lettre", 8)),
        [(tile.label, tile.total, *_group(tile.indices), tile.letter or "") for tile in tiles],
    )  # fmt: skip


def theme_rows(themes: Iterable[ThemeFigures]) -> list[tuple]:
    return [(theme.label, *_group(theme.histogram)) for theme in themes]


def practice_rows(practices: Iterable[Practice]) -> list[tuple]:
    return [
        (row.code, row.text, row.theme, row.concerned, row.practised, row.percent)
        for row in practices
    ]


def _group(indices: Histogram) -> tuple:
    return (indices.count, indices.mean, indices.median)
