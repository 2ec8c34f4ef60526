"""What changed from one edition to the next, and whether their answers can still be compared.

What a verdict means:
- text only: words or order changed, every answer means what it meant;
- compatible: questions were added or removed, moved or weighed anew; what both editions ask can still be compared;
- not comparable: a question that keeps its code no longer asks for the same kind of answer or offers other answers.
"""

from dataclasses import dataclass

from django.db.models import TextChoices

from questions.models import Question, Questionnaire, Theme

TEXTS = (
    "text",
    "help",
    "principle",
    "interest",
    "first_step",
    "obligation",
    "obligation_reference",
    "obligation_url",
    "obligation_verified_on",
    "obligation_min_population",
    "not_applicable_hint",
    "bands_reason",
    "plausible_minimum",
    "plausible_maximum",
    "whole",
    "guide_id",
)
ASKED_WHEN = (
    "allows_not_applicable",
    "condition_code",
    "condition_answers",
    "applies_to_kinds",
    "applies_to_facts",
    "min_population",
    "max_population",
)
MEANING = ("kind", "unit")
BOUNDS = ("minimum", "maximum")
THEME_TEXTS = ("title", "introduction", "icon", "reen_objectives")


class Verdict(TextChoices):
    FIRST = "first", "première édition de ce niveau"
    IDENTICAL = "identical", "rien n’a changé"
    TEXT_ONLY = "text_only", "seuls les textes changent"
    COMPATIBLE = "compatible", "compatible : les questions communes restent comparables"
    NOT_COMPARABLE = "not_comparable", "non comparable pour les questions signalées"


REACH = {
    Verdict.TEXT_ONLY: "texte",
    Verdict.COMPATIBLE: "compatible",
    Verdict.NOT_COMPARABLE: "non comparable",
}


@dataclass(frozen=True)
class Change:
    """One difference between two editions, about one question or one theme."""

    code: str
    text: str
    what: str
    verdict: Verdict

    @property
    def reach(self) -> str:
        return REACH[self.verdict]


def compare(before: Questionnaire, after: Questionnaire) -> list[Change]:
    """Return what changed from one edition to the other: themes, then questions, in their order."""
    return [
        *_all_changes(_themes(before), _themes(after), "thème", "title", _theme_changes),
        *_all_changes(_questions(before), _questions(after), "question", "text", _question_changes),
    ]


def verdict(before: Questionnaire | None, changes: list[Change]) -> Verdict:
    """Return the gravest of the changes."""
    if before is None:
        return Verdict.FIRST
    for level in (Verdict.NOT_COMPARABLE, Verdict.COMPATIBLE, Verdict.TEXT_ONLY):
        if any(change.verdict == level for change in changes):
            return level
    return Verdict.IDENTICAL


def _all_changes(old: dict, new: dict, noun: str, words: str, differences) -> list[Change]:
    ending = "" if noun == "thème" else "e"
    changes = []
    for code, row in new.items():
        found = (
            differences(old[code], row)
            if code in old
            else [(f"{noun} ajouté{ending}", Verdict.COMPATIBLE)]
        )
        changes += [Change(code, getattr(row, words), what, reach) for what, reach in found]
    changes += [
        Change(code, getattr(row, words), f"{noun} retiré{ending}", Verdict.COMPATIBLE)
        for code, row in old.items()
        if code not in new
    ]
    return changes


def _themes(edition: Questionnaire) -> dict[str, Theme]:
    return {theme.code: theme for theme in edition.themes.order_by("order")}


def _questions(edition: Questionnaire) -> dict[str, Question]:
    questions = (
        Question.objects.filter(theme__questionnaire=edition)
        .select_related("theme")
        .prefetch_related("options", "sources", "measures")
        .order_by("theme__order", "order")
    )
    return {question.code: question for question in questions}


def _theme_changes(old: Theme, new: Theme):
    if old.order != new.order:
        yield "ordre changé", Verdict.TEXT_ONLY
    if _differ(old, new, THEME_TEXTS):
        yield "textes changés", Verdict.TEXT_ONLY


def _question_changes(old: Question, new: Question):
    if _differ(old, new, MEANING) or _answers(old) != _answers(new):
        yield "type de réponse ou réponses proposées changés", Verdict.NOT_COMPARABLE
    elif _points(old) != _points(new):
        yield "points des réponses changés", Verdict.COMPATIBLE
    if _differ(old, new, BOUNDS):
        yield "bornes changées", Verdict.COMPATIBLE
    if old.weight != new.weight:
        yield f"poids : {old.weight} → {new.weight}", Verdict.COMPATIBLE
    if old.theme.code != new.theme.code:
        yield f"thème : {old.theme.title} → {new.theme.title}", Verdict.COMPATIBLE
    if _differ(old, new, ASKED_WHEN):
        yield "conditions d’affichage changées", Verdict.COMPATIBLE
    if old.order != new.order:
        yield "ordre changé", Verdict.TEXT_ONLY
    if _differ(old, new, TEXTS) or _words(old, new) != _words(new, old):
        yield "textes changés", Verdict.TEXT_ONLY


def _differ(old, new, names) -> bool:
    return any(getattr(old, name) != getattr(new, name) for name in names)


def _answers(question: Question) -> set[tuple]:
    """Which answers are offered, whatever their order and their points."""
    return {(option.code, option.lower_bound) for option in question.options.all()}


def _points(question: Question) -> dict:
    return {option.code: option.points for option in question.options.all()}


def _words(question: Question, other: Question) -> tuple:
    """What accompanies a question: answers that both offer, as they are named; its sources; its measures."""
    shared = {option.code for option in other.options.all()}
    return (
        [(option.code, option.label) for option in question.options.all() if option.code in shared],
        [(source.label, source.year, source.url) for source in question.sources.all()],
        {measure.pk for measure in question.measures.all()},
    )
