"""A long export, while it is prepared and until it expires: for the person who asked, and nobody else."""

from functools import wraps

from django.contrib import messages
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from supervision.enums import ExportState
from supervision.exporting import name_and_type
from supervision.models import TerritoryExport
from supervision.models.export import UNDER_WAY
from supervision.preparing import start_again
from supervision.territory import Territory
from supervision.views.access import for_console
from territories.affiliation import AffiliationError


def with_export(view):
    """Give the view an export of the person; the frame of the page is that of its territory."""

    @wraps(view)
    @for_console
    def wrapped(request, pk):
        export = get_object_or_404(TerritoryExport.objects.select_related("opsn"), pk=pk)
        request.territory = Territory(export.opsn)
        return view(request, export)

    return wrapped


@require_safe
@with_export
def prepared(request, export):
    now = timezone.now()
    is_stopped, is_expired = export.is_stopped(at=now), export.is_expired(at=now)
    context = {
        "export": export,
        "is_stopped": is_stopped,
        "is_expired": is_expired,
        "is_under_way": export.state in UNDER_WAY and not is_stopped,
        "is_ready": export.state == ExportState.READY and not is_expired,
    }
    return render(request, "opsn/prepared.html", context)


@require_safe
@with_export
def prepared_file(request, export):
    """Send the file; back to the page, which says why, when it is not ready or not there any more."""
    if export.state != ExportState.READY or export.is_expired(at=timezone.now()):
        return redirect("supervision:prepared", pk=export.pk)
    try:
        file = export.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    name, content_type = name_and_type(export.kind, request.territory, at=export.asked_at)
    return FileResponse(
        file,
        as_attachment=True,
        filename=name,
        content_type=content_type,
        headers={"Cache-Control": "private, no-store"},
    )


@require_POST
@with_export
def prepare_again(request, export):
    try:
        start_again(export=export, by=request.user, at=timezone.now())
    except AffiliationError as error:
        messages.warning(request, str(error))
    return redirect("supervision:prepared", pk=export.pk)
