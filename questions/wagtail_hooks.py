"""What the app adds to the back office."""

from django.contrib import messages
from django.db.models.deletion import Collector, ProtectedError, RestrictedError
from django.shortcuts import redirect
from django.urls import reverse
from wagtail import hooks
from wagtail.snippets.models import register_snippet

from questions.enums import EditionState
from questions.models import FactorSet, Measure, Question, Questionnaire, Theme
from questions.models.edition import NOTHING_IS_REMOVED, FrozenWhenPublished
from questions.viewsets import QuestionnaireGroup

register_snippet(QuestionnaireGroup)

OURS = (Questionnaire, Theme, Question, Measure, FactorSet)
MEASURE_IN_USE = (
    "« {} » est proposée par une édition publiée : retirez-la d’abord de ses questions, "
    "ou dépubliez-la pour ne plus la montrer."
)
FACTORS_IN_USE = "Une évaluation close s’appuie sur ces facteurs : ils restent."
STILL_IN_USE = "Rien n’est supprimé : des {} en dépendent encore. Supprimez-les d’abord."


@hooks.register("before_delete_snippet")
def keep_what_is_in_use(request, instances):
    """Refuse to delete what assessments or editions rest on, one by one or many at once."""
    ours = [row for row in instances if isinstance(row, OURS)]
    if refusal := next(filter(None, map(_refusal, ours)), None):
        messages.error(request, refusal)
        return redirect(reverse(ours[0].snippet_viewset.get_url_name("list")))
    return None


def _refusal(row) -> str:
    match row:
        case FrozenWhenPublished() if row.is_frozen():
            return NOTHING_IS_REMOVED
        case Questionnaire() if not row.is_draft:
            return NOTHING_IS_REMOVED
        case Measure() if _is_proposed(row):
            return MEASURE_IN_USE.format(row)
        case FactorSet() if row.is_used():
            return FACTORS_IN_USE
    try:
        Collector(using=row._state.db, origin=row).collect([row])
    except ProtectedError as error:
        return _still_in_use(error.protected_objects)
    except RestrictedError as error:
        return _still_in_use(error.restricted_objects)
    return ""


def _is_proposed(measure: Measure) -> bool:
    editions = Questionnaire.objects.filter(themes__questions__measures=measure)
    return editions.exclude(state=EditionState.DRAFT).exists()


def _still_in_use(rows) -> str:
    return STILL_IN_USE.format(next(iter(rows))._meta.verbose_name_plural)
