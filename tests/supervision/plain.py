"""The figures of a territory from raw answers, in plain Python: no score, no copy, no bit is read.

Written from the definitions (docs/architecture.md, « L’indice »), not from the code that it checks.
"""

from fractions import Fraction
from math import floor

from questions.models import Answer, Assessment, Question


def last_closed(assessments: list[Assessment]) -> list[Assessment]:
    """Return the last closed official one of each collectivité."""
    closed = [row for row in assessments if row.state == "closed" and not row.provisional_for_id]
    last = {row.collectivite_id: row for row in sorted(closed, key=lambda r: (r.closed_at, r.pk))}
    return list(last.values())


def asked(assessment: Assessment) -> dict[Question, Answer | None]:
    """Return the questions that are asked, with the answer given; conditions are one level deep in these tests."""
    questions = Question.objects.filter(theme__questionnaire=assessment.questionnaire_id)
    questions = {question.code: question for question in questions.select_related("theme")}
    given = {answer.question_id: answer for answer in assessment.answers.all()}
    found = {}
    for question in questions.values():
        if question.condition_code:
            asker = given.get(questions[question.condition_code].pk)
            expected = question.condition_answers.split(",")
            if asker is None or asker.state != "answered" or asker.choice not in expected:
                continue
        found[question] = given.get(question.pk)
    return found


def part(question: Question, answer: Answer | None) -> Fraction:
    if answer is None or answer.state != "answered":
        return Fraction(0)
    if question.kind == "yes_no":
        return Fraction(answer.choice == "oui")
    points = {option.code: Fraction(option.points) for option in question.options.all()}
    return points[answer.choice] / max(points.values())


def counts(question: Question, answer: Answer | None) -> bool:
    return question.kind != "text" and (answer is None or answer.state != "not_applicable")


def index(rows: dict[Question, Answer | None], theme: str | None = None) -> int | None:
    points = possible = Fraction(0)
    for question, answer in rows.items():
        if theme in (None, question.theme.code) and counts(question, answer):
            points += question.weight * part(question, answer)
            possible += question.weight
    return floor(100 * points / possible + Fraction(1, 2)) if possible else None


def practised(assessments: list[Assessment]) -> dict[str, tuple[int, int]]:
    """Return (concerned, practised) by code of question."""
    found: dict[str, list[int]] = {}
    for assessment in assessments:
        for question, answer in asked(assessment).items():
            if counts(question, answer):
                both = found.setdefault(question.code, [0, 0])
                both[0] += 1
                both[1] += part(question, answer) == 1
    return {code: tuple(both) for code, both in found.items()}
