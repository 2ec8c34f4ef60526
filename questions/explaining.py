"""What an unfavourable answer means and what to do first, ready for the component `explanation`."""

from collections.abc import Iterable

from django.urls import reverse

from questions.conditions import Profile
from questions.models import Question


def explanations(pks: Iterable[int], profile: Profile, request=None) -> dict[int, dict]:
    """Return the variables of the explanation of each question, by its id."""
    rows = Question.objects.filter(pk__in=list(pks)).select_related("guide")
    rows = rows.prefetch_related("sources", "measures")
    return {question.pk: explanation(question, profile, request) for question in rows}


def explanation(question: Question, profile: Profile, request=None) -> dict:
    """Return the variables of an explanation; a duty that does not bind this population is left out."""
    guide = question.guide if question.guide and question.guide.live else None
    shown = {
        "principle": question.principle,
        "interest": question.interest,
        "first_step": question.first_step,
        "sources": list(question.sources.all()),
        "measures": [
            (measure.title, reverse("measures:measure", args=[measure.code]))
            for measure in question.measures.all()
            if measure.live
        ],
        "guide_title": guide and guide.title,
        "guide_url": guide and guide.get_url(request),
    }
    if binds(question, profile):
        shown |= {
            "obligation": question.obligation,
            "obligation_reference": question.obligation_reference,
            "obligation_url": question.obligation_url,
            "verified_on": question.obligation_verified_on,
        }
    return shown


def binds(question: Question, profile: Profile) -> bool:
    """Tell whether the obligation is for this collectivité: for all, or strictly above a population."""
    if not question.obligation:
        return False
    threshold = question.obligation_min_population
    return threshold is None or (profile.population or 0) > threshold
