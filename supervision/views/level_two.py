"""Open or close level 2 for some collectivités: who is concerned is shown first."""

from django.shortcuts import redirect, render
from django.utils import timezone

from supervision.batches import on_each
from supervision.views.access import with_chosen
from supervision.views.outcome import say
from territories.level_two import close_level_two, open_level_two

STEPS = {
    "ouvrir": (open_level_two, "niveau 2 ouvert", "niveaux 2 ouverts"),
    "fermer": (close_level_two, "niveau 2 fermé", "niveaux 2 fermés"),
}


@with_chosen
def level_two(request, collectivites):
    if request.POST.get("etape") not in STEPS:
        context = {
            "collectivites": collectivites,
            "opened": [c for c in collectivites if c.level_two_opened_at],
            "waiting": [c for c in collectivites if not c.level_two_opened_at],
        }
        return render(request, "opsn/level_two.html", context)
    act, one, many = STEPS[request.POST["etape"]]
    outcome = on_each(
        collectivites, lambda c: act(collectivite=c, by=request.user, at=timezone.now())
    )
    say(request, outcome, one, many)
    if len(collectivites) == 1:
        return redirect("supervision:collectivite", pk=collectivites[0].pk)
    return redirect("supervision:collectivites")
