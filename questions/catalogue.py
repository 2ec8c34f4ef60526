"""What visitors read of the published editions: measures by theme, themes with their questions."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch

from questions.models import Measure, Question, Questionnaire, Theme
from questions.priorities import PRIORITY_RANK

OTHER = "Autres mesures"


@dataclass(frozen=True)
class Shelf:
    """The measures of one theme, the most urgent first."""

    title: str
    measures: tuple[Measure, ...]


def theme_titles() -> dict[str, str]:
    """Return the titles of the themes by code, in the order of the published editions, level 1 first."""
    themes = Theme.objects.published().order_by("questionnaire__level", "order")
    titles: dict[str, str] = {}
    for code, title in themes.values_list("code", "title"):
        titles.setdefault(code, title)
    return titles


def shelves(measures: Iterable[Measure], titles: dict[str, str]) -> list[Shelf]:
    """Return measures by theme, in the order of the themes; those of no published theme come last."""
    ranked = sorted(measures, key=lambda measure: (PRIORITY_RANK[measure.priority], measure.code))
    found = [
        Shelf(title, tuple(m for m in ranked if m.theme_code == code))
        for code, title in titles.items()
    ]
    found.append(Shelf(OTHER, tuple(m for m in ranked if m.theme_code not in titles)))
    return [shelf for shelf in found if shelf.measures]


def themes_with_questions(edition: Questionnaire | None) -> list[Theme]:
    """Return the themes of an edition in order, their questions read with them."""
    if edition is None:
        return []
    questions = Question.objects.order_by("order").only(
        "theme_id", "code", "text", "help", "not_applicable_hint"
    )
    return list(edition.themes.order_by("order").prefetch_related(Prefetch("questions", questions)))
