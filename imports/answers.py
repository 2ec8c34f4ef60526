"""The answers of one evaluation, from its grid filled in away from the site: one row per question.

An empty answer erases nothing. What somebody answered on the site since the grid left is kept, and said.
"""

import re
from dataclasses import dataclass, field

from django.utils import timezone

from imports.columns import Column, Table, tidy
from imports.enums import ImportKind, Outcome
from imports.kinds import Kind, KindPlan, Tick
from imports.reading import Unreadable
from imports.report import Change, Line, Problem
from imports.resources import ChangedMeanwhile
from questions.answering import (
    AssessmentClosed,
    CollectiviteRetired,
    GivenAnswer,
    Value,
    record_answers,
)
from questions.enums import Channel, QuestionKind, YesNo
from questions.forms import AnswerForm
from questions.grid import TITLES, WORDS
from questions.models import Answer, Question
from questions.plausibility import warnings
from questions.sheets import AnswerSheet, answer_sheet
from questions.wording import in_words
from territories.search import normalise_name

HELP = {
    "code": "Celui de la grille : ne le changez pas.",
    "answer": "Laissez vide ce que vous ne changez pas ; « Ne sait pas » est une réponse.",
}
SEVERAL = re.compile(r"[;\n]")


def _column(name: str) -> Column:
    title = TITLES[name]
    return Column(name, title, (normalise_name(title),), HELP.get(name, ""))


@dataclass
class AnswersPlan(KindPlan):
    given: list[GivenAnswer] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.given)


class AnswersKind(Kind):
    slug = ImportKind.ANSWERS
    purpose = "La grille d’une évaluation, remplie dans un tableur."
    columns = tuple(_column(name) for name in TITLES)
    needed = (("code", "answer"),)

    def plan(self, table: Table, tick: Tick) -> AnswersPlan:
        if not self.assessment.takes_answers:
            error = CollectiviteRetired if self.assessment.is_open else AssessmentClosed
            raise Unreadable(str(error()))
        sheet, plan, seen = answer_sheet(self.assessment), AnswersPlan(), {}
        for number, row in table.records():
            code = tidy(row["code"]).upper()
            if code in seen:
                sentence = f"Cette question est déjà à la ligne {seen[code]}."
                plan.report.add(_refused(number, code, "code", code, sentence))
            else:
                seen[code] = number
                plan.report.add(self._line(sheet, number, code, row, plan))
        return plan

    def write(self, plan: AnswersPlan) -> None:
        try:
            recorded = record_answers(
                assessment=self.assessment,
                given=plan.given,
                by=self.by,
                at=self.at,
                channel=Channel.IMPORT,
            )
        except AssessmentClosed as error:
            raise ChangedMeanwhile from error
        if recorded.conflicts:
            raise ChangedMeanwhile

    def _line(self, sheet: AnswerSheet, number: int, code: str, row, plan: AnswersPlan) -> Line:
        question = sheet.questions.get(code)
        if question is None:
            return _refused(
                number, code, "code", code, "Aucune question de cette évaluation n’a ce code."
            )
        stored, options = sheet.answers.get(code), sheet.options[code]
        form = AnswerForm(question, options, stored, _posted(question, options, stored, row))
        if not form.is_valid():
            return _refused(
                number, question.text, "answer", row["answer"], " ".join(form.sentences)
            )
        given = form.given()
        if given is None or (stored and Value.of(stored) == given.value):
            return Line(number, Outcome.UNCHANGED, question.text)
        if stored and given.version != stored.version:
            return _refused(
                number, question.text, "answer", row["answer"], _conflict(sheet, stored, code)
            )
        plan.given.append(given)
        return Line(
            number,
            Outcome.UPDATED if stored else Outcome.CREATED,
            f"{code} – {question.text}",
            changes=_changes(sheet, question, stored, given.value),
            problems=_remarks(sheet, number, question, given.value),
        )


def _posted(question: Question, options, stored: Answer | None, row) -> dict:
    """Return what the form of the site would post for this row."""
    answer, comment = row["answer"].strip(), row.get("comment", "").strip().replace("\r\n", "\n")
    version = tidy(row.get("version", ""))
    data = {"comment": comment, "version": version if version.isdecimal() else "0"}
    if not answer:  # erases nothing
        kept = AnswerForm(question, options, stored)
        kept = {name: kept[name].value() for name in kept.fields}
        data = (
            {**kept, "comment": comment or kept["comment"], "version": data["version"]}
            if stored
            else {}
        )
    else:
        data |= _answered(question, options, answer)
    return {f"q{question.pk}-{name}": value for name, value in data.items() if value is not None}


def _answered(question: Question, options, answer: str) -> dict:
    states = {normalise_name(words): code for code, words in WORDS.items()}
    codes = {normalise_name(option.label): option.code for option in options}
    if question.kind == QuestionKind.YES_NO:
        codes = {normalise_name(label): value for value, label in YesNo.choices}
    if state := states.get(normalise_name(answer)):
        return {"state": state}
    if question.kind in (QuestionKind.YES_NO, QuestionKind.ONE_OF):
        return {"state": codes.get(normalise_name(answer), answer)}
    if question.kind == QuestionKind.SEVERAL_OF:
        chosen = [part.strip() for part in SEVERAL.split(answer) if part.strip()]
        return {"value": [codes.get(normalise_name(part), part) for part in chosen]}
    return {"value": answer}


def _changes(sheet, question: Question, stored: Answer | None, value: Value) -> list[Change]:
    options = sheet.options[question.code]
    pairs = [
        ("Réponse", in_words(question, options, stored), in_words(question, options, value)),
        ("Commentaire", stored.comment if stored else "", value.comment),
    ]
    return [Change(label, old, new) for label, old, new in pairs if old != new]


def _remarks(sheet: AnswerSheet, number: int, question: Question, value: Value) -> list[Problem]:
    told = warnings([question], {question.code: Answer(**value.columns())})
    remarks = list(told.values())
    if question not in sheet.visible_questions:
        remarks.append(
            "Cette question n’est pas posée aujourd’hui : la réponse est gardée, et ne compte pas."
        )
    return [Problem(number, "answer", "", sentence, blocking=False) for sentence in remarks]


def _conflict(sheet: AnswerSheet, stored: Answer, code: str) -> str:
    words = in_words(sheet.questions[code], sheet.options[code], stored)
    who, when = stored.author or "Quelqu’un", timezone.localtime(stored.updated_at)
    return (
        f"{who} a répondu « {words} » le {when:%d/%m/%Y à %H:%M}, après l’export de cette grille : sa réponse est "
        "gardée. Si la vôtre est la bonne, donnez-la sur le site."
    )


def _refused(number: int, name: str, column: str, value: str, sentence: str) -> Line:
    problem = Problem(number, column, value, sentence)
    return Line(number, Outcome.REJECTED, name, problems=[problem])
