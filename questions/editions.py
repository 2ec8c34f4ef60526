"""The life of an edition: copied to a new draft, published, retired. What changed between two is in `comparing`."""

from datetime import datetime

from django.db import transaction

from questions.enums import EditionState, QuestionKind, YesNo
from questions.models import Assessment, Question, Questionnaire, Theme
from territories.scoping import everything

# Of the row it was copied from, a copy keeps neither its history nor its dates.
NOT_COPIED = {
    "id",
    "latest_revision",
    "live_revision",
    "has_unpublished_changes",
    "first_published_at",
    "last_published_at",
    "go_live_at",
    "expire_at",
}


class NotReadyToPublish(Exception):
    """The draft cannot be published; `reasons` are sentences in French."""

    def __init__(self, reasons: list[str]):
        super().__init__(" ".join(reasons))
        self.reasons = reasons


class NotInThatState(Exception):
    """Only a draft is published; only a published edition is retired."""


@transaction.atomic
def copy_edition(source: Questionnaire, *, edition: str, by) -> Questionnaire:
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
    for child in [*question.options.all(), *question.sources.all()]:
        _copy_row(child, question=copy)
    copy.measures.set(question.measures.all())
    copy.save()


def _copy_row(row, **parent):
    """Return a saved copy of a row under another parent."""
    values = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if field.name not in NOT_COPIED and field.name not in parent
    }
    copy = type(row)(**values, **parent)
    copy.save()
    return copy


def previous_edition(draft: Questionnaire) -> Questionnaire | None:
    """Return the edition that publishing this draft would replace."""
    return Questionnaire.objects.exclude(pk=draft.pk).current(draft.level)


def concerned_assessments(edition: Questionnaire | None) -> dict[str, int]:
    """Count the official assessments of an edition by state; they all keep the edition they began with."""
    if edition is None:
        return {"open": 0, "closed": 0}
    with everything():
        rows = Assessment.objects.official().filter(questionnaire=edition)
        return {"open": rows.open().count(), "closed": rows.closed().count()}


def reasons_not_to_publish(draft: Questionnaire) -> list[str]:
    """Return, in sentences, what an editor must mend first; empty when the draft can be published."""
    themes = list(draft.themes.prefetch_related("questions__options"))
    questions = [question for theme in themes for question in theme.questions.all()]
    if not questions:
        return ["Cette édition n’a encore aucune question."]
    codes = [question.code for question in questions]
    by_code = dict(zip(codes, questions, strict=True))
    reasons = [
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
        if row.expire_at:
            reasons.append(f"« {row} » a une date de dépublication : retirez-la.")
    for question in questions:
        reasons += _answer_reasons(question)
        reasons += _condition_reasons(question, by_code)
    return reasons


def _answer_reasons(question: Question) -> list[str]:
    reasons = []
    options = question.options.all()
    if question.kind in (QuestionKind.ONE_OF, QuestionKind.SEVERAL_OF) and len(options) < 2:
        reasons.append(f"{question.code} : proposez au moins deux réponses.")
    elif (
        question.weight
        and question.kind != QuestionKind.YES_NO
        and not any(option.points > 0 for option in options)
    ):
        reasons.append(
            f"{question.code} : aucune réponse ne rapporte de points. Donnez-en, ou mettez son poids à 0."
        )
    if question.weight and not question.principle:
        reasons.append(f"{question.code} : il manque le principe, montré sur un « non ».")
    return reasons


def _condition_reasons(question: Question, by_code: dict[str, Question]) -> list[str]:
    """Refuse a condition on nothing, on an answer that is not offered, and a question that waits for itself."""
    met = {question.code}
    code = question.condition_code
    while code:
        if code not in by_code:
            return [f"{question.code} : sa condition cite {code}, qui n’est pas dans l’édition."]
        if code in met:
            return [f"{question.code} : sa condition revient sur elle-même."]
        met.add(code)
        code = by_code[code].condition_code
    if not question.condition_code:
        return []
    expected = {code.strip() for code in question.condition_answers.split(",") if code.strip()}
    if not expected:
        return [f"{question.code} : dites pour quelles réponses à {question.condition_code}."]
    unknown = expected - _offered(by_code[question.condition_code])
    return [
        f"{question.code} : sa condition attend « {code} », que {question.condition_code} ne propose pas."
        for code in sorted(unknown)
    ]


def _offered(question: Question) -> set[str]:
    if question.kind == QuestionKind.YES_NO:
        return set(YesNo.values)
    return {option.code for option in question.options.all()}


@transaction.atomic
def publish_edition(draft: Questionnaire, *, by, at: datetime) -> Questionnaire:
    """Publish a draft and retire the edition it replaces. Raises NotInThatState, NotReadyToPublish.

    Assessments already begun keep their edition; new ones take this one.
    """
    # All editions of the level are held: two drafts published at once come one after the other,
    # and nothing of this one changes while it is checked.
    held = Questionnaire.objects.select_for_update().filter(level=draft.level)
    draft = next((edition for edition in held if edition.pk == draft.pk), draft)
    if draft.state != EditionState.DRAFT:
        raise NotInThatState("Cette édition n’est plus un brouillon.")
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
    """Stop offering an edition to new assessments; those begun go on. Raises NotInThatState."""
    edition = Questionnaire.objects.select_for_update().get(pk=edition.pk)
    if edition.state != EditionState.PUBLISHED:
        raise NotInThatState("Seule une édition publiée se retire.")
    edition.state = EditionState.RETIRED
    edition.retired_at = at
    edition.save()
    edition.save_revision(user=by, log_action="wagtail.unpublish")
    return edition
