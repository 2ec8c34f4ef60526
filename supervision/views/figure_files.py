"""The figures leave as files, by POST: the journal tells of it. And screens are kept under a name."""

from functools import partial

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from supervision.contrasting import ContrastForm
from supervision.enums import FIGURE_ADDRESSES, FigureView
from supervision.exporting import FileKind, export_figures
from supervision.forms import SavedViewForm
from supervision.models import SavedView
from supervision.saving import forget_view, save_view
from supervision.selecting import FigureFilters
from supervision.views.access import for_console
from supervision.views.sending import send_made
from territories.affiliation import AffiliationError


@require_POST
@for_console
def figures_file(request, view, kind):
    if view not in FigureView or kind not in FileKind:
        raise Http404
    form = ContrastForm if view == FigureView.CONTRAST else FigureFilters
    filters = form(request.POST, request.territory)
    make = partial(
        export_figures,
        view=FigureView(view),
        kind=FileKind(kind),
        filters=filters,
        by=request.user,
        at=timezone.now(),
    )
    return send_made(request, filters, make, screen=FIGURE_ADDRESSES[view])


@require_POST
@for_console
def keep(request, view):
    if view not in FigureView:
        raise Http404
    filters = ContrastForm if view == FigureView.CONTRAST else FigureFilters
    query = filters(request.POST, request.territory).query
    address = f"{reverse(FIGURE_ADDRESSES[view])}?{query}"
    form = SavedViewForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Donnez un nom à la vue, 80 caractères au plus.")
        return redirect(address)
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
    return redirect(address)


@require_POST
@for_console
def forget(request, pk):
    saved = get_object_or_404(SavedView, pk=pk, author=request.user)
    forget_view(saved=saved, by=request.user)
    messages.success(request, f"La vue « {saved.name} » est supprimée.")
    return redirect("supervision:figures")
