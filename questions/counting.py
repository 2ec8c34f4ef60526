"""Which assessments count in the figures of a territory, from when until when. In the transaction of the act that decides.

An assessment counts from its closing until the next of its level is closed. Open, provisional and archived ones never do.
"""

from collections.abc import Iterable

from questions import theme_indices
from questions.enums import AssessmentState
from questions.models import Assessment, ThemeScore
from questions.models.counted import COUNTED
from questions.practices import concerned, pack, positions, practised
from questions.scoring import Score
from questions.sheets import AnswerSheet

WHEN = ("counted_from", "counted_until", "last_of_edition")


def write_figures(assessment: Assessment, sheet: AnswerSheet) -> None:
    """Put the practices of a sheet, and the index of each theme, on its assessment; the caller saves it."""
    place = positions(question.pk for question in sheet.questions.values())
    places = {code: place[question.pk] for code, question in sheet.questions.items()}
    assessment.concerned = pack(concerned(sheet.visible, sheet.answer_facts), places)
    assessment.practised = pack(practised(sheet.visible, sheet.answer_facts), places)
    themes = {question.theme_id: question.theme.code for question in sheet.questions.values()}
    assessment.theme_indices = theme_indices.pack(
        {pk: sheet.theme_scores.get(code, Score()).index for pk, code in themes.items()}
    )


def settle(collectivite_id: int, level: int) -> None:
    """Say again which assessments of a collectivité count; their theme scores get a copy of what they are counted by."""
    rows = Assessment._base_manager.filter(collectivite=collectivite_id, level=level)
    rows = list(rows.order_by("closed_at", "pk"))
    for row, counted in zip(rows, periods(rows), strict=True):
        if counted != {name: getattr(row, name) for name in WHEN}:
            Assessment._base_manager.filter(pk=row.pk).update(**counted)
            for name, value in counted.items():
                setattr(row, name, value)
        ThemeScore._base_manager.filter(assessment=row.pk).update(**copied(row))


def periods(rows: Iterable[Assessment]) -> list[dict]:
    """Return, for each assessment of one collectivité and level, oldest closing first, from when until when it counts."""
    rows = list(rows)
    counts = [
        row.state == AssessmentState.CLOSED and row.provisional_for_id is None for row in rows
    ]
    after = {"any": None}
    found = []
    for row, counted in zip(reversed(rows), reversed(counts), strict=True):
        if not counted:
            found.append(dict.fromkeys(WHEN[:2]) | {"last_of_edition": False})
            continue
        found.append(
            {
                "counted_from": row.closed_at,
                "counted_until": after["any"],
                "last_of_edition": row.questionnaire_id not in after,
            }
        )
        after["any"] = after[row.questionnaire_id] = row.closed_at
    return found[::-1]


def copied(assessment: Assessment) -> dict:
    """Return the columns of a theme score that say by what it is counted; empty while its assessment does not count."""
    if assessment.counted_from is None:
        return dict.fromkeys((*WHEN[:2], "collectivite_id", "level")) | {"last_of_edition": False}
    columns = {name: getattr(assessment, name) for name in COUNTED}
    return columns | {"collectivite_id": assessment.collectivite_id, "level": assessment.level}
