"""The collectivité a person is working for, put on the request."""

from territories.enums import MemberState
from territories.models import CollectiviteMember

SESSION_KEY = "collectivite"


class CurrentCollectiviteMiddleware:
    """Set `memberships` (active first), `membership` (the chosen one, or None) and `collectivite` (or None).

    One query for a person who is logged in, none for a visitor.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.memberships = memberships_of(request.user)
        request.membership = _chosen(request)
        request.collectivite = request.membership and request.membership.collectivite
        return self.get_response(request)


def memberships_of(user) -> list[CollectiviteMember]:
    """Return her active and pending memberships, active ones first, then by name."""
    if not user.is_authenticated:
        return []
    rows = CollectiviteMember.objects.filter(
        user_id=user.pk, state__in=(MemberState.ACTIVE, MemberState.PENDING)
    ).select_related("collectivite__departement", "collectivite__opsn")
    return sorted(
        rows, key=lambda m: (m.state != MemberState.ACTIVE, m.collectivite.search_name, m.pk)
    )


def choose_collectivite(request, member: CollectiviteMember) -> None:
    """Work for this collectivité from now on, in this session."""
    request.session[SESSION_KEY] = member.collectivite_id


def _chosen(request) -> CollectiviteMember | None:
    if not request.memberships:
        return None
    chosen = request.session.get(SESSION_KEY)
    return next(
        (m for m in request.memberships if m.collectivite_id == chosen), request.memberships[0]
    )
