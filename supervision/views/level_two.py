"""Open or close level 2 for some collectivités, and begin that of one: what follows is shown first."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from questions.enums import Level
from questions.models import Assessment
from supervision.batches import on_each
from supervision.beginning import begin_level_two, reason_not_to_begin
from supervision.views.access import with_chosen, with_collectivite
from supervision.views.outcome import say
from territories.affiliation import AffiliationError
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


@require_http_methods(["GET", "HEAD", "POST"])
@with_collectivite
def begin(request, collectivite):
    """Begin the level 2 of a collectivité in its name; go on with the one that is open."""
    if request.method == "POST":
        try:
            assessment = begin_level_two(
                collectivite=collectivite, by=request.user, at=timezone.now()
            )
        except AffiliationError as error:
            messages.error(request, str(error))
            return redirect("supervision:collectivite", pk=collectivite.pk)
        return redirect("questions:resume", pk=assessment.pk)
    reason = reason_not_to_begin(request.user, collectivite)
    rows = Assessment.objects.official().open().filter(collectivite=collectivite, level=Level.TWO)
    if not reason and (existing := rows.first()):
        return redirect("questions:resume", pk=existing.pk)
    context = {"collectivite": collectivite, "reason": reason}
    return render(request, "opsn/begin.html", context)
