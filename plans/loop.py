"""From a done action back to the questionnaire: the new answer is proposed, its effect shown, and written on confirmation.

Only answers that follow from the action are proposed: « Oui », or the best option. A figure is for the commune to measure.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import User
from plans.basis import Basis, basis_of
from plans.enums import Event, LoopState, Status
from plans.errors import PlanError
from plans.history import trace
from plans.models import Action
from plans.simulation import best_answer, may_improve
from questions.answering import GivenAnswer, Value, record_answers
from questions.enums import AnswerState, QuestionKind
from questions.models import Assessment, Question
from questions.opening import open_assessment
from questions.scoring import QuestionFacts
from questions.sheets import AnswerSheet, answer_sheet
from questions.wording import in_words
from territories.models import Collectivite

DEDUCED = frozenset({QuestionKind.YES_NO, QuestionKind.ONE_OF, QuestionKind.SEVERAL_OF})


class AnswersChangedMeanwhile(PlanError):
    sentence = (
        "Les réponses du questionnaire ont changé depuis que cette page est ouverte. "
        "Voici où elles en sont : vérifiez avant de confirmer."
    )


class NothingToAnswer(PlanError):
    sentence = "Aucune réponse n’est à changer pour cette action."


@dataclass(frozen=True)
class NewAnswer:
    question: Question
    before: str
    after: str
    value: Value
    version: int


@dataclass(frozen=True)
class Closing:
    """What a done action would change in the questionnaire. `figures` are questions that the commune answers by itself."""

    assessment: Assessment
    answers: tuple[NewAnswer, ...]
    figures: tuple[Question, ...]
    index_before: int | None
    index_after: int | None

    @property
    def seen(self) -> str:
        """What was before the eyes of who confirms: the assessment, and the version of each answer."""
        versions = ",".join(f"{a.question.code}:{a.version}" for a in self.answers)
        return f"{self.assessment.pk};{versions}"


def closing_of(action: Action, basis: Basis | None) -> Closing | None:
    """Return what a done action would change; None when it is not done, was decided, or changes nothing."""
    if basis is None or action.status != Status.DONE or action.loop != LoopState.WAITING:
        return None
    asked = {facts.code: facts for facts in basis.simulation.questions}
    codes = [code for code in questions_of_action(action, basis) if code in asked]
    better = [
        asked[code]
        for code in codes
        if may_improve(asked[code], basis.sheet.answer_facts.get(code))
    ]
    answers = tuple(_new_answer(facts, basis.sheet) for facts in better if facts.kind in DEDUCED)
    figures = tuple(basis.sheet.questions[f.code] for f in better if f.kind not in DEDUCED)
    if not answers and not figures:
        return None
    after = basis.simulation.with_questions(answer.question.code for answer in answers)
    return Closing(basis.assessment, answers, figures, basis.index, after.index)


def questions_of_action(action: Action, basis: Basis) -> tuple[str, ...]:
    """Return the questions that an action answers: those of its measure, or the one it was linked to."""
    if action.measure_id and action.measure.code in basis.questions_by_measure:
        return basis.questions_by_measure[action.measure.code]
    return (action.question_code,) if action.question_code else ()


@transaction.atomic
def accept_new_answers(
    *, action: Action, collectivite: Collectivite, seen: str, by: User, at: datetime
) -> Closing:
    """Write the new answers in the open assessment, opened now if there is none.

    Raises NothingToAnswer, AnswersChangedMeanwhile, and what `open_assessment` raises.
    """
    action = _locked(action)
    closing = closing_of(action, basis_of(collectivite))
    if closing is None or not closing.answers:
        raise NothingToAnswer
    if closing.seen != seen:
        raise AnswersChangedMeanwhile
    level = closing.assessment.level
    assessment = open_assessment(collectivite=collectivite, level=level, by=by, at=at)
    given = _for_assessment(closing.answers, answer_sheet(assessment))
    recorded = record_answers(assessment=assessment, given=given, by=by, at=at)
    if recorded.conflicts:
        raise AnswersChangedMeanwhile
    changes = {a.question.text: [a.before, a.after] for a in closing.answers}
    _settle(action, LoopState.ANSWERED, Event.ANSWERED, by=by, at=at, changes=changes)
    return closing


@transaction.atomic
def keep_answers(*, action: Action, by: User, at: datetime) -> None:
    """Leave the questionnaire as it is, and stop proposing. Raises NothingToAnswer."""
    action = _locked(action)
    if action.status != Status.DONE or action.loop != LoopState.WAITING:
        raise NothingToAnswer
    _settle(action, LoopState.KEPT, Event.KEPT, by=by, at=at)


def _new_answer(facts: QuestionFacts, sheet: AnswerSheet) -> NewAnswer:
    question, options = sheet.questions[facts.code], sheet.options[facts.code]
    current = sheet.answers.get(facts.code)
    best = best_answer(facts)
    comment = current.comment if current else ""
    value = Value(
        state=AnswerState.ANSWERED, choice=best.choice, choices=best.choices, comment=comment
    )
    before = in_words(question, options, current) or "Sans réponse"
    version = current.version if current else 0
    return NewAnswer(question, before, in_words(question, options, value), value, version)


def _for_assessment(answers: Iterable[NewAnswer], sheet: AnswerSheet) -> list[GivenAnswer]:
    """Return the answers for an assessment that may have just been opened, maybe of another edition."""
    given = []
    for answer in answers:
        question = sheet.questions.get(answer.question.code)
        if question is None or question.kind != answer.question.kind:
            continue
        current = sheet.answers.get(question.code)
        given.append(GivenAnswer(question, answer.value, current.version if current else 0))
    if not given:
        raise NothingToAnswer
    return given


def _settle(action: Action, state: LoopState, event: Event, *, by, at, changes=None) -> None:
    action.loop = state
    action.version += 1
    action.updated_at = at
    action.save()
    trace(event, action, by=by, at=at, changes=changes)


def _locked(action: Action) -> Action:
    rows = Action.objects.select_for_update(of=("self",)).select_related("measure")
    return rows.get(pk=action.pk)
