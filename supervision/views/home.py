"""The home of the console, and for whom one works."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from supervision.figures import figures_of, to_do
from supervision.views.access import for_console
from territories.current import choose_opsn, offered_opsns


@require_safe
@for_console
def home(request):
    context = {
        "figures": figures_of(request.territory),
        "to_do": to_do(request.territory, at=timezone.now()),
        "opsns": offered_opsns(request.user),
    }
    return render(request, "opsn/home.html", context)


@require_POST
@for_console
def choose(request):
    """Work for another of one's OPSN; an empty choice is the whole country, for the national team."""
    wanted = request.POST.get("opsn", "")
    if wanted == "" and request.user.follows_every_collectivite:
        choose_opsn(request, None)
        return redirect("supervision:home")
    opsn = next((o for o in offered_opsns(request.user) if str(o.pk) == wanted), None)
    if opsn is None:
        raise Http404
    choose_opsn(request, opsn)
    return redirect("supervision:home")
