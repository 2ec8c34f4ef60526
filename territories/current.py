"""The collectivité a person is working for, and the OPSN, put on the request."""

from functools import partial

from territories.enums import MemberState
from territories.models import CollectiviteMember, Opsn, OpsnMember

SESSION_KEY = "collectivite"
OPSN_KEY = "opsn"


class CurrentCollectiviteMiddleware:
    """Set `memberships` (active first), `membership` (the chosen one, or None), `collectivite` (or None) and `opsn`.

    Two queries for a person who is logged in, none for a visitor. `opsn` is None for the national team when it works for
    the whole country, and for everybody who is of no active OPSN. A view that is `the_same_wherever` has none of them.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.is_of_an_opsn = partial(
            is_of_an_opsn, request.user
        )  # for the header of every page, errors too
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if not getattr(view, "the_same_wherever", False):
            request.memberships = memberships_of(request.user)
            request.membership = _chosen(request)
            request.collectivite = request.membership and request.membership.collectivite
            request.opsn = opsn_of(request)


def the_same_wherever(view):
    """Say of a view that it does the same for whichever collectivité and OPSN one works: they are not read for it."""
    view.the_same_wherever = True
    return view


def memberships_of(user) -> list[CollectiviteMember]:
    """Return her active and pending memberships, active ones first, then by name."""
    if not user.is_authenticated or not user.is_active:
        return []
    # Her own rows: no scope to ask, at each page, for the collectivités that she follows.
    rows = CollectiviteMember._base_manager.filter(
        user_id=user.pk, state__in=(MemberState.ACTIVE, MemberState.PENDING)
    ).select_related("collectivite__departement", "collectivite__opsn")
    return sorted(
        rows, key=lambda m: (m.state != MemberState.ACTIVE, m.collectivite.search_name, m.pk)
    )


def opsn_memberships_of(user) -> list[OpsnMember]:
    """Return her memberships of active OPSN, by name. One query for a request, kept on its user."""
    if not user.is_authenticated or not user.is_active:
        return []
    if not hasattr(user, "_opsn_memberships"):
        rows = OpsnMember._base_manager.filter(user_id=user.pk, opsn__active=True)
        user._opsn_memberships = list(rows.select_related("opsn").order_by("opsn__name"))
    return user._opsn_memberships


def is_of_an_opsn(user) -> bool:
    return bool(opsn_memberships_of(user))


def choose_collectivite(request, member: CollectiviteMember) -> None:
    """Work for this collectivité from now on, in this session."""
    request.session[SESSION_KEY] = member.collectivite_id


def offered_opsns(user) -> list[Opsn]:
    """Return those she may work for: her own, or every active one for the national team."""
    if user.follows_every_collectivite:
        return list(Opsn.objects.active())
    return [member.opsn for member in opsn_memberships_of(user)]


def choose_opsn(request, opsn: Opsn | None) -> None:
    """Work for this OPSN from now on, in this session; None is the whole country."""
    request.session[OPSN_KEY] = opsn and opsn.pk


def opsn_of(request) -> Opsn | None:
    user = request.user
    if not user.is_authenticated:
        return None
    chosen = request.session.get(OPSN_KEY)
    if user.follows_every_collectivite:
        return chosen and Opsn.objects.active().filter(pk=chosen).first()
    opsns = offered_opsns(user)
    return next((opsn for opsn in opsns if opsn.pk == chosen), opsns[0] if opsns else None)


def _chosen(request) -> CollectiviteMember | None:
    if not request.memberships:
        return None
    chosen = request.session.get(SESSION_KEY)
    return next(
        (m for m in request.memberships if m.collectivite_id == chosen), request.memberships[0]
    )
