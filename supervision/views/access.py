"""How a view gets its territory and a collectivité of it: what is outside does not exist."""

from functools import wraps

from django.contrib import messages
from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from supervision import rules
from supervision.batches import MAX_BATCH
from supervision.campaign_forms import StepForm
from supervision.campaigns import to_write_to
from supervision.filtering import CollectiviteFilters, WrongFilters
from supervision.forms import ChosenForm, is_key
from supervision.models import Campaign
from supervision.territory import Territory


def for_console(view):
    """Put the territory on the request; 404 for who is of no active OPSN and not of the national team."""

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        # `request.opsn` is one of hers (territories.current): read for this very request.
        if request.opsn is None and not _may_see_the_country(request.user):
            raise Http404
        request.territory = Territory(request.opsn)
        return view(request, *args, **kwargs)

    return wrapped


def for_managers(view):
    """The same for who manages the OPSN."""

    @wraps(view)
    @for_console
    def wrapped(request, *args, **kwargs):
        if not rules.can_manage(request.user, request.territory):
            raise Http404
        return view(request, *args, **kwargs)

    return wrapped


def with_collectivite(view):
    """Give the view a collectivité of the territory."""

    @wraps(view)
    @for_console
    def wrapped(request, pk, *args, **kwargs):
        rows = request.territory.collectivites()
        rows = rows.select_related("departement", "epci", "opsn", "level_two_opened_by")
        return view(request, get_object_or_404(rows, pk=pk), *args, **kwargs)

    return wrapped


def with_chosen(view):
    """Give the view the collectivités chosen in a list, `c` in the address or the form; back there without any.

    One that is outside the territory does not exist. `tout` in the address stands for all those that the filters of the table
    keep; of a campaign, for as many as a batch takes.
    """

    @wraps(view)
    @require_http_methods(["GET", "HEAD", "POST"])
    @for_console
    def wrapped(request):
        try:
            data = request.POST if request.method == "POST" else _with_all(request)
        except WrongFilters as error:
            messages.error(request, str(error))
            return redirect(way_back(request) or "supervision:collectivites")
        chosen = ChosenForm(data, request.territory)
        if chosen.has_error("c", "invalid_choice") or chosen.has_error("c", "invalid_pk_value"):
            raise Http404
        if not chosen.is_valid():
            for error in chosen.errors["c"]:
                messages.error(request, error)
            return redirect(way_back(request) or "supervision:collectivites")
        return view(request, chosen.cleaned_data["c"])

    return wrapped


def _with_all(request) -> QueryDict:
    if "tout" not in request.GET:
        return request.GET
    data = request.GET.copy()
    if campaign := asked_campaign(request):
        step = StepForm(request.GET).step
        rows = to_write_to(campaign, request.territory, step=step, today=timezone.localdate())
        data.setlist("c", rows.values_list("pk", flat=True)[:MAX_BATCH])
    elif "campagne" not in request.GET:
        filters = CollectiviteFilters(request.GET, request.territory)
        filters.check()
        rows = filters.rows(at=timezone.now())
        data.setlist("c", rows.values_list("pk", flat=True)[: MAX_BATCH + 1])
    return data


def asked_campaign(request) -> Campaign | None:
    """Return the open campaign in the name of which one writes, `campagne` in the address or the form."""
    data = request.POST if request.method == "POST" else request.GET
    pk = data.get("campagne", "")
    rows = Campaign.objects.of(request.territory.opsn).filter(closed_at=None)
    return rows.filter(pk=pk).first() if is_key(pk) else None


def way_back(request, campaign: Campaign | None = None) -> str:
    """Return the address of the list from which one writes, its filters included: `retour` in the address or the form.

    It is one of the console, or none: then that of the campaign, or empty.
    """
    data = request.POST if request.method == "POST" else request.GET
    address = data.get("retour", "")
    if address.startswith(reverse("supervision:home")):
        return address
    return reverse("supervision:campaign", args=[campaign.pk]) if campaign else ""


def _may_see_the_country(user) -> bool:
    return user.is_authenticated and user.follows_every_collectivite
