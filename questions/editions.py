"""The life of an edition: copied to a new draft, compared with the one before, published, retired.

What a verdict means (design of the platform, « Past results never change »):
- text only: words changed, every answer means what it meant;
- compatible: questions were added or removed, moved or weighed anew; what both editions ask can still be compared;
- not comparable: a question that keeps its code no longer asks for the same kind of answer or offers other answers.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import TextChoices

from questions.enums import EditionState
from questions.models import Assessment, Question, Questionnaire, Theme
from territories.scoping import everything

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
)
PLACE = (
    "order",
    "weight",
    "allows_not_applicable",
    "condition_code",
    "condition_answers",
    "applies_to_kinds",
    "min_population",
    "max_population",
)
MEANING = ("kind", "unit")
REVISION_FIELDS = ("latest_revision", "live_revision", "has_unpublished_changes")


class Verdict(TextChoices):
    FIRST = "first", "première édition de ce niveau"
    IDENTICAL = "identical", "rien n’a changé"
    TEXT_ONLY = "text_only", "seuls les textes changent"
    COMPATIBLE = "compatible", "compatible : les questions communes restent comparables"
    NOT_COMPARABLE = "not_comparable", "non comparable pour les questions signalées"


@dataclass(frozen=True)
class Change:
    """One difference between two editions, about one question."""

    code: str
    text: str
    what: str
    verdict: Verdict


class NotReadyToPublish(Exception):
    """The draft cannot be published; `reasons` are sentences in French."""

    def __init__(self, reasons: list[str]):
        super().__init__(" ".join(reasons))
        self.reasons = reasons


class NotADraft(Exception):
    """Only a draft is published; only a published edition is retired."""


@transaction.atomic
def copy_edition(source: Questionnaire, *, edition: str, by, at: datetime) -> Questionnaire:
    """Make a draft with the same themes, questions, options, sources and measures, under another name."""
    draft = Questionnaire.objects.create(
        level=source.level,
        edition=edition,
        title=source.title,
        introduction=source.introduction,
        copied_from=source,
    )
    for theme in source.themes.all():
        new_theme = _copy_row(theme, questionnaire=draft)
        for question in theme.questions.prefetch_related("options", "sources", "measures"):
            _copy_question(question, new_theme)
    draft.save_revision(user=by, log_action="wagtail.create")
    return draft


def _copy_question(question: Question, theme: Theme) -> None:
    copy = _copy_row(question, theme=theme)
    for option in question.options.all():
        _copy_row(option, question=copy)
    for source in question.sources.all():
        _copy_row(source, question=copy)
    copy.measures.set(question.measures.all())
    copy.save()


def _copy_row(row, **parent):
    """Return a saved copy of a row under another parent, without its history of revisions."""
    skipped = {"id", "sort_order", *REVISION_FIELDS, *parent}
    values = {
        field.name: getattr(row, field.name)
        for field in row._meta.concrete_fields
        if field.name not in skipped
    }
    if hasattr(row, "sort_order"):
        values["sort_order"] = row.sort_order
    copy = type(row)(**values, **parent)
    copy.save()
    return copy


def previous_edition(draft: Questionnaire) -> Questionnaire | None:
    """Return the edition that publishing this draft would replace."""
    return Questionnaire.objects.exclude(pk=draft.pk).current(draft.level)


def compare(before: Questionnaire, after: Questionnaire) -> list[Change]:
    """Return what changed from one edition to the other, in the order of the questions."""
    old, new = _by_code(before), _by_code(after)
    changes = []
    for code, question in new.items():
        if code not in old:
            changes.append(Change(code, question.text, "question ajoutée", Verdict.COMPATIBLE))
        else:
            changes.extend(_question_changes(old[code], question))
    changes.extend(
        Change(code, question.text, "question retirée", Verdict.COMPATIBLE)
        for code, question in old.items()
        if code not in new
    )
    return changes


def _by_code(edition: Questionnaire) -> dict[str, Question]:
    questions = (
        Question.objects.filter(theme__questionnaire=edition)
        .select_related("theme")
        .prefetch_related("options", "sources")
        .order_by("theme__order", "order")
    )
    return {question.code: question for question in questions}


def _question_changes(old: Question, new: Question) -> list[Change]:
    changes = []

    def note(what: str, verdict: Verdict) -> None:
        changes.append(Change(new.code, new.text, what, verdict))

    if _differ(old, new, MEANING) or _options(old) != _options(new):
        note("type de réponse ou réponses proposées changés", Verdict.NOT_COMPARABLE)
    if _differ(old, new, ("minimum", "maximum")):
        note("bornes changées", Verdict.COMPATIBLE)
    if old.weight != new.weight:
        note(f"poids : {old.weight} → {new.weight}", Verdict.COMPATIBLE)
    if old.theme.code != new.theme.code:
        note(f"thème : {old.theme.title} → {new.theme.title}", Verdict.COMPATIBLE)
    if _differ(old, new, [name for name in PLACE if name not in ("weight", "order")]):
        note("conditions d’affichage changées", Verdict.COMPATIBLE)
    if old.order != new.order:
        note("ordre changé", Verdict.TEXT_ONLY)
    if _differ(old, new, TEXTS) or _sources(old) != _sources(new):
        note("textes changés", Verdict.TEXT_ONLY)
    return changes


def _differ(old: Question, new: Question, names) -> bool:
    return any(getattr(old, name) != getattr(new, name) for name in names)


def _options(question: Question) -> list[tuple]:
    return [(o.code, o.points, o.lower_bound) for o in question.options.all()]


def _sources(question: Question) -> list[tuple]:
    return [(s.label, s.year, s.url) for s in question.sources.all()]


def verdict(before: Questionnaire | None, changes: list[Change]) -> Verdict:
    """Return the gravest of the changes."""
    if before is None:
        return Verdict.FIRST
    for level in (Verdict.NOT_COMPARABLE, Verdict.COMPATIBLE, Verdict.TEXT_ONLY):
        if any(change.verdict == level for change in changes):
            return level
    return Verdict.IDENTICAL


def concerned_assessments(edition: Questionnaire | None) -> dict[str, int]:
    """Count the official assessments of an edition by state; they all keep the edition they began with."""
    if edition is None:
        return {"open": 0, "closed": 0}
    with everything():
        rows = Assessment.objects.official().filter(questionnaire=edition)
        return {"open": rows.open().count(), "closed": rows.closed().count()}


def reasons_not_to_publish(draft: Questionnaire) -> list[str]:
    """Return, in sentences, what an editor must mend first; empty when the draft can be published."""
    reasons = []
    themes = list(draft.themes.prefetch_related("questions__options"))
    questions = [question for theme in themes for question in theme.questions.all()]
    if not questions:
        return ["Cette édition n’a encore aucune question."]
    codes = [question.code for question in questions]
    reasons += [
        f"Le code {code} est porté par plusieurs questions."
        for code in sorted({code for code in codes if codes.count(code) > 1})
    ]
    reasons += [
        f"Le thème « {theme.title} » n’a aucune question."
        for theme in themes
        if not theme.questions.all()
    ]
    for row in [*themes, *questions]:
        if not row.live or row.has_unpublished_changes:
            reasons.append(f"« {row} » a des changements en brouillon : publiez-les d’abord.")
    for question in questions:
        reasons += _condition_reasons(question, questions)
        if question.kind in ("one_of", "several_of") and question.options.count() < 2:
            reasons.append(f"{question.code} : proposez au moins deux réponses.")
        if question.weight and not question.principle:
            reasons.append(f"{question.code} : il manque le principe, montré sur un « non ».")
    return reasons


def _condition_reasons(question: Question, questions: list[Question]) -> list[str]:
    """Refuse a condition on nothing, and a question that would wait for itself."""
    by_code = {other.code: other for other in questions}
    met = {question.code}
    code = question.condition_code
    while code:
        if code not in by_code:
            return [f"{question.code} : sa condition cite {code}, qui n’est pas dans l’édition."]
        if code in met:
            return [f"{question.code} : sa condition revient sur elle-même."]
        met.add(code)
        code = by_code[code].condition_code
    return []


@transaction.atomic
def publish_edition(draft: Questionnaire, *, by, at: datetime) -> Questionnaire:
    """Publish a draft and retire the edition it replaces. Raises NotADraft, NotReadyToPublish.

    Assessments already begun keep their edition; new ones take this one.
    """
    draft = Questionnaire.objects.select_for_update().get(pk=draft.pk)
    if draft.state != EditionState.DRAFT:
        raise NotADraft("Cette édition n’est plus un brouillon.")
    if reasons := reasons_not_to_publish(draft):
        raise NotReadyToPublish(reasons)
    if previous := previous_edition(draft):
        retire_edition(previous, by=by, at=at)
    draft.state = EditionState.PUBLISHED
    draft.published_at = at
    draft.save()
    draft.save_revision(user=by, log_action="wagtail.publish")
    return draft


@transaction.atomic
def retire_edition(edition: Questionnaire, *, by, at: datetime) -> Questionnaire:
    """Stop offering an edition to new assessments; those begun go on. Raises NotADraft when it is not published."""
    edition = Questionnaire.objects.select_for_update().get(pk=edition.pk)
    if edition.state != EditionState.PUBLISHED:
        raise NotADraft("Seule une édition publiée se retire.")
    edition.state = EditionState.RETIRED
    edition.retired_at = at
    edition.save()
    edition.save_revision(user=by, log_action="wagtail.unpublish")
    return edition
