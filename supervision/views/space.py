"""What a collectivité reads of the others, under /espace/comparaison/: where it stands, and who may see it."""

from functools import wraps

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from questions.enums import Level
from supervision.consenting import consents_of, give_consent, withdraw_consent
from supervision.peer_practices import peer_practices
from supervision.peers import comparison_of, own_assessment
from territories.affiliation import AffiliationError
from territories.enums import MemberState
from territories.rules import can_manage_members

# On a page, within its 290 elements.
PRACTICES_SHOWN = 25


def for_member(view):
    """404 for who is not an active member of the collectivité that she works for."""

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        if request.membership is None or request.membership.state != MemberState.ACTIVE:
            raise Http404
        return view(request, request.collectivite, *args, **kwargs)

    return wrapped


@require_safe
@for_member
def peers(request, collectivite):
    level = _level(request)
    own = own_assessment(collectivite, level)
    context = {"level": level, "own": own, "comparison": own and comparison_of(own, request.user)}
    return render(request, "supervision/peers.html", context)


@require_safe
@for_member
def practices(request, collectivite):
    level = _level(request)
    own = own_assessment(collectivite, level)
    context = {"level": level, "own": own}
    if own:
        found = peer_practices(own, request.user)
        by_measure = bool(found.measures) and request.GET.get("par") == "mesure"
        rows = found.measures if by_measure else found.questions
        page = Paginator(rows, PRACTICES_SHOWN).get_page(request.GET.get("page"))
        context |= {"found": found, "by_measure": by_measure, "page": page, "params": request.GET}
    return render(request, "supervision/peer_practices.html", context)


@require_safe
@for_member
def consent(request, collectivite):
    """Who may see the figures: the référent decides, the others read what was decided."""
    agreed = [consent.epci for consent in consents_of(collectivite)]
    context = {
        "manages": can_manage_members(request.user, collectivite),
        "epci": collectivite.epci,
        "agreed": collectivite.epci in agreed,
        "left": [epci for epci in agreed if epci != collectivite.epci],
    }
    return render(request, "supervision/consent.html", context)


@require_POST
@for_member
def decide(request, collectivite):
    if not can_manage_members(request.user, collectivite):
        raise Http404
    act = give_consent if request.POST.get("accord") == "oui" else withdraw_consent
    try:
        act(collectivite=collectivite, by=request.user, at=timezone.now())
    except AffiliationError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Votre choix est enregistré.")
    return redirect("comparison:consent")


def _level(request) -> int:
    return Level.TWO if request.GET.get("niveau") == "2" else Level.ONE
