"""The figures of a territory, each in one query whatever the number of collectivités."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, Q, Sum

from questions.enums import AssessmentState
from supervision.enums import Attention
from supervision.following import CLOSED, MEMBERS, needing, official
from supervision.territory import Territory


@dataclass(frozen=True)
class Figures:
    """Counts of collectivités; `begun` includes those that closed."""

    collectivites: int
    population: int
    registered: int
    begun: int
    closed: int
    level_two: int
    requests: int


def figures_of(territory: Territory) -> Figures:
    """Two queries."""
    begun = official().exclude(state=AssessmentState.ARCHIVED)
    counts = territory.collectivites().aggregate(
        collectivites=Count("pk"),
        population=Sum("population", default=0),
        registered=Count("pk", filter=Exists(MEMBERS)),
        begun=Count("pk", filter=Exists(begun)),
        closed=Count("pk", filter=Exists(CLOSED)),
        level_two=Count("pk", filter=Q(level_two_opened_at__isnull=False)),
    )
    return Figures(**counts, requests=territory.requests().count())


@dataclass(frozen=True)
class ToDo:
    """The first few of each kind, and how many there are."""

    requests: list
    attachment_requests: list
    stuck: list
    stuck_count: int
    silent: list
    silent_count: int
    reviews: list
    reviews_count: int

    @property
    def is_empty(self) -> bool:
        waiting = (self.requests, self.attachment_requests, self.reviews, self.stuck, self.silent)
        return not any(waiting)


SHOWN = 5


def to_do(territory: Territory, *, at: datetime) -> ToDo:
    """Seven queries, eight when many themes wait for a review."""
    rows = territory.collectivites().select_related("departement").order_by("search_name", "pk")
    stuck = needing(rows, Attention.STUCK, at=at)
    silent = needing(rows, Attention.SILENT, at=at)
    requests = territory.requests().select_related("user", "collectivite")
    asked = territory.attachment_requests().select_related("collectivite", "opsn")
    reviews = territory.reviews()
    shown = list(reviews[:SHOWN])
    return ToDo(
        requests=list(requests[:SHOWN]),
        attachment_requests=list(asked[:SHOWN]),
        stuck=list(stuck[:SHOWN]),
        stuck_count=stuck.count(),
        silent=list(silent[:SHOWN]),
        silent_count=silent.count(),
        reviews=shown,
        reviews_count=len(shown) if len(shown) < SHOWN else reviews.count(),
    )
