"""All the questions of an evaluation as a table: by theme, one open at a time, or those that a filter keeps."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.core.paginator import Page, Paginator

from questions.models import Question, Theme
from questions.sheets import AnswerSheet
from questions.teamwork import Teamwork

PER_PAGE = 8
"""Rows that a page holds: each is a small form, and the page has to stay light."""

UNANSWERED, TO_CONFIRM, UNKNOWN, TO_CHECK = (
    "sans-reponse",
    "a-confirmer",
    "ne-sait-pas",
    "a-verifier",
)
MINE, MARKED, COMMENTED = "a-moi", "a-revoir", "commentees"
FILTERS = {
    UNANSWERED: "Sans réponse",
    TO_CONFIRM: "À confirmer",
    UNKNOWN: "Ne sait pas",
    TO_CHECK: "Chiffres à vérifier",
    COMMENTED: "Commentées",
}
TEAM_FILTERS = {MINE: "À moi", MARKED: "À revoir"}


@dataclass(frozen=True)
class Section:
    """A theme, and the questions of it that the page shows; none when it is folded."""

    theme: Theme
    questions: tuple[Question, ...]
    answered: int
    asked: int


@dataclass(frozen=True)
class Table:
    """`kept` is a key of FILTERS or TEAM_FILTERS, or nothing; `theme`, a code of theme, or nothing."""

    sheet: AnswerSheet
    work: Teamwork | None
    reader: int
    kept: str = ""
    theme: str = ""
    page_number: str = ""

    @property
    def filters(self) -> Mapping[str, str]:
        return FILTERS | TEAM_FILTERS if self.work else FILTERS

    @cached_property
    def page(self) -> Page:
        """The questions that are shown."""
        return Paginator(self._questions(), PER_PAGE).get_page(self.page_number)

    @cached_property
    def open_theme(self) -> str:
        """Without a filter: the theme asked for, else the first where something is left, else the first."""
        asked = [theme.code for theme in self.sheet.asked_themes]
        if self.theme in asked:
            return self.theme
        left = {self.sheet.questions[code].theme.code for code in self.sheet.progress.left}
        return next((code for code in asked if code in left), next(iter(asked), ""))

    @property
    def sections(self) -> list[Section]:
        """Every theme, folded but the open one; with a filter, the themes where it keeps something."""
        shown: dict[str, list[Question]] = {}
        for question in self.page:
            shown.setdefault(question.theme.code, []).append(question)
        return [
            Section(theme, tuple(shown.get(theme.code, ())), done.answered, done.asked)
            for theme in self.sheet.asked_themes
            for done in [self.sheet.progress.of(theme.code)]
            if not self.kept or theme.code in shown
        ]

    def _questions(self) -> list[Question]:
        theme = self.theme if self.kept else self.open_theme
        rows = [q for q in self.sheet.visible_questions if theme in ("", q.theme.code)]
        return [question for question in rows if self._keeps(question)] if self.kept else rows

    @cached_property
    def _keeps(self) -> Callable[[Question], bool]:
        sheet, work = self.sheet, self.work or Teamwork()
        codes = {
            UNANSWERED: sheet.progress.missing,
            TO_CONFIRM: sheet.progress.to_confirm,
            UNKNOWN: sheet.progress.unknown,
            TO_CHECK: sheet.warnings,
        }
        if self.kept in codes:
            wanted = frozenset(codes[self.kept])
            return lambda question: question.code in wanted
        return {
            MINE: lambda q: self._is_mine(work, q),
            MARKED: lambda q: q.pk in work.marks,
            COMMENTED: lambda q: self._is_commented(work, q),
        }[self.kept]

    def _is_mine(self, work: Teamwork, question: Question) -> bool:
        share = work.share_of(question)
        return share is not None and share.person_id == self.reader

    def _is_commented(self, work: Teamwork, question: Question) -> bool:
        answer = self.sheet.answers.get(question.code)
        return work.around(question).remarks > 0 or bool(answer and answer.comment)


def table_of(sheet: AnswerSheet, work: Teamwork | None, *, reader: int, asked: Mapping) -> Table:
    """Read what the address asks for; what it does not know is as if it were not there."""
    table = Table(sheet, work, reader)
    kept, theme = asked.get("etat", ""), asked.get("theme", "")
    codes = {theme.code for theme in sheet.asked_themes}
    return Table(
        sheet,
        work,
        reader,
        kept=kept if kept in table.filters else "",
        theme=theme if theme in codes else "",
        page_number=asked.get("page", ""),
    )
