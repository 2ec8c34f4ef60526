"""The figures leave as files, by POST: the journal tells of it."""

from functools import partial

from django.http import Http404
from django.utils import timezone
from django.views.decorators.http import require_POST

from supervision.contrasting import ContrastForm
from supervision.enums import CHARTS, FIGURE_ADDRESSES, FigureView
from supervision.exporting import FileKind, export_figures
from supervision.selecting import FigureFilters
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
