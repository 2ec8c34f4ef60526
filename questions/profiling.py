"""The profile of level 2: some facts stated once, which decide what is asked. What is hidden keeps its answers.

Facts are first proposed (from the reference, from the evaluation before), then stated by somebody: what is only proposed
hides nothing.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db import transaction

from accounts.models import User
from questions.answering import lock_open, write_scores
from questions.enums import Level, ProfileFact
from questions.models import Assessment, AssessmentProfile, Question
from questions.sheets import AnswerSheet, answer_sheet
from territories.enums import CollectiviteKind
from territories.models import Collectivite
from territories.scoping import everything

COUNTS = ("agents", "elus", "sites")

# Members of a municipal council, from a population in inhabitants on. Source: CGCT, art. L. 2121-2.
COUNCILLORS: tuple[tuple[int, int], ...] = (
    (0, 7),
    (100, 11),
    (500, 15),
    (1_500, 19),
    (2_500, 23),
    (3_500, 27),
    (5_000, 29),
    (10_000, 33),
    (20_000, 35),
    (30_000, 39),
    (40_000, 43),
    (50_000, 45),
    (60_000, 49),
    (80_000, 53),
    (100_000, 55),
    (150_000, 59),
    (200_000, 61),
    (250_000, 65),
    (300_000, 69),
)
# Below, spending 50 million euros a year on purchases is out of proportion.
LARGE_BUYER_POPULATION = 20_000
# From this size on, a commune nearly always has a public school to equip (Code de l’éducation, art. L. 212-4).
SCHOOL_POPULATION = 1_000
# Waste and water are compulsory competences there (CGCT, art. L. 5216-5, L. 5215-20, L. 5217-2).
LARGE_EPCI = (CollectiviteKind.CA, CollectiviteKind.CU, CollectiviteKind.METROPOLE)


class NoProfileHere(Exception):
    """Only level 2 has a profile."""


class ProfileConflict(Exception):
    """Somebody confirmed another profile in between; `theirs` is what is in the database."""

    def __init__(self, theirs: AssessmentProfile):
        super().__init__(f"profile {theirs.pk}")
        self.theirs = theirs


@dataclass(frozen=True)
class Facts:
    """`stated` holds True or False by code of `ProfileFact`; what nobody knows is not in it."""

    agents: int | None = None
    elus: int | None = None
    sites: int | None = None
    stated: dict[str, bool] = field(default_factory=dict)

    @classmethod
    def of(cls, profile: AssessmentProfile) -> "Facts":
        counts = {name: getattr(profile, name) for name in COUNTS}
        return cls(**counts, stated=dict(profile.stated))

    def over(self, theirs: "Facts") -> "Facts":
        """Return these facts, with those of somebody else where nothing is said here."""
        mine = {name: getattr(self, name) for name in COUNTS}
        counts = {
            name: getattr(theirs, name) if count is None else count for name, count in mine.items()
        }
        return Facts(**counts, stated=theirs.stated | self.stated)


@dataclass(frozen=True)
class Effect:
    """What stating some facts changes in what is asked."""

    appearing: tuple[Question, ...]
    disappearing: tuple[Question, ...]
    kept: int
    """Answers to questions that disappear: they are kept, and count no more."""
    returning: int
    """Answers given before to questions that appear: they count again."""

    def __bool__(self) -> bool:
        return bool(self.appearing or self.disappearing)


def state_profile(
    *, assessment: Assessment, facts: Facts, version: str = "", by: User, at: datetime
) -> AssessmentProfile:
    """Write the profile and the scores that follow, over the version that its author had before her eyes.

    Raises AssessmentClosed, NoProfileHere, ProfileConflict.
    """
    if assessment.level != Level.TWO:
        raise NoProfileHere
    with transaction.atomic(), everything():
        assessment = lock_open(assessment)
        stored = profile_of_assessment(assessment)
        if version_of(stored) not in ("", version):
            if Facts.of(stored) == facts:
                return stored
            raise ProfileConflict(stored)
        values = {name: getattr(facts, name) for name in COUNTS}
        profile, _ = AssessmentProfile.objects.update_or_create(
            assessment=assessment,
            defaults={**values, "stated": facts.stated, "confirmed_at": at, "confirmed_by": by},
        )
        assessment.profile = profile  # in place of the one that it was found with
        write_scores(assessment, answer_sheet(assessment), at=at)
    return profile


def effect_of(sheet: AnswerSheet, facts: Facts) -> Effect:
    """Tell what these facts would show and hide, and what answers are concerned."""
    profile = replace(sheet.profile, without=AssessmentProfile(stated=facts.stated).without)
    before = {question.code for question in sheet.visible_questions}
    changed = replace(sheet, profile=profile).visible_questions
    after = {question.code for question in changed}
    appearing = tuple(question for question in changed if question.code not in before)
    gone = tuple(question for question in sheet.visible_questions if question.code not in after)
    return Effect(
        appearing=appearing,
        disappearing=gone,
        kept=sum(question.code in sheet.answers for question in gone),
        returning=sum(question.code in sheet.answers for question in appearing),
    )


def profile_of_assessment(assessment: Assessment) -> AssessmentProfile | None:
    rows = AssessmentProfile.objects.filter(assessment=assessment)
    return rows.select_related("confirmed_by").first()


def version_of(profile: AssessmentProfile | None) -> str:
    """Return what tells two confirmations of a profile apart; "" before the first."""
    return profile.confirmed_at.isoformat() if profile and profile.confirmed_at else ""


def waits_for_profile(assessment: Assessment) -> bool:
    """Tell whether level 2 should ask for the facts first; nobody is held up by it."""
    if assessment.level != Level.TWO:
        return False
    confirmed = AssessmentProfile.objects.filter(assessment=assessment, confirmed_at__isnull=False)
    return not confirmed.exists()


def carry_profile(before: Assessment, assessment: Assessment, *, to_confirm: bool = True) -> None:
    """Begin with the facts of the evaluation before; in the caller's transaction."""
    if old := profile_of_assessment(before):
        values = {name: getattr(old, name) for name in COUNTS}
        if not to_confirm:
            values |= {"confirmed_at": old.confirmed_at, "confirmed_by": old.confirmed_by}
        AssessmentProfile.objects.get_or_create(
            assessment=assessment, defaults={**values, "stated": old.stated}
        )


def proposed(collectivite: Collectivite) -> Facts:
    """Return the facts that the kind and the size of a collectivité make likely, for a person to check."""
    kind, population = collectivite.kind, collectivite.population
    is_commune = kind == CollectiviteKind.COMMUNE
    likely = {
        ProfileFact.WEBSITE: True if collectivite.website else None,
        ProfileFact.SCHOOLS: True
        if is_commune and (population or 0) >= SCHOOL_POPULATION
        else None,
        ProfileFact.STREET_LIGHTING: True if is_commune else None,
        ProfileFact.WASTE: _waste(kind),
        ProfileFact.WATER: True if kind in LARGE_EPCI else None,
        ProfileFact.LARGE_BUYER: False
        if population is not None and population < LARGE_BUYER_POPULATION
        else None,
    }
    return Facts(
        elus=councillors(population) if is_commune else None,
        stated={fact.value: true for fact, true in likely.items() if true is not None},
    )


def councillors(population: int | None) -> int | None:
    """Return how many members the municipal council of a commune has; None when its population is unknown."""
    if population is None:
        return None
    return next(members for bound, members in reversed(COUNCILLORS) if population >= bound)


def _waste(kind: str) -> bool | None:
    """Communes handed it over to their EPCI in 2017 (loi NOTRe); elsewhere nothing is sure."""
    if kind == CollectiviteKind.COMMUNE:
        return False
    return True if kind in (*LARGE_EPCI, CollectiviteKind.CC) else None
