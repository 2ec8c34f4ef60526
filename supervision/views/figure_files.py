"""The figures leave as files, by POST: the journal tells of it. And screens are kept under a name."""

from functools import partial

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from supervision.enums import CHARTS, FigureView
from supervision.exporting import FileKind, export_figures
from supervision.views.access import for_console
from supervision.views.sending import send_made


@require_POST
@for_console
def figures_file(request, view, kind):
    if view not in CHARTS or kind not in FileKind:
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
