"""Find a collectivité and follow it, or ask for it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from supervision.asking import ask_attachment, follow
from supervision.forms import AskForm
from supervision.views.access import for_console
from territories.affiliation import AffiliationError
from territories.attachment import (
    FollowedByAnother,
    OutsideTerritory,
    is_in_territory,
)
from territories.forms import SearchForm
from territories.models import Collectivite
from territories.search import search_collectivites


@require_safe
@for_console
def find(request):
    form = SearchForm(request.GET or None)
    query = form.cleaned_data["q"].strip() if form.is_valid() else ""
    context = {"form": form, "query": query, "hits": search_collectivites(query)}
    return render(request, "opsn/find.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_console
def attach(request, pk):
    """What is free and in the territory is attached; the rest is asked for. Who follows it is not said."""
    opsn = request.territory.opsn
    if opsn is None:
        raise Http404
    rows = Collectivite.objects.current().select_related("departement", "opsn")
    collectivite = get_object_or_404(rows, pk=pk)
    free = collectivite.opsn_id is None and (
        request.user.follows_every_collectivite or is_in_territory(collectivite, opsn)
    )
    form = AskForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        who = {"collectivite": collectivite, "opsn": opsn, "by": request.user, "at": timezone.now()}
        try:
            sentence = _attach_or_ask(form, who)
        except AffiliationError as error:
            messages.warning(request, str(error))
            return redirect("supervision:find")
        messages.success(request, sentence)
        return redirect("supervision:collectivites")
    context = {"collectivite": collectivite, "free": free, "form": form}
    return render(request, "opsn/attach.html", context)


def _attach_or_ask(form, who) -> str:
    try:
        follow(**who)
    except (FollowedByAnother, OutsideTerritory):
        ask_attachment(message=form.cleaned_data["message"], **who)
        return "Votre demande est envoyée. Vous recevrez un courriel dès qu’elle aura une réponse."
    return f"Vous suivez maintenant {who['collectivite']}."
