"""Starter content: an edition of a questionnaire and its measures, from the YAML files of `questions/content/`.

One file per theme; the shape is that of the models. Loaded once: an edition that exists is left alone, its measures too,
and so is a measure that another edition brought: they belong to whoever edits them since.
In level 2, `from_level_one: true` stands for all that level 1 says of the question of that code.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from django.db import transaction
from wagtail.models import Page

from questions.content_files import read_yaml
from questions.editions import publish_edition
from questions.enums import EditionState, Level
from questions.models import (
    Measure,
    MeasureIndicator,
    MeasureResource,
    Option,
    Question,
    Questionnaire,
    QuestionSource,
    Theme,
)

CONTENT = Path(__file__).parent / "content"
QUESTION_FIELDS = (
    "text",
    "help",
    "kind",
    "unit",
    "minimum",
    "maximum",
    "plausible_minimum",
    "plausible_maximum",
    "whole",
    "bands_reason",
    "weight",
    "allows_not_applicable",
    "not_applicable_hint",
    "principle",
    "interest",
    "first_step",
    "obligation",
    "obligation_reference",
    "obligation_url",
    "obligation_verified_on",
    "obligation_min_population",
    "min_population",
    "max_population",
)
LISTS_OF_CODES = ("applies_to_kinds", "applies_to_facts")
MEASURE_TEXTS = (
    "title",
    "why",
    "effort",
    "cost",
    "gain",
    "priority",
    "legal_reference",
    "reen_objective",
)


@dataclass(frozen=True)
class Loaded:
    """What a load made; `edition` is False when it was there already."""

    edition: bool
    questions: int
    measures: int


def read_themes(level: int) -> list[dict]:
    """Return the content of the theme files of a level, in order, every question in full."""
    files = sorted((CONTENT / f"level{level}").glob("*.yaml"))
    themes = [read_yaml(file) for file in files]
    if level != Level.ONE:
        known = {
            data["code"]: data for theme in read_themes(Level.ONE) for data in theme["questions"]
        }
        for theme in themes:
            theme["questions"] = [_in_full(data, known) for data in theme["questions"]]
    return themes


@transaction.atomic
def load_edition(
    *, level: int, edition: str, title: str, introduction: str, at: datetime
) -> Loaded:
    """Create and publish an edition and its measures from their files, unless the edition exists."""
    if Questionnaire.objects.filter(level=level, edition=edition).exists():
        link_guides(level=level)
        return Loaded(edition=False, questions=0, measures=0)
    themes = read_themes(level)
    measures = sum(_load_measure(data) for theme in themes for data in theme.get("measures") or [])
    questionnaire = Questionnaire.objects.create(
        level=level, edition=edition, title=title, introduction=introduction
    )
    for order, data in enumerate(themes, start=1):
        _load_theme(questionnaire, order, data)
    if not Questionnaire.objects.current(level):
        publish_edition(questionnaire, by=None, at=at)
    count = Question.objects.filter(theme__questionnaire=questionnaire).count()
    return Loaded(edition=True, questions=count, measures=measures)


def link_guides(*, level: int) -> int:
    """Link the questions that nobody has edited yet to the guide that their file names. Return how many."""
    pages = dict(Page.objects.live().values_list("slug", "pk"))
    linked = 0
    for theme in read_themes(level):
        for data in theme["questions"]:
            if page := pages.get(data.get("guide", "")):
                linked += Question.objects.filter(
                    theme__questionnaire__level=level,
                    theme__questionnaire__state=EditionState.PUBLISHED,
                    code=data["code"],
                    guide=None,
                    latest_revision__user=None,
                ).update(guide=page)
    return linked


def _in_full(data: dict, level_one: dict[str, dict]) -> dict:
    if not data.get("from_level_one"):
        return data
    return level_one[data["code"]] | {k: v for k, v in data.items() if k != "from_level_one"}


def _load_theme(questionnaire: Questionnaire, order: int, data: dict) -> None:
    theme = Theme.objects.create(
        questionnaire=questionnaire,
        order=order,
        code=data["code"],
        title=data["title"],
        icon=data["icon"],
        introduction=data["introduction"].strip(),
        reen_objectives=",".join(str(number) for number in data["reen_objectives"]),
    )
    _publish(theme)
    for position, question in enumerate(data["questions"], start=1):
        _load_question(theme, position, question)


def _load_question(theme: Theme, order: int, data: dict) -> None:
    values = {name: _value(data[name]) for name in QUESTION_FIELDS if data.get(name) is not None}
    values |= {name: ",".join(data.get(name) or ()) for name in LISTS_OF_CODES}
    if condition := data.get("condition"):
        values["condition_code"] = condition["question"]
        values["condition_answers"] = ",".join(str(code) for code in condition["answers"])
    question = Question(theme=theme, order=order, code=data["code"], **values)
    question.guide = Page.objects.live().filter(slug=data.get("guide", "")).first()
    question.sources = [
        QuestionSource(label=source["label"], year=source["year"], url=source["url"])
        for source in data["sources"]
    ]
    question.options = [
        Option(sort_order=rank, **{name: _value(value) for name, value in option.items()})
        for rank, option in enumerate(data.get("options") or ())
    ]
    question.measures.set(Measure.objects.filter(code__in=data["measures"]))
    question.full_clean()
    question.save()
    _publish(question)


def _load_measure(data: dict) -> bool:
    if Measure.objects.filter(code=data["code"]).exists():
        return False
    measure = Measure(
        code=data["code"],
        theme_code=data["theme"],
        how="\n".join(data["how"]),
        **{name: _value(data[name]) for name in MEASURE_TEXTS if data.get(name) is not None},
    )
    measure.indicators = [MeasureIndicator(**indicator) for indicator in data["indicators"]]
    measure.resources = [MeasureResource(**resource) for resource in data["resources"]]
    measure.full_clean()
    measure.save()
    _publish(measure)
    return True


def _publish(row: Theme | Question | Measure) -> None:
    """Make the row as it was just saved its first published revision.

    `Revision.publish` reads, saves and indexes the row a second time: half of the time of a load, for nothing.
    """
    revision = row.save_revision(clean=False)
    type(row)._base_manager.filter(pk=row.pk).update(
        live_revision=revision,
        has_unpublished_changes=False,
        first_published_at=revision.created_at,
        last_published_at=revision.created_at,
    )


def _value(value):
    """Return a value as a model holds it: a text without its last newline, a decimal written « 0.2 » and not as a float."""
    if isinstance(value, float):
        return Decimal(str(value))
    return value.strip() if isinstance(value, str) else value
