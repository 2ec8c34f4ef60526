"""How a campaign goes, as a file; the journal tells of it."""

from collections.abc import Iterable
from datetime import datetime

from accounts.models import User
from questions.wording import french_date
from supervision import rules
from supervision.campaigns import CampaignResults, Turnout, asked, results, turnout, with_step
from supervision.enums import CampaignStep
from supervision.exporting import Export, FileKind, export_sheets
from supervision.exports.files import Sheet
from supervision.models import Campaign
from supervision.territory import Territory
from territories.affiliation import NotEntitled

DEFINITIONS = (
    ("Une ligne", "Une collectivité interrogée et suivie aujourd’hui."),
    ("Participation", "Chaque étape compte celles qui l’ont atteinte ; d’une campagne clôturée, celle du jour de la clôture."),
    ("Compte", "Une évaluation de l’édition de la campagne, close dans ses dates ; de deux, la dernière."),
    ("Indice", "100 × points obtenus ÷ points possibles, arrondi à l’entier ; moyenne et médiane à une décimale."),
    ("Avant", "La campagne d’avant de la même équipe et du même niveau ; seules comptent les collectivités qui ont clos dans les deux."),
    ("Non comparable", "Un thème dont une question n’attend plus les mêmes réponses n’a ni avant ni écart."),
)  # fmt: skip
COLUMNS = (
    ("Code INSEE", 12), ("SIREN", 12), ("Collectivité", 40), ("Département", 12), ("Étape", 30), ("Traitées", 10),
    ("Posées", 10), ("Indice", 10), ("Dernière relance", 18),
)  # fmt: skip
AT_A_TIME = 500


def export_campaign(
    *, campaign: Campaign, territory: Territory, step: str, kind: FileKind, by: User, at: datetime
) -> Export:
    """Make the file of a campaign that is shown to the territory; the list is that of a step. Raises NotEntitled."""
    if not rules.can_open_console(by, territory.opsn):
        raise NotEntitled
    edition = campaign.questionnaire
    words = [
        f"Niveau {edition.level}, édition {edition.edition}",
        f"du {french_date(campaign.starts_on)} au {french_date(campaign.ends_on)}",
        *([f"Étape : {CampaignStep(step).label}"] if step else []),
    ]
    return export_sheets(
        _sheets(campaign, territory, step),
        title=f"Campagne : {campaign.title}",
        name="campagne",
        words=words,
        definitions=DEFINITIONS,
        territory=territory,
        kind=kind,
        by=by,
        at=at,
    )


def _sheets(campaign: Campaign, territory: Territory, step: str) -> Iterable[Sheet]:
    yield _participation(turnout(campaign, territory))
    yield Sheet("Collectivités", COLUMNS, _rows(campaign, territory, step))
    yield _themes(results(campaign, territory))


def _participation(counts: Turnout) -> Sheet:
    return Sheet(
        "Participation",
        (("Étape", 34), ("Collectivités", 14), ("Sur 100", 10)),
        [
            ("Collectivités interrogées", counts.collectivites, None),
            *((line["label"], line["count"], line["value"]) for line in counts.funnel),
        ],
    )


def _rows(campaign: Campaign, territory: Territory, step: str) -> Iterable[tuple]:
    """Yield the lines of the screen, in its order."""
    rows = with_step(asked(campaign, territory), campaign).order_by("search_name", "pk")
    if step:
        rows = rows.filter(step=step)
    for row in rows.iterator(AT_A_TIME):
        is_begun = row.step == CampaignStep.BEGUN
        yield (
            row.code_insee or "",
            row.siren or "",
            row.name,
            row.departement_id or "",
            CampaignStep(row.step).label,
            row.answered if is_begun else None,
            row.asked if is_begun else None,
            row.index,
            row.relaunched_on,
        )


def _themes(found: CampaignResults) -> Sheet:
    """The whole first, then each theme; « avant » is of those that answered both campaigns."""
    moves = {theme.code: theme for theme in found.progress.themes} if found.progress else {}
    both = found.progress if found.progress and found.progress.count else None
    whole = (both.before, both.after, both.delta) if both else (None, None, None)
    rows = [("Ensemble", found.indices.count, found.indices.mean, found.indices.median, *whole)]
    for theme in found.themes:
        move = moves.get(theme.code)
        compared = (move.before, move.value, move.delta) if move else (None, None, None)
        group = theme.histogram
        rows.append((theme.label, group.count, group.mean, group.median, *compared))
    return Sheet(
        "Résultats",
        (
            ("Thème", 40), ("Collectivités", 14), ("Moyenne", 10), ("Médiane", 10),
            ("Avant", 10), ("Après", 10), ("Écart", 10),
        ),
        rows,
    )  # fmt: skip
