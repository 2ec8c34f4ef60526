"""The figures of an OPSN as its own tools read them: plain values, the same as on the screens."""

from datetime import datetime

from django.db.models import OuterRef, Subquery

from questions.enums import Level
from questions.models import Assessment
from questions.models.counted import CURRENT
from questions.scoring import letter
from supervision.campaigns import turnout
from supervision.enums import Stage
from supervision.following import with_progress
from supervision.models import Campaign
from supervision.overview import overview_of
from supervision.selecting import Selection
from supervision.statistics import content, figures
from supervision.territory import Territory
from territories.models import Opsn
from territories.scoping import everything


def territory_figures(opsn: Opsn, level: int, *, at: datetime) -> dict:
    overview = overview_of(Selection(Territory(opsn), level))
    counts, indices = overview.participation, overview.indices
    return {
        "territoire": opsn.name,
        "niveau": level,
        "date": at,
        "participation": {
            "collectivites": counts.collectivites,
            "inscrites": counts.registered,
            "commencees": counts.begun,
            "closes": counts.closed,
            "plans": counts.planning,
            "actions_realisees": counts.actions,
        },
        "indice": {
            "collectivites": indices.count,
            "moyenne": _float(indices.mean),
            "mediane": _float(indices.median),
            "lettres": {name.value: count for name, count in indices.letters.items()},
        },
    }


def themes(opsn: Opsn, level: int, *, at: datetime) -> dict:
    selection = Selection(Territory(opsn), level)
    rows = figures(selection.assessments(), content(level), with_practices=False).themes
    return {
        "niveau": level,
        "date": at,
        "themes": [
            {
                "code": row.code,
                "titre": row.label,
                "collectivites": row.histogram.count,
                "moyenne": _float(row.histogram.mean),
                "mediane": _float(row.histogram.median),
            }
            for row in rows
        ],
    }


def collectivites(opsn: Opsn):
    """Return the collectivités in their order, each with what `with_progress` adds, and its `index_two` at level 2."""
    two = Assessment._base_manager.filter(CURRENT, level=Level.TWO, collectivite=OuterRef("pk"))
    rows = with_progress(Territory(opsn).collectivites()).select_related("departement", "epci")
    return rows.annotate(index_two=Subquery(two.values("index"))).order_by("search_name", "pk")


def collectivite(row) -> dict:
    return {
        "code_insee": row.code_insee,
        "siren": row.siren,
        "nom": row.name,
        "type": row.kind,
        "population": row.population,
        "departement": row.departement and row.departement.code,
        "epci": row.epci and row.epci.siren,
        "etape": Stage(row.stage).value,
        "questions_posees": row.asked,
        "questions_traitees": row.answered,
        "indice": row.closed_index,
        "lettre": letter(row.closed_index) or None,
        "indice_niveau_2": row.index_two,
        "lettre_niveau_2": letter(row.index_two) or None,
        "derniere_activite": row.last_activity,
    }


def campaigns(opsn: Opsn, *, at: datetime) -> dict:
    """Return the campaigns, the last one first. One query for each that is open."""
    with everything():  # the token is the right
        rows = list(Campaign.objects.of(opsn).select_related("questionnaire"))
        return {"date": at, "campagnes": [_campaign(row, Territory(opsn)) for row in rows]}


def _campaign(campaign: Campaign, territory: Territory) -> dict:
    counts = turnout(campaign, territory)
    return {
        "titre": campaign.title,
        "niveau": campaign.questionnaire.level,
        "edition": campaign.questionnaire.edition,
        "debut": campaign.starts_on,
        "fin": campaign.ends_on,
        "cloturee": campaign.is_closed,
        "collectivites": counts.collectivites,
        "invitees_ou_inscrites": counts.reached,
        "inscrites": counts.registered,
        "commencees": counts.begun,
        "closes": counts.closed,
    }


def _float(value) -> float | None:
    return None if value is None else float(value)
