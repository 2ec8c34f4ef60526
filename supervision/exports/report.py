"""The report of a territory as a Word document of two pages, for its council."""

from decimal import Decimal

from plans.paper import add_table, blank_document, saved
from questions.cells import printable
from questions.wording import french_date, french_number
from supervision.report import Report


def docx(report: Report) -> bytes:
    title = f"Sobriété numérique : {report.territory}"
    document = blank_document(title=title, footer=report.territory, has_cover=False)
    document.add_heading(printable(report.territory), level=1)
    document.add_paragraph(
        f"Où en est le territoire en matière de sobriété numérique, au {french_date(report.on)}."
        + (f" Filtres : {' ; '.join(report.words)}." if report.words else "")
    )
    _participation(document, report)
    _indices(document, report)
    document.add_page_break()
    _progress(document, report)
    _help(document, report)
    return saved(document)


def _participation(document, report: Report) -> None:
    counts = report.overview.participation
    document.add_heading("Participation", level=2)
    share = f", soit {counts.share}\u00a0%" if counts.share is not None else ""
    one = counts.closed <= 1
    document.add_paragraph(
        f"{_number(counts.closed)} collectivité{'' if one else 's'} sur {_number(counts.collectivites)} "
        f"{'a' if one else 'ont'} clos au moins une évaluation{share}."
    )
    rows = [
        (step["label"], _number(step["count"]), _percent(step["value"])) for step in counts.funnel
    ]
    add_table(document, ("Étape", "Collectivités", "Sur 100"), rows, (9, 3.6, 3.6))
    if report.on != report.made_on:
        document.add_paragraph(f"La participation est celle du {french_date(report.made_on)}.")


def _indices(document, report: Report) -> None:
    document.add_heading("Les indices", level=2)
    indices = report.overview.indices
    if not indices.count:
        document.add_paragraph(
            "Aucune évaluation close ne répond à ces filtres."
            if report.is_filtered
            else "Aucune évaluation n’est encore close."
        )
        return
    document.add_paragraph(
        f"L’indice moyen est de {_number(indices.mean)} sur 100, la médiane de {_number(indices.median)}. "
        f"La moitié des collectivités est entre {_number(indices.spread['first'])} et {_number(indices.spread['third'])}."
    )
    letters = report.overview.letters
    add_table(
        document,
        tuple(row["letter"] for row in letters),
        [tuple(_number(row["count"]) for row in letters)],
        (3.24,) * len(letters),
    )
    rows = [
        (theme.label, _number(theme.value), _number(theme.histogram.median))
        for theme in report.overview.themes
    ]
    add_table(document, ("Thème", "Moyenne", "Médiane"), rows, (9, 3.6, 3.6))


def _progress(document, report: Report) -> None:
    progress = report.progress
    document.add_heading("Les progrès", level=2)
    if not progress.count:
        document.add_paragraph("Aucune collectivité n’a encore deux évaluations à comparer.")
        return
    counts = progress.counts
    document.add_paragraph(
        f"Collectivités évaluées deux fois : {_number(progress.count)}. Leur indice moyen va "
        f"de {_number(progress.before)} à {_number(progress.after)} ({_signed(progress.delta)}) : "
        f"{_number(counts['up'])} en hausse, {_number(counts['same'])} sans changement, {_number(counts['down'])} en baisse."
    )
    rows = [
        (theme.label, _number(theme.before), _number(theme.value), _signed(theme.delta))
        for theme in progress.themes
    ]
    add_table(document, ("Thème", "Avant", "Après", "Écart"), rows, (7.8, 2.8, 2.8, 2.8))
    for title in sorted({w.theme for w in progress.warnings if w.theme not in _themes(progress)}):
        document.add_paragraph(f"{title} : non comparable d’une édition à l’autre.")
    if report.actions:
        document.add_paragraph("Actions les plus souvent réalisées entre-temps :")
        for action in report.actions:
            noun = "collectivité" if action.count == 1 else "collectivités"
            document.add_paragraph(
                printable(f"{action.title} ({action.count} {noun})"), style="List Bullet"
            )


def _help(document, report: Report) -> None:
    document.add_heading("Sur quoi aider", level=2)
    if not report.practices:
        document.add_paragraph(
            "Les pratiques à encourager apparaîtront avec les évaluations closes."
        )
        return
    names = " et ".join(f"«\u00a0{theme.label}\u00a0»" for theme in report.to_help)
    document.add_paragraph(f"Les moyennes les plus basses sont celles de {names}.")
    rows = [(row.text, _percent(row.percent)) for row in report.practices]
    add_table(document, ("Pratiques les moins répandues", "Le font"), rows, (13.6, 2.6))
    document.add_paragraph(
        "Chaque collectivité compte une fois, par sa dernière évaluation close ; les évaluations en cours "
        "n’y sont pas. Une pratique est comptée parmi les collectivités qu’elle concerne."
    )


def _themes(progress) -> set[str]:
    return {theme.label for theme in progress.themes}


def _number(value: Decimal | int | None) -> str:
    return "–" if value is None else french_number(Decimal(value))


def _signed(value: Decimal | None) -> str:
    if value is None:
        return "–"
    return f"+{_number(value)}" if value > 0 else _number(value)


def _percent(value: int | None) -> str:
    return "–" if value is None else f"{value}\u00a0%"
