"""The index that actions would give: pure, with the very function that gives the index of an assessment.

An action answers its questions at their best; what is « non concerné » stays so. Which questions are asked is decided anew,
because a new answer may open others.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from questions import scoring
from questions.conditions import Profile, visible
from questions.enums import AnswerState, QuestionKind, YesNo
from questions.scoring import BANDED, AnswerFacts, Answers, QuestionFacts, Score


@dataclass(frozen=True)
class Simulated:
    """What the index would be, whole and by code of theme."""

    score: Score
    themes: Mapping[str, Score]

    @property
    def index(self) -> int | None:
        return self.score.index


@dataclass(frozen=True)
class Simulation:
    """An assessment as it stands, to which one can ask what it would become."""

    questions: tuple[QuestionFacts, ...]
    profile: Profile
    answers: Answers

    @cached_property
    def now(self) -> Simulated:
        return self.with_questions(())

    def with_questions(self, codes: Iterable[str]) -> Simulated:
        """Return the score once these questions are answered at their best."""
        answers = self.answers_with(codes)
        themes: dict[str, Score] = {}
        for question in visible(self.questions, self.profile, answers):
            earned = self._earned(question.code, answers.get(question.code))
            themes[question.theme] = themes.get(question.theme, Score()) + earned
        return Simulated(sum(themes.values(), Score()), themes)

    def answers_with(self, codes: Iterable[str]) -> dict[str, AnswerFacts]:
        """Return the answers once these questions are answered at their best."""
        answers = dict(self.answers)
        for code in codes:
            new = self._best.get(code)
            if new is not None and may_improve(self._by_code[code], answers.get(code)):
                answers[code] = new
        return answers

    @cached_property
    def _by_code(self) -> dict[str, QuestionFacts]:
        return {question.code: question for question in self.questions}

    @cached_property
    def _best(self) -> dict[str, AnswerFacts]:
        best = {question.code: best_answer(question) for question in self.questions}
        return {code: answer for code, answer in best.items() if answer is not None}

    @cached_property
    def _known(self) -> dict[tuple[str, AnswerFacts | None], Score]:
        return {}

    def _earned(self, code: str, answer: AnswerFacts | None) -> Score:
        """A target asks for thousands of sums of the same few scores: each is computed once."""
        key = (code, answer)
        if key not in self._known:
            given = {} if answer is None else {code: answer}
            self._known[key] = scoring.score([self._by_code[code]], given)
        return self._known[key]


def may_improve(question: QuestionFacts, answer: AnswerFacts | None) -> bool:
    """Tell whether an action changes this answer: not one that does not concern the commune, nor the best already."""
    if answer is not None and answer.state == AnswerState.NOT_APPLICABLE:
        return False
    return scoring.share(question, answer) < 1


def best_answer(question: QuestionFacts) -> AnswerFacts | None:
    """Return an answer that earns everything; None for a question that is not scored."""
    if scoring.best_points(question) <= 0:
        return None
    if question.kind == QuestionKind.YES_NO:
        return AnswerFacts(choice=YesNo.YES)
    if question.kind == QuestionKind.SEVERAL_OF:
        return AnswerFacts(choices=tuple(o.code for o in question.options if o.points > 0))
    best = max(question.options, key=lambda option: option.points)
    if question.kind in BANDED:
        return AnswerFacts(number=_number_in(question, best))
    return AnswerFacts(choice=best.code)


def _number_in(question: QuestionFacts, option):
    if option.lower_bound is not None:
        return option.lower_bound
    bounds = [o.lower_bound for o in question.options if o.lower_bound is not None]
    return min(bounds) - 1 if bounds else 0
