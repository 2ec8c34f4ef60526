"""How a view gets its assessment: what the person may not read does not exist, what she may not write neither."""

from functools import wraps

from django.http import Http404
from django.shortcuts import get_object_or_404

from questions import rules
from questions.models import Assessment


def for_readers(view):
    """Give the view the assessment; 404 for who may not see it (`Assessment.objects` is scoped)."""

    @wraps(view)
    def wrapped(request, pk, **kwargs):
        rows = Assessment.objects.select_related(
            "questionnaire", "collectivite__departement", "closed_by"
        )
        return view(request, get_object_or_404(rows, pk=pk), **kwargs)

    return wrapped


def for_writers(view):
    """The same for who answers in it, open or not: the acts say what a closed one refuses."""

    @wraps(view)
    @for_readers
    def wrapped(request, assessment, **kwargs):
        if not rules.writes(request.user, assessment):
            raise Http404
        return view(request, assessment, **kwargs)

    return wrapped
