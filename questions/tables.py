"""Key figures, footprint and obligations as rows for a spreadsheet; the first names the columns."""

from collections.abc import Callable, Mapping

from questions.footprint import Line
from questions.obligations import Reading
from questions.outcomes import Outcomes

FIGURE_COLUMNS = (
    "Chiffre",
    "Valeur",
    "Unité",
    "Part légale, en %",
    "Ce qui manque, ou ne va pas",
    "Définition",
    "Calcul",
)
FOOTPRINT_COLUMNS = (
    "Famille",
    "Nombre",
    "Durée d’usage, en ans",
    "Durée d’où",
    "kg CO2e par an, bas",
    "kg CO2e par an, central",
    "kg CO2e par an, haut",
    "kg CO2e par an gagnés si deux ans de plus",
)
DUTY_COLUMNS = (
    "Obligation",
    "S’applique",
    "État",
    "Précision",
    "Question à voir",
    "Pour qui",
    "Ici",
    "Référence",
    "Lien",
    "Vérifiée le",
    "Sanction",
)
APPLIES = {True: "oui", False: "non", None: "à préciser"}
BETWEEN = " ; "


def figure_rows(outcomes: Outcomes) -> list[tuple]:
    return [FIGURE_COLUMNS] + [
        (
            figure.definition.label,
            _float(figure.value, figure.definition.decimals),
            figure.definition.unit,
            _float(figure.goal, 0),
            figure.sentence or _needs(outcomes, figure.missing),
            figure.definition.meaning,
            figure.definition.formula,
        )
        for figure in outcomes.figures
    ]


def footprint_rows(outcomes: Outcomes) -> list[tuple]:
    estimate = outcomes.footprint
    if estimate is None:
        return [FOOTPRINT_COLUMNS]
    rows = [FOOTPRINT_COLUMNS, *map(_line, estimate.lines)]
    rows.append(("Ensemble", None, None, "", *_range(estimate.total), _float(estimate.gain, 1)))
    if estimate.per_agent:
        rows.append(("Par agent", None, None, "", *_range(estimate.per_agent), None))
    for need in outcomes.needs(estimate.uncounted):
        rows.append((f"Il manque : {need.words}", *[None] * 7))
    source = f"Facteurs : {outcomes.factors.source}, version {outcomes.factors.version}"
    return [*rows, (source, *[None] * 7)]


def duty_rows(outcomes: Outcomes) -> list[tuple]:
    return [DUTY_COLUMNS, *(_duty(outcomes, reading) for reading in outcomes.readings)]


TABLES: Mapping[str, Callable[[Outcomes], list[tuple]]] = {
    "chiffres": figure_rows,
    "empreinte": footprint_rows,
    "obligations": duty_rows,
}
"""By the name that the pages ask for."""


def _line(line: Line) -> tuple:
    return (
        line.label,
        _float(line.count, 0),
        _float(line.lifetime, 1),
        line.basis,
        *_range(line.total),
        _float(line.gain, 1),
    )


def _duty(outcomes: Outcomes, reading: Reading) -> tuple:
    duty = reading.duty
    return (
        duty.title,
        APPLIES[reading.applies],
        reading.label if reading.applies else "",
        reading.words,
        _needs(outcomes, reading.missing),
        duty.who,
        BETWEEN.join(map(str, reading.criteria)),
        duty.reference,
        duty.url,
        duty.verified_on,
        duty.sanction,
    )


def _needs(outcomes: Outcomes, codes) -> str:
    return BETWEEN.join(need.words for need in outcomes.needs(codes))


def _range(span) -> tuple:
    return tuple(_float(kg, 1) for kg in (span.low, span.central, span.high))


def _float(value, decimals: int) -> float | None:
    return None if value is None else round(float(value), decimals)
