"""Level 2 of the demonstration: Valmont is half way, with its team and its adviser; the EPCI has closed its own.

Nobody is written to: what would tell somebody is set up as rows, not by the act.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from accounts.models import User
from config.demo_level_two_answers import (
    BY_ALICE,
    BY_BOB,
    BY_EVA,
    BY_OMAR,
    INTERCOMMUNALITE,
    UNKNOWN,
    VILLAGE,
)
from questions.answering import GivenAnswer, Value, record_answers
from questions.closing import close_assessment
from questions.discussing import add_remark, settle
from questions.enums import AnswerState, Channel, Level, QuestionKind, ReviewState
from questions.marking import mark
from questions.models import Assessment, Question, Share, Theme, ThemeReview
from questions.opening import open_assessment
from questions.profiling import state_profile
from questions.sheets import answer_sheet
from territories.enums import AuditAction
from territories.journal import record
from territories.models import Collectivite

FOR_BOB = ("USA3A", "USA7", "RES5", "ECO9A")
THEME_FOR_BOB, SUBMITTED = "territoires", "gouvernance"
TO_LOOK_AT_AGAIN = "PAR2C"
# Code of the question, who says what, and whether it is settled.
DISCUSSIONS = (
    (
        "PAR8A",
        (
            ("bob", "Les huit portables de l’école sont-ils à compter avec ceux de la mairie ?"),
            ("omar", "Oui : la commune les achète et les remplace, ils font partie de son parc."),
        ),
        True,
    ),
    (
        "ECO9A",
        (
            ("bob", "Je ne sais pas où lire ce poids, et notre prestataire ne répond pas."),
            ("alice", "Omar nous montrera comment faire à sa prochaine visite."),
        ),
        False,
    ),
)


def work_on_level_two(valmont: Collectivite, people: Mapping[str, User], at: datetime) -> None:
    """Omar opened level 2 to Valmont two months ago, and to its EPCI before."""
    _valmont(valmont, people, at)
    _epci(valmont.epci, people, at)


def _valmont(valmont: Collectivite, people: Mapping[str, User], at: datetime) -> None:
    alice, bob, omar = people["alice"], people["bob"], people["omar"]
    begun = at - timedelta(days=55)
    _open(valmont, omar, begun - timedelta(days=5))
    assessment = open_assessment(collectivite=valmont, level=Level.TWO, by=alice, at=begun)
    state_profile(assessment=assessment, facts=VILLAGE, by=alice, at=begun)
    _answer(assessment, BY_ALICE, alice, begun + timedelta(days=14))
    _answer(assessment, BY_BOB, bob, at - timedelta(days=8))
    _answer(assessment, BY_OMAR, omar, at - timedelta(days=4), Channel.OPSN)
    _work_together(assessment, people, at)


def _work_together(assessment: Assessment, people: Mapping[str, User], at: datetime) -> None:
    alice, bob = people["alice"], people["bob"]
    then = at - timedelta(days=10)
    questions = {
        q.code: q for q in Question.objects.filter(theme__questionnaire=assessment.questionnaire)
    }
    themes = {t.code: t for t in Theme.objects.filter(questionnaire=assessment.questionnaire)}
    shared = {"assessment": assessment, "person": bob, "shared_by": alice, "shared_at": then}
    Share.objects.bulk_create(
        [
            Share(theme=themes[THEME_FOR_BOB], **shared),
            *(Share(question=questions[code], **shared) for code in FOR_BOB),
        ]
    )
    for code, remarks, settled in DISCUSSIONS:
        about = {"assessment": assessment, "question": questions[code]}
        for hours, (name, text) in enumerate(remarks):
            channel = Channel.OPSN if name == "omar" else Channel.AGENT
            said_at = then + timedelta(hours=hours)
            add_remark(**about, text=text, by=people[name], at=said_at, channel=channel)
        settle(**about, settled=settled, by=alice, at=then + timedelta(days=1))
    again = questions[TO_LOOK_AT_AGAIN]
    mark(assessment=assessment, question=again, marked=True, by=alice, at=then)
    ThemeReview.objects.create(
        assessment=assessment,
        theme=themes[SUBMITTED],
        state=ReviewState.SUBMITTED,
        submitted_by=alice,
        submitted_at=at - timedelta(days=3),
    )


def _epci(epci: Collectivite, people: Mapping[str, User], at: datetime) -> None:
    eva, begun = people["eva"], at - timedelta(days=70)
    _open(epci, people["omar"], begun - timedelta(days=10))
    assessment = open_assessment(collectivite=epci, level=Level.TWO, by=eva, at=begun)
    state_profile(assessment=assessment, facts=INTERCOMMUNALITE, by=eva, at=begun)
    closed = at - timedelta(days=20)
    _answer(assessment, BY_EVA, eva, closed)
    left = answer_sheet(assessment).progress.left
    _answer(assessment, dict.fromkeys(left, UNKNOWN), eva, closed)
    close_assessment(assessment=assessment, by=eva, at=closed)


def _open(collectivite: Collectivite, by: User, at: datetime) -> None:
    collectivite.level_two_opened_at, collectivite.level_two_opened_by = at, by
    collectivite.save(update_fields=["level_two_opened_at", "level_two_opened_by"])
    record(AuditAction.LEVEL_TWO_OPENED, collectivite, by=by, at=at, opsn=collectivite.opsn)


def _answer(
    assessment: Assessment,
    answers: Mapping[str, object],
    by: User,
    at: datetime,
    channel: Channel = Channel.AGENT,
) -> None:
    sheet = answer_sheet(assessment)
    given = [
        GivenAnswer(
            sheet.questions[code],
            _value(sheet.questions[code], said, at),
            sheet.answers[code].version if code in sheet.answers else 0,
        )
        for code, said in answers.items()
    ]
    record_answers(assessment=assessment, given=given, by=by, at=at, channel=channel)


def _value(question: Question, said, at: datetime) -> Value:
    match question.kind:
        case _ if said == UNKNOWN:
            return Value(state=said)
        case QuestionKind.SEVERAL_OF:
            return Value(state=AnswerState.ANSWERED, choices=tuple(said))
        case QuestionKind.NUMBER | QuestionKind.PERCENT | QuestionKind.AMOUNT:
            return Value(state=AnswerState.ANSWERED, number=Decimal(str(said)))
        case QuestionKind.DATE:
            return Value(state=AnswerState.ANSWERED, date=(at - timedelta(said.days)).date())
        case QuestionKind.TEXT | QuestionKind.NAME:
            return Value(state=AnswerState.ANSWERED, text=said)
    return Value(state=AnswerState.ANSWERED, choice=said)
