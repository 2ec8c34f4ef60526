"""How far an assessment is, and what comes next: pure, on the visible questions and their answers.

A question is done when it has an answer, « ne sait pas » and « non concerné » included, that does not wait to be confirmed.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from questions.enums import AnswerState
from questions.scoring import AnswerFacts, Answers, QuestionFacts


@dataclass(frozen=True)
class ThemeProgress:
    theme: str
    asked: int = 0
    answered: int = 0
    not_applicable: int = 0
    unknown: int = 0

    @property
    def is_complete(self) -> bool:
        return self.answered >= self.asked


@dataclass(frozen=True)
class Progress:
    """Codes are in the order in which the questions are asked."""

    themes: tuple[ThemeProgress, ...]
    missing: tuple[str, ...]
    to_confirm: tuple[str, ...]
    unknown: tuple[str, ...]
    left: tuple[str, ...]
    """Missing and to confirm together."""

    @property
    def asked(self) -> int:
        return sum(theme.asked for theme in self.themes)

    @property
    def answered(self) -> int:
        return sum(theme.answered for theme in self.themes)

    @property
    def is_complete(self) -> bool:
        return self.asked > 0 and not self.left

    @property
    def left_words(self) -> str:
        return left_in_words(len(self.missing), len(self.to_confirm))

    def of(self, theme: str) -> ThemeProgress:
        """Return the progress of a theme; of one where nothing is asked, nothing on nothing."""
        return next((row for row in self.themes if row.theme == theme), ThemeProgress(theme))

    def next_theme(self, after: str) -> str | None:
        """Return the next theme where something is left, coming back to the first ones; never `after` itself."""
        codes = [row.theme for row in self.themes]
        start = codes.index(after) + 1 if after in codes else 0
        turned = [*self.themes[start:], *self.themes[:start]]
        return next(
            (row.theme for row in turned if not row.is_complete and row.theme != after), None
        )


def left_in_words(missing: int, to_confirm: int) -> str:
    """Return « 2 sans réponse, 1 à confirmer », without what there is none of."""
    counts = ((missing, "sans réponse"), (to_confirm, "à confirmer"))
    return ", ".join(f"{count} {words}" for count, words in counts if count)


def progress(visible: Iterable[QuestionFacts], answers: Answers) -> Progress:
    """Return how far the answers cover the visible questions."""
    visible = tuple(visible)
    by_theme: dict[str, list[QuestionFacts]] = {}
    for question in visible:
        by_theme.setdefault(question.theme, []).append(question)
    codes = [question.code for question in visible]
    given = {code: answers[code] for code in codes if code in answers}
    return Progress(
        themes=tuple(_theme_progress(theme, rows, given) for theme, rows in by_theme.items()),
        missing=tuple(code for code in codes if code not in given),
        to_confirm=tuple(code for code in codes if code in given and given[code].to_confirm),
        unknown=tuple(code for code in codes if _is(given.get(code), AnswerState.UNKNOWN)),
        left=tuple(code for code in codes if code not in given or given[code].to_confirm),
    )


def _theme_progress(theme: str, questions: list[QuestionFacts], answers: Answers) -> ThemeProgress:
    given = [answers[question.code] for question in questions if question.code in answers]
    return ThemeProgress(
        theme=theme,
        asked=len(questions),
        answered=sum(not answer.to_confirm for answer in given),
        not_applicable=sum(_is(answer, AnswerState.NOT_APPLICABLE) for answer in given),
        unknown=sum(_is(answer, AnswerState.UNKNOWN) for answer in given),
    )


def _is(answer: AnswerFacts | None, state: AnswerState) -> bool:
    return answer is not None and answer.state == state
