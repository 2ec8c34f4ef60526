"""What the app adds to the back office."""

from django.contrib import messages
from django.shortcuts import redirect
from wagtail import hooks
from wagtail.snippets.models import register_snippet

from questions.enums import EditionState
from questions.models import Measure, Questionnaire
from questions.models.edition import NOTHING_IS_REMOVED, FrozenWhenPublished
from questions.viewsets import QuestionnaireGroup

register_snippet(QuestionnaireGroup)


@hooks.register("before_delete_snippet")
def keep_what_was_published(request, instances):
    """Refuse to delete what past or present assessments rest on, one by one or many at once."""
    if any(_is_published(instance) for instance in instances):
        messages.error(request, NOTHING_IS_REMOVED)
        return redirect("wagtailadmin_home")
    return None


def _is_published(instance) -> bool:
    match instance:
        case FrozenWhenPublished():
            return instance.is_frozen()
        case Questionnaire():
            return not instance.is_draft or instance.themes.exists()
        case Measure():
            editions = Questionnaire.objects.filter(themes__questions__measures=instance)
            return editions.exclude(state=EditionState.DRAFT).exists()
    return False
