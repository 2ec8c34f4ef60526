"""How a view gets its assessment: what the person may not read does not exist, what she may not write neither."""

from functools import wraps

from django.http import Http404
from django.shortcuts import get_object_or_404

from questions import rules
from questions.models import Assessment, Question, Theme


def for_readers(view):
    """Give the view the assessment; 404 for who may not see it (`Assessment.objects` is scoped)."""

    @wraps(view)
    def wrapped(request, pk, **kwargs):
        rows = Assessment.objects.select_related(
            "questionnaire",
            "collectivite__departement",
            "collectivite__opsn",
            "closed_by",
            "profile",
        )
        return view(request, get_object_or_404(rows, pk=pk), **kwargs)

    return wrapped


def _for(rule):
    """The same for those of whom a rule is true; open or not: the acts say what a closed one refuses."""

    def decorate(view):
        @wraps(view)
        @for_readers
        def wrapped(request, assessment, **kwargs):
            if not rule(request.user, assessment):
                raise Http404
            return view(request, assessment, **kwargs)

        return wrapped

    return decorate


for_writers = _for(rules.writes)
for_team = _for(rules.is_of_team)
for_advisers = _for(rules.reviews)
# Who reads what a team does together: there is none at level 1.
for_team_readers = _for(lambda user, assessment: rules.has_team(assessment))


def for_answerers(view):
    """The same for those who answer, the adviser included; the view is told by which channel."""

    @wraps(view)
    @for_readers
    def wrapped(request, assessment, **kwargs):
        channel = rules.channel_of(request.user, assessment)
        if channel is None:
            raise Http404
        return view(request, assessment, channel=channel, **kwargs)

    return wrapped


def question_of(assessment, pk: int) -> Question:
    """Return a question of the edition that is answered; 404 for one of another."""
    rows = Question.objects.filter(theme__questionnaire_id=assessment.questionnaire_id)
    return get_object_or_404(rows.select_related("theme"), pk=pk)


def theme_of(assessment, code: str) -> Theme:
    return get_object_or_404(Theme, questionnaire_id=assessment.questionnaire_id, code=code)
