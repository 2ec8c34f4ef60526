"""What a page of results says of similar collectivités: `questions` does not know `supervision`, its template may ask."""

from django import template

from supervision.peers import Comparison, standing_of
from territories.enums import MemberState

register = template.Library()


@register.simple_tag(takes_context=True)
def standing(context, assessment) -> Comparison | None:
    """Return where the collectivité of the reader stands; None for anybody else, and when it may not be told.

    Only what counts today is compared, by an active member who works for it: as on /espace/comparaison/.
    """
    request = context["request"]
    membership = getattr(request, "membership", None)
    if membership is None or membership.state != MemberState.ACTIVE:
        return None
    if membership.collectivite_id != assessment.collectivite_id:
        return None
    if assessment.counted_from is None or assessment.counted_until or assessment.index is None:
        return None
    found = standing_of(assessment, request.user)
    return found if found.peers else None
