"""Screens of the figures kept under a name, with their filters and their order."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from supervision import heat_map
from supervision.blocked import BlockedFilters
from supervision.contrasting import ContrastForm
from supervision.enums import FIGURE_ADDRESSES, FigureView
from supervision.forms import SavedViewForm
from supervision.models import SavedView
from supervision.periods import ProgressFilters
from supervision.saving import forget_view, save_view
from supervision.selecting import FigureFilters
from supervision.views import progress
from supervision.views.access import for_console
from territories.affiliation import AffiliationError, NotEntitled

FILTERS = {
    FigureView.CONTRAST: ContrastForm,
    FigureView.PROGRESS: ProgressFilters,
    FigureView.REPORT: ProgressFilters,
    FigureView.BLOCKED: BlockedFilters,
}
"""Of the other screens, `FigureFilters`."""
ORDERS = {FigureView.HEAT_MAP: heat_map.ORDERS, FigureView.PROGRESS: progress.ORDERS}
LONGEST_QUERY = SavedView._meta.get_field("query").max_length


@require_POST
@for_console
def keep(request, view):
    if view not in FigureView or (view == FigureView.COUNTRY and request.territory.opsn):
        raise Http404
    filters = FILTERS.get(view, FigureFilters)(request.POST, request.territory)
    query = "&".join(filter(None, [filters.query, _order(request, view)]))
    address = f"{reverse(FIGURE_ADDRESSES[view])}?{query}"
    form = SavedViewForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Donnez un nom à la vue, 80 caractères au plus.")
    elif not filters.is_valid() or len(query) > LONGEST_QUERY:
        messages.error(request, "Un filtre n’est pas valable : corrigez-le, puis gardez la vue.")
    else:
        _keep(request, view, query, form)
    return redirect(address)


def _keep(request, view: str, query: str, form: SavedViewForm) -> None:
    try:
        save_view(
            territory=request.territory,
            view=FigureView(view),
            query=query,
            by=request.user,
            at=timezone.now(),
            **form.cleaned_data,
        )
    except AffiliationError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "La vue est enregistrée.")


def _order(request, view: str) -> str:
    """Return the order of the screen as the end of an address, empty when it is none of its own."""
    asked = request.POST.get("tri", "")
    return urlencode({"tri": asked}) if asked.removeprefix("-") in ORDERS.get(view, ()) else ""


@require_POST
@for_console
def forget(request, pk):
    saved = get_object_or_404(SavedView, pk=pk)
    try:
        forget_view(saved=saved, by=request.user)
    except NotEntitled as error:
        raise Http404 from error
    messages.success(request, f"La vue « {saved.name} » est supprimée.")
    return redirect("supervision:figures")
