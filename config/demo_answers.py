"""What the invented communes of the demonstration answered, and the plan of one of them."""

from datetime import datetime, timedelta

from accounts.models import User
from plans.adoption import adopt_measures, aim_at, present_plan
from plans.enums import Status
from plans.tracking import change_action, change_status
from questions.answering import GivenAnswer, Value, record_answers
from questions.closing import close_assessment
from questions.enums import AnswerState, YesNo
from questions.models import Assessment, Measure, Question
from questions.opening import open_assessment
from territories.models import Collectivite

FIRST_YES = [
    "GOV2",
    "SEN3",
    "SEN4",
    "ACH1",
    "ACH5",
    "PAR2",
    "PAR3",
    "PAR4",
    "PAR6",
    "RES2",
    "RES3",
    "USA1",
    "USA3",
    "ECO3",
]
PROGRESS_YES = ["GOV1", "SEN1", "PAR1", "PAR5", "USA2"]
UNKNOWN = ["ACH3", "RES1"]
# Code of a measure that Valmont adopted, weeks until it is due, euros planned, status.
PLANNED = (
    ("M-GOV1", -10, 0, Status.DONE),
    ("M-PAR1", 3, 0, Status.IN_PROGRESS),
    ("M-SEN1", -2, 300, Status.PLANNED),
    ("M-ACH2", 26, 2_400, Status.PLANNED),
    ("M-USA2", 9, 0, Status.TO_PLAN),
)
YEAR = timedelta(days=365)
LATE = 2
"""How many neighbours have not closed the evaluation of this year."""


def answer_for_valmont_and_bourg(
    valmont: Collectivite, bourg: Collectivite, people, at: datetime
) -> None:
    """Valmont closed one a year ago and has begun again; Bourg has closed its first."""
    alice, chloe = people["alice"], people["chloe"]
    last_year = at - timedelta(days=380)
    first = open_assessment(collectivite=valmont, by=alice, at=last_year)
    _answer(first, FIRST_YES, alice, last_year)
    close_assessment(assessment=first, by=alice, at=last_year + timedelta(days=12))
    again = open_assessment(collectivite=valmont, by=alice, at=at - timedelta(days=6))
    _answer(again, FIRST_YES + PROGRESS_YES, alice, at - timedelta(days=5), only=18)
    other = open_assessment(collectivite=bourg, by=chloe, at=at - timedelta(days=40))
    _answer(other, FIRST_YES + PROGRESS_YES + ["ACH2", "ECO1"], chloe, at - timedelta(days=39))
    close_assessment(assessment=other, by=chloe, at=at - timedelta(days=38))


def plan_for_valmont(valmont: Collectivite, people, at: datetime) -> None:
    """Five actions: one done, one late, one under way, with who does them and what they cost."""
    alice, bob = people["alice"], people["bob"]
    measures = {measure.code: measure for measure in Measure.objects.live()}
    wanted = [measures[code] for code, *_ in PLANNED]
    rows = Question.objects.published().filter(theme__questionnaire__level=1, measures__in=wanted)
    by_measure = dict(rows.values_list("measures", "code"))
    begun = at - timedelta(days=200)
    actions = adopt_measures(
        collectivite=valmont, measures=wanted, question_codes=by_measure, by=alice, at=begun
    )
    plan = actions[0].plan
    aim_at(plan=plan, index=70)
    present_plan(
        plan=plan, title="Plan d’action", starts_on=begun.date(), ends_on=(begun + 3 * YEAR).date()
    )
    for action, owner, (_, weeks, euros, status) in zip(
        actions, (alice, alice, bob, bob, None), PLANNED, strict=True
    ):
        due = (at + timedelta(weeks=weeks)).date()
        values = {"owner": owner, "due_on": due, "budget_planned": euros}
        changed = change_action(
            action=action, version=action.version, values=values, by=alice, at=begun
        )
        change_status(
            action=changed,
            status=status,
            version=changed.version,
            by=alice,
            at=at - timedelta(days=9),
        )


def answer_for_neighbours(neighbours: list[tuple[Collectivite, User]], at: datetime) -> None:
    """Each closed one a year ago and, but the last ones, one since, a little better; no two answered alike."""
    questions = Question.objects.published().filter(theme__questionnaire__level=1)
    codes = list(questions.order_by("theme__order", "order").values_list("code", flat=True))
    for rank, (commune, referent) in enumerate(neighbours):
        times = [(390 - rank, 0), (30 + rank, 2)]
        for days, more in times[: 1 if rank >= len(neighbours) - LATE else 2]:
            then = at - timedelta(days=days)
            yes = [c for i, c in enumerate(codes) if (7 * i + 3 * rank) % 11 <= rank + more]
            assessment = open_assessment(collectivite=commune, by=referent, at=then)
            _answer(assessment, yes, referent, then)
            close_assessment(assessment=assessment, by=referent, at=then)


def begin_and_stop(commune: Collectivite, by: User, at: datetime) -> None:
    """An evaluation that nobody has touched since."""
    assessment = open_assessment(collectivite=commune, by=by, at=at)
    _answer(assessment, FIRST_YES, by, at, only=12)


def _answer(
    assessment: Assessment, yes: list[str], by: User, at: datetime, only: int | None = None
) -> None:
    questions = Question.objects.filter(theme__questionnaire=assessment.questionnaire)
    versions = dict(assessment.answers.values_list("question", "version"))
    given = [
        GivenAnswer(question, _value(question.code, yes), versions.get(question.pk, 0))
        for question in questions.order_by("theme__order", "order")[:only]
    ]
    record_answers(assessment=assessment, given=given, by=by, at=at)


def _value(code: str, yes: list[str]) -> Value:
    if code in UNKNOWN:
        return Value(state=AnswerState.UNKNOWN)
    return Value(state=AnswerState.ANSWERED, choice=YesNo.YES if code in yes else YesNo.NO)
