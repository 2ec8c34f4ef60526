"""One assessment read at once: its questions, its answers, and what follows from them (visible, progress, score)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from questions import conditions, plausibility, scoring
from questions.conditions import Profile
from questions.enums import Level, QuestionKind
from questions.models import Answer, Assessment, AssessmentProfile, Option, Question, Theme
from questions.progress import Progress, progress
from questions.scoring import AnswerFacts, OptionFacts, QuestionFacts, Score

# Long texts that only the explanation of one question needs (`questions.explaining`).
EXPLANATION = (
    "bands_reason",
    "principle",
    "interest",
    "first_step",
    "obligation",
    "obligation_reference",
    "obligation_url",
    "obligation_verified_on",
)


@dataclass(frozen=True)
class AnswerSheet:
    """Questions in the order in which they are asked; questions, options and answers by code of question."""

    profile: Profile
    themes: tuple[Theme, ...]
    questions: Mapping[str, Question]
    options: Mapping[str, tuple[Option, ...]]
    answers: Mapping[str, Answer]

    @cached_property
    def answer_facts(self) -> dict[str, AnswerFacts]:
        return {code: answer_facts(answer) for code, answer in self.answers.items()}

    @cached_property
    def visible(self) -> tuple[QuestionFacts, ...]:
        facts = (question_facts(q, self.options[code]) for code, q in self.questions.items())
        return conditions.visible(facts, self.profile, self.answer_facts)

    @cached_property
    def visible_questions(self) -> tuple[Question, ...]:
        return tuple(self.questions[facts.code] for facts in self.visible)

    @cached_property
    def progress(self) -> Progress:
        return progress(self.visible, self.answer_facts)

    @cached_property
    def score(self) -> Score:
        return scoring.score(self.visible, self.answer_facts)

    @cached_property
    def theme_scores(self) -> dict[str, Score]:
        return scoring.score_by_theme(self.visible, self.answer_facts)

    @cached_property
    def losses(self) -> dict[str, Fraction]:
        """What each answer that is not the best costs, in points of the index."""
        return scoring.losses(self.visible, self.answer_facts)

    @cached_property
    def warnings(self) -> dict[str, str]:
        """What is to be checked in the figures, by code."""
        return plausibility.warnings(self.visible_questions, self.answers)

    @cached_property
    def unfavourable(self) -> frozenset[str]:
        """The codes of the questions whose answer calls for an explanation."""
        answers = self.answer_facts
        return frozenset(
            facts.code
            for facts in self.visible
            if scoring.is_unfavourable(facts, answers.get(facts.code))
        )

    @property
    def asked_themes(self) -> list[Theme]:
        """The themes where something is asked of this collectivité."""
        asked = {facts.theme for facts in self.visible}
        return [theme for theme in self.themes if theme.code in asked]

    def of_theme(self, theme: Theme) -> list[Question]:
        return [q for q in self.visible_questions if q.theme_id == theme.pk]


def answer_sheet(assessment: Assessment, like: AnswerSheet | None = None) -> AnswerSheet:
    """Read an assessment in two queries, three when questions have options; in one with a sheet of the same edition.

    The rights are those by which the assessment was found, so its answers are read with no other check.
    """
    answers = Answer._base_manager.filter(assessment_id=assessment.pk).select_related("author")
    sheet = (
        _blank_sheet(assessment) if like is None else replace(like, profile=profile_of(assessment))
    )
    by_pk = {question.pk: code for code, question in sheet.questions.items()}
    return replace(sheet, answers={by_pk[answer.question_id]: answer for answer in answers})


def answer_sheets(assessments: Iterable[Assessment]) -> dict[int, AnswerSheet]:
    """Read many assessments, by their keys: two queries, and three for each edition."""
    assessments = list(assessments)
    given: dict[int, dict[int, Answer]] = {}
    for answer in Answer._base_manager.filter(assessment__in=[row.pk for row in assessments]):
        given.setdefault(answer.assessment_id, {})[answer.question_id] = answer
    two = [row.pk for row in assessments if row.level == Level.TWO]
    facts = {}
    if two:
        rows = AssessmentProfile._base_manager.filter(assessment__in=two)
        facts = {row.assessment_id: row.without for row in rows}
    blank = {row.questionnaire_id: row for row in assessments}
    blank = {edition: _blank_sheet(row) for edition, row in blank.items()}
    return {
        row.pk: replace(
            blank[row.questionnaire_id],
            profile=_profile(row, facts.get(row.pk, frozenset())),
            answers={
                code: given[row.pk][question.pk]
                for code, question in blank[row.questionnaire_id].questions.items()
                if question.pk in given.get(row.pk, ())
            },
        )
        for row in assessments
    }


def profile_of(assessment: Assessment) -> Profile:
    """Return the profile that decides what is asked: that of the day of closing once it is closed.

    Level 1 asks the same of all who have a kind and a size; only level 2 has facts: one query more, unless the
    assessment was found with them.
    """
    facts = _facts(assessment) if assessment.level == Level.TWO else None
    return _profile(assessment, facts.without if facts else frozenset())


def _facts(assessment: Assessment) -> AssessmentProfile | None:
    if Assessment.profile.is_cached(assessment):  # None is read too, and is no relation
        return getattr(assessment, "profile", None)
    return AssessmentProfile._base_manager.filter(assessment_id=assessment.pk).first()


def _profile(assessment: Assessment, without: frozenset[str]) -> Profile:
    if assessment.is_open or not assessment.cohort_kind:
        collectivite = assessment.collectivite
        return Profile(collectivite.kind, collectivite.population, without)
    return Profile(assessment.cohort_kind, assessment.cohort_population, without)


def question_facts(question: Question, options: Iterable[Option] = ()) -> QuestionFacts:
    return QuestionFacts(
        code=question.code,
        theme=question.theme.code,
        kind=question.kind,
        weight=question.weight,
        options=tuple(OptionFacts(o.code, o.points, o.lower_bound) for o in options),
        condition_code=question.condition_code,
        condition_answers=codes(question.condition_answers),
        applies_to_kinds=codes(question.applies_to_kinds),
        applies_to_facts=codes(question.applies_to_facts),
        min_population=question.min_population,
        max_population=question.max_population,
    )


def answer_facts(answer: Answer) -> AnswerFacts:
    return AnswerFacts(
        state=answer.state,
        choice=answer.choice,
        choices=tuple(answer.choices),
        number=answer.number,
        to_confirm=answer.to_confirm,
    )


def codes(text: str) -> frozenset[str]:
    """Return the codes of a field where they are separated by commas."""
    return frozenset(code.strip() for code in text.split(",") if code.strip())


def _blank_sheet(assessment: Assessment) -> AnswerSheet:
    questions = Question.objects.filter(theme__questionnaire_id=assessment.questionnaire_id)
    questions = questions.select_related("theme").defer(*EXPLANATION)
    questions = list(questions.order_by("theme__order", "theme_id", "order", "pk"))
    themes: dict[int, Theme] = {}
    for question in questions:
        question.theme = themes.setdefault(question.theme_id, question.theme)
    return AnswerSheet(
        profile=profile_of(assessment),
        themes=tuple(themes.values()),
        questions={question.code: question for question in questions},
        options=_options(questions),
        answers={},
    )


def _options(questions: list[Question]) -> dict[str, tuple[Option, ...]]:
    with_options = {q.pk: q.code for q in questions if q.kind != QuestionKind.YES_NO}
    found: dict[str, list[Option]] = {question.code: [] for question in questions}
    if with_options:
        for option in Option.objects.filter(question__in=with_options).order_by("sort_order", "pk"):
            found[with_options[option.question_id]].append(option)
    return {code: tuple(options) for code, options in found.items()}
