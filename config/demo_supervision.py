"""What the OPSN of the demonstration follows: two campaigns, somebody stuck, a kept view, communes that agreed to be seen."""

from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.utils import timezone

from accounts.models import User
from config.demo_answers import begin_and_stop
from questions.enums import Level
from questions.models import Questionnaire
from supervision.campaigning import close_campaign, open_campaign
from supervision.consenting import give_consent
from supervision.enums import FigureView
from supervision.models import Centre
from supervision.noting import assign_adviser, note_visit
from supervision.open_data import publish
from supervision.saving import save_view
from supervision.territory import Territory
from territories.enums import CollectiviteKind
from territories.models import Collectivite, OpsnMember

# Title, days from now to its first and last day, whether it is over.
CAMPAIGNS = (
    ("Campagne de l’an dernier (démonstration)", -400, -365, True),
    ("Campagne en cours (démonstration)", -45, 45, False),
)
TEXT = "Une demi-heure suffit, et votre conseiller vous aide si une question vous arrête."
AGREEING = 5
STUCK = -2


def supervise(
    valmont: Collectivite,
    neighbours: list[tuple[Collectivite, User]],
    people: dict[str, User],
    at: datetime,
) -> None:
    """What an OPSN did in a year: two campaigns, a visit, a kept view. Nobody is written to."""
    omar, territory = people["omar"], Territory(valmont.opsn)
    _place(territory)
    for title, first, last, is_over in CAMPAIGNS:
        _campaign(title, territory, omar, at + timedelta(first), at + timedelta(last), is_over)
    for commune, referent in neighbours[:AGREEING]:
        give_consent(collectivite=commune, by=referent, at=at - timedelta(days=20))
    stuck, referent = neighbours[STUCK]
    begin_and_stop(stuck, referent, at - timedelta(days=36))
    _visit(stuck, omar, at)
    adviser = OpsnMember.objects.get(user=omar)
    for commune in (valmont, stuck):
        assign_adviser(collectivite=commune, adviser=adviser, by=omar, at=at - timedelta(days=14))
    save_view(
        territory=territory,
        view=FigureView.HEAT_MAP,
        name="Communes de 500 à 999 habitants",
        query=urlencode({"type": CollectiviteKind.COMMUNE, "strate": 500}),
        is_shared=True,
        by=omar,
        at=at - timedelta(days=3),
    )
    publish(by=None, at=at)


def _campaign(
    title: str, territory: Territory, by: User, start: datetime, end: datetime, is_over: bool
) -> None:
    communes = territory.collectivites().filter(kind=CollectiviteKind.COMMUNE)
    campaign = open_campaign(
        territory=territory,
        collectivites=communes,
        audience="communes",
        title=title,
        questionnaire=Questionnaire.objects.published().get(level=Level.ONE),
        starts_on=_day(start),
        ends_on=_day(end),
        text=TEXT,
        by=by,
        at=start,
    )
    if is_over:
        close_campaign(campaign=campaign, by=by, at=end)


def _place(territory: Territory) -> None:
    """Somewhere in the Oise, in slanting rows."""
    communes = territory.collectivites().filter(kind=CollectiviteKind.COMMUNE)
    for rank, commune in enumerate(communes.order_by("code_insee")):
        row, column = divmod(rank, 4)
        Centre.objects.create(
            collectivite=commune,
            longitude=2.2 + 0.08 * column + 0.03 * row,
            latitude=49.3 + 0.06 * row - 0.015 * column,
        )


def _visit(commune: Collectivite, by: User, at: datetime) -> None:
    note_visit(
        collectivite=commune,
        visited_on=_day(at - timedelta(days=15)),
        text="Il manque l’inventaire du parc : à faire ensemble.",
        next_visit_on=_day(at + timedelta(days=6)),
        by=by,
        at=at - timedelta(days=15),
    )


def _day(moment: datetime) -> date:
    return timezone.localdate(moment)
