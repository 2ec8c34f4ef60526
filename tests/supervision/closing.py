"""Closed assessments for the figures: communes of one place, with chosen answers."""

from questions.models import Assessment
from tests.supervision.strategies import close_all
from tests.territories.factories import CollectiviteFactory

YES = {"ACH1": "oui", "ACH2": "oui", "PAR1": "toujours", "PAR2": "oui", "USA1": "oui"}
NO = {"ACH1": "non", "ACH2": "non", "PAR1": "jamais", "PAR2": "non", "USA1": "non"}


def closed(commune, by_name, *years: tuple[str, dict]) -> list[Assessment]:
    """Close one assessment a year: `closed(commune, editions(), ("2026", NO), ("2027", YES))`."""
    past = [{"edition": edition, "answers": answers} for edition, answers in years]
    return close_all([commune], [past], by_name)


def neighbours(count: int, by_name, answers=NO, **place) -> list:
    """Return communes that have closed an assessment of 2027."""
    communes = [CollectiviteFactory(name=f"Voisine {n}", **place) for n in range(count)]
    for commune in communes:
        closed(commune, by_name, ("2027", answers))
    return communes
