"""The answers on which a plan stands: the assessment, its sheet, and the measures that its edition leads to.

The level is the highest that was once complete, else the one that was begun: a level 2 of three answers does not replace a
level 1. Of that level, the assessment is the open one once it has an answer, else the last one closed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from plans.proposals import MeasureFacts, Proposal, propose, questions_of
from plans.simulation import Simulated, Simulation
from questions import scoring
from questions.enums import AssessmentState, Letter
from questions.models import Assessment, Measure, Question
from questions.sheets import AnswerSheet, answer_sheet, question_facts
from questions.wording import in_words
from territories.models import Collectivite

NO_ANSWER = "Sans réponse"


@dataclass(frozen=True)
class Basis:
    """One assessment, read for planning. `measures` are the live ones, by code."""

    assessment: Assessment
    sheet: AnswerSheet
    measures: dict[str, Measure]
    questions_by_measure: dict[str, tuple[str, ...]]

    @cached_property
    def simulation(self) -> Simulation:
        facts = (
            question_facts(q, self.sheet.options[code]) for code, q in self.sheet.questions.items()
        )
        return Simulation(tuple(facts), self.sheet.profile, self.sheet.answer_facts)

    @cached_property
    def facts(self) -> dict[str, MeasureFacts]:
        return {
            code: MeasureFacts(
                code, m.title, m.priority, m.effort, m.gain, m.cost, self.questions_by_measure[code]
            )
            for code, m in self.measures.items()
        }

    @cached_property
    def proposals(self) -> list[Proposal]:
        """Every measure that the answers call for, whatever the plan already holds."""
        return propose(self.facts.values(), self.simulation)

    @property
    def index(self) -> int | None:
        return self.simulation.now.index

    @property
    def letter(self) -> Letter | None:
        return scoring.letter(self.index)

    def with_measures(self, codes: Iterable[str]) -> Simulated:
        """Return what the index would be once these measures are done."""
        return self.simulation.with_questions(questions_of(self.facts, codes))

    def said(self, code: str) -> str:
        """Return the answer to a question in words."""
        answer = self.sheet.answers.get(code)
        return in_words(self.sheet.questions[code], self.sheet.options[code], answer) or NO_ANSWER


def basis_of(collectivite: Collectivite) -> Basis | None:
    """Return what the plan of a collectivité stands on; None as long as nothing was answered."""
    assessment = base_assessment(collectivite)
    if assessment is None:
        return None
    sheet = answer_sheet(assessment)
    by_measure = _questions_by_measure(sheet.questions.values())
    measures = Measure.objects.filter(pk__in=by_measure, live=True)
    found = {measure.code: measure for measure in measures}
    questions = {measure.code: tuple(by_measure[measure.pk]) for measure in found.values()}
    return Basis(assessment, sheet, found, questions)


def base_assessment(collectivite: Collectivite) -> Assessment | None:
    rows = (
        Assessment.objects.official()
        .filter(collectivite=collectivite)
        .exclude(state=AssessmentState.ARCHIVED)
        .exclude(index=None)
        .select_related("collectivite", "questionnaire")
    )
    rows = list(rows)
    complete = {row.level for row in rows if row.is_complete or not row.is_open}
    return max(rows, key=lambda row: (row.level in complete, *_standing(row)), default=None)


def past_assessments(assessment: Assessment) -> list[Assessment]:
    """Return the closed assessments of the same collectivité and level, oldest first: the index at each date."""
    same = {"collectivite": assessment.collectivite_id, "level": assessment.level}
    closed = Assessment.objects.official().closed().filter(**same)
    return list(closed.exclude(index=None).order_by("closed_at"))


def _standing(assessment: Assessment) -> tuple:
    return assessment.level, assessment.is_open, assessment.closed_at or assessment.opened_at


def _questions_by_measure(questions: Iterable[Question]) -> dict[int, list[str]]:
    """Return the codes of questions by measure, in the order in which they are asked."""
    code_of = {question.pk: question.code for question in questions}
    links = Question.measures.through.objects.filter(question__in=code_of)
    pairs = set(links.values_list("measure_id", "question_id"))
    found: dict[int, list[str]] = {}
    for pk, code in code_of.items():
        for measure, question in pairs:
            if question == pk:
                found.setdefault(measure, []).append(code)
    return found
