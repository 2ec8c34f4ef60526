"""What is known of a collectivité on the day of an assessment, as plain values.

Key figures, footprint and obligations are read from it (`figures`, `footprint`, `obligations`).
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from questions.enums import AnswerState, Level, ProfileFact
from questions.models import Answer, Assessment, AssessmentProfile
from questions.sheets import AnswerSheet

TOLD_BY = {"ECO3": ProfileFact.WEBSITE}
"""Questions that say a fact by the way: whoever has not got the thing answers « non concerné »."""


@dataclass(frozen=True)
class Given:
    """An answer; which field holds the value depends on the kind of its question."""

    state: str = AnswerState.ANSWERED
    choice: str = ""
    choices: tuple[str, ...] = ()
    number: Decimal | None = None
    date: dt.date | None = None

    @property
    def codes(self) -> frozenset[str]:
        return frozenset({self.choice} if self.choice else self.choices)


@dataclass(frozen=True)
class Portrait:
    """Facts and answers by code; what nobody said is absent, or None."""

    kind: str
    population: int | None = None
    agents: int | None = None
    elus: int | None = None
    facts: Mapping[str, bool] = field(default_factory=dict)
    conditions: Mapping[str, str] = field(default_factory=dict)
    """Of every question of the edition, the code of the one it depends on, or ""."""
    asked: frozenset[str] = frozenset()
    answers: Mapping[str, Given] = field(default_factory=dict)

    def given(self, code: str) -> Given | None:
        """Return the answer to a question that is asked; « ne sait pas » is none."""
        answer = self.answers.get(code) if code in self.asked else None
        return None if answer is None or answer.state == AnswerState.UNKNOWN else answer

    def number(self, code: str) -> Decimal | None:
        """Return the figure that was answered."""
        answer = self.given(code)
        return answer.number if answer else None

    def count(self, code: str) -> Decimal | None:
        """Return how many there are: none when the question does not concern this collectivité; None when unknown."""
        if code not in self.conditions or self.lacking(code):
            return None
        answer = self.given(code)
        return Decimal(0) if answer is None or answer.number is None else answer.number

    def closed_by(self, code: str) -> str:
        """Return the question whose answer keeps this one from being asked; "" when it is the profile."""
        seen = set()
        while code and code not in seen and code not in self.asked:
            seen.add(code)
            code = self.conditions.get(code, "")
        return code if code in self.asked else ""

    def lacking(self, code: str) -> str:
        """Return the question to answer for this one to be known: itself, or one that may open it; "" when none is."""
        seen = set()
        while code and code not in seen:
            if code in self.asked:
                return "" if self.given(code) else code
            seen.add(code)
            code = self.conditions.get(code, "")
        return ""


def portrait_of(assessment: Assessment, sheet: AnswerSheet) -> Portrait:
    """Return the portrait of an assessment; only level 2 has facts, one query more."""
    stated = None
    if assessment.level == Level.TWO:
        stated = AssessmentProfile._base_manager.filter(assessment_id=assessment.pk).first()
    answers = {code: _given(answer) for code, answer in sheet.answers.items()}
    return Portrait(
        kind=sheet.profile.kind,
        population=sheet.profile.population,
        agents=stated and stated.agents,
        elus=stated and stated.elus,
        facts=_told(answers) | (stated.stated if stated else {}),
        conditions={code: question.condition_code for code, question in sheet.questions.items()},
        asked=frozenset(facts.code for facts in sheet.visible),
        answers=answers,
    )


def _told(answers: Mapping[str, Given]) -> dict[str, bool]:
    return {
        fact: answers[code].state == AnswerState.ANSWERED
        for code, fact in TOLD_BY.items()
        if code in answers and answers[code].state != AnswerState.UNKNOWN
    }


def _given(answer: Answer) -> Given:
    return Given(answer.state, answer.choice, tuple(answer.choices), answer.number, answer.date)
