"""Relaunch some collectivités, and give some an adviser."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.mail import compose
from supervision.batches import on_each
from supervision.forms import RELAUNCH_TEXT, AdviserForm, TextForm
from supervision.models import Relaunch
from supervision.notices import relaunch_context
from supervision.noting import assign_adviser
from supervision.relaunching import addresses_of, relaunch
from supervision.views.access import asked_campaign, way_back, with_chosen
from supervision.views.outcome import say
from territories.contacts import support_address


@with_chosen
def relaunch_many(request, collectivites):
    campaign = asked_campaign(request)
    text = campaign.text if campaign else RELAUNCH_TEXT
    form = TextForm(request.POST or None, initial={"text": text})
    back = way_back(request, campaign)
    context = {"form": form, "collectivites": collectivites, "campaign": campaign, "back": back}
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        if request.POST.get("etape") == "envoyer":

            def act(collectivite):
                relaunch(collectivite=collectivite, text=text, by=request.user, at=timezone.now())

            say(request, on_each(collectivites, act), "relance envoyée", "relances envoyées")
            return redirect(back or "supervision:collectivites")
        if request.POST.get("etape") == "apercu":
            context["mail"] = _preview(collectivites[0], text)
            return render(request, "opsn/relaunch_preview.html", context)
    return render(request, "opsn/relaunch.html", context)


@with_chosen
def assign_many(request, collectivites):
    if request.territory.opsn is None:
        raise Http404
    form = AdviserForm(request.POST or None, request.territory.opsn)
    if request.method == "POST" and form.is_valid():
        adviser = form.cleaned_data["adviser"]

        def act(collectivite):
            assign_adviser(
                collectivite=collectivite, adviser=adviser, by=request.user, at=timezone.now()
            )

        say(
            request,
            on_each(collectivites, act),
            "collectivité attribuée",
            "collectivités attribuées",
        )
        return redirect("supervision:collectivites")
    return render(request, "opsn/assign.html", {"form": form, "collectivites": collectivites})


def _preview(collectivite, text):
    to = (addresses_of(collectivite) or [support_address(collectivite)])[0]
    shown = Relaunch(collectivite=collectivite, text=text)
    return compose("mail/relaunch", to, relaunch_context(shown))
