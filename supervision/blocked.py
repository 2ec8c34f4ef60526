"""Who began and stopped: since when, at which question, with how many « ne sait pas », and what was done about it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django import forms
from django.db.models import OuterRef, QuerySet, Subquery, Sum

from questions.enums import Level
from questions.models import Assessment, Question
from questions.sheets import answer_sheets
from supervision.filtering import TerritoryFilters, of_stratum
from supervision.following import LAST_ANSWER, STUCK_AFTER
from supervision.models import Relaunch, VisitNote

# Days; without any in the address, STUCK_AFTER.
DELAYS = ((7, "une semaine"), ("", "trois semaines"), (60, "deux mois"), (180, "six mois"))


@dataclass(frozen=True)
class Blocked:
    """`question` is the first that waits; None when all are answered and only closing is left."""

    assessment: Assessment
    question: Question | None
    waits_to_be_confirmed: bool


class BlockedFilters(TerritoryFilters):
    niveau = forms.TypedChoiceField(
        label="Niveau",
        required=False,
        coerce=int,
        empty_value=None,
        choices=[(level.value, f"Niveau {level.value}") for level in Level],
    )
    depuis = forms.TypedChoiceField(
        label="Sans réponse depuis",
        required=False,
        coerce=int,
        empty_value=None,
        choices=DELAYS,
    )

    field_order = ["depuis", "niveau"]

    def rows(self, *, at: datetime) -> QuerySet[Assessment]:
        """Return the open assessments without an answer for so long, the oldest first."""
        chosen = self.chosen
        idle = timedelta(days=chosen.get("depuis", STUCK_AFTER.days))
        rows = Assessment.objects.official().open().filter(self.territory.today("collectivite__"))
        rows = rows.filter(level=chosen.get("niveau", Level.ONE)).annotate(last=LAST_ANSWER)
        if "type" in chosen:
            rows = rows.filter(collectivite__kind=chosen["type"])
        if "strate" in chosen:
            rows = rows.filter(of_stratum(chosen["strate"], "collectivite__"))
        if "epci" in chosen:
            rows = rows.filter(collectivite__epci=chosen["epci"])
        if "conseiller" in chosen:
            rows = rows.filter(collectivite__assignment__adviser=chosen["conseiller"])
        return rows.filter(last__lt=at - idle).order_by("last", "pk")


def with_follow_up(rows: QuerySet[Assessment], *, today: date) -> QuerySet[Assessment]:
    """Add `unknown` (answers « ne sait pas »), `relaunched_on` and `next_visit_on`."""
    hers = {"collectivite": OuterRef("collectivite")}
    visits = VisitNote.objects.filter(**hers, next_visit_on__gte=today).order_by("next_visit_on")
    relaunches = Relaunch.objects.filter(**hers).order_by("-day")
    return rows.annotate(
        unknown=Sum("theme_scores__unknown", default=0),
        relaunched_on=Subquery(relaunches.values("day")[:1]),
        next_visit_on=Subquery(visits.values("next_visit_on")[:1]),
    ).select_related("collectivite__departement", "questionnaire")


def where_they_stopped(assessments: Iterable[Assessment]) -> list[Blocked]:
    """Return the first question that waits in each, in the order in which it is asked."""
    assessments = list(assessments)
    sheets = answer_sheets(assessments)
    return [_stopped(row, sheets[row.pk]) for row in assessments]


def _stopped(assessment: Assessment, sheet) -> Blocked:
    progress = sheet.progress
    left = next(iter(progress.left), None)
    return Blocked(assessment, sheet.questions.get(left), left in progress.to_confirm)


def blocked_page(keys: Iterable[int], *, today: date) -> list[Blocked]:
    """Return the lines of a page, in its order. Six queries, seven at level 2, and three for each other edition."""
    keys = list(keys)
    rows = Assessment.objects.filter(pk__in=keys).annotate(last=LAST_ANSWER)
    rows = with_follow_up(rows, today=today)
    by_key = {row.pk: row for row in rows}
    return where_they_stopped(by_key[pk] for pk in keys if pk in by_key)
