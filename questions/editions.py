"""The life of an edition: copied to a new draft, published, retired. What changed between two is in `comparing`."""

from datetime import datetime

from django.db import transaction

from questions.checking import reasons_not_to_publish
from questions.enums import EditionState
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
