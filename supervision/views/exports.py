"""What can be taken out, with the filters of the screen. A file leaves by POST: the journal tells of it."""

from django.contrib import messages
from django.http import FileResponse, Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from supervision import rules
from supervision.exporting import (
    Export,
    Kind,
    TooLargeForOds,
    export_open_data,
    export_territory,
    is_small,
)
from supervision.filtering import CollectiviteFilters
from supervision.views.access import for_console


@require_safe
@for_console
def exports(request):
    now = timezone.now()
    filters = CollectiviteFilters(request.GET, request.territory)
    context = {
        "filters": filters,
        "words": filters.in_words(),
        "is_small": is_small(filters, at=now),
        "count": filters.rows(at=now).count(),
        "kept": [(name, value) for name, value in request.GET.items() if name in filters.fields],
        "opens_data": rules.can_extract_open_data(request.user) and request.territory.opsn is None,
    }
    return render(request, "opsn/exports.html", context)


@require_POST
@for_console
def territory_file(request, kind):
    if kind not in Kind:
        raise Http404
    filters = CollectiviteFilters(request.POST, request.territory)
    try:
        made = export_territory(
            kind=Kind(kind), filters=filters, by=request.user, at=timezone.now()
        )
    except TooLargeForOds as error:
        messages.warning(request, str(error))
        return redirect("supervision:exports")
    return _send(made)


@require_POST
@for_console
def open_data(request):
    if not rules.can_extract_open_data(request.user):
        raise Http404
    return _send(export_open_data(by=request.user, at=timezone.now()))


def _send(made: Export) -> FileResponse:
    return FileResponse(
        made.file, as_attachment=True, filename=made.name, content_type=made.content_type
    )
