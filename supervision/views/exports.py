"""What can be taken out, with the filters of the screen. A file leaves by POST: the journal tells of it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from supervision import rules
from supervision.enums import ExportKind
from supervision.exporting import export_open_data, export_territory, is_small, rows_of_file
from supervision.filtering import CollectiviteFilters
from supervision.models import TerritoryExport
from supervision.preparing import ask_for_export
from supervision.views.access import for_console
from supervision.views.sending import send
from territories.affiliation import AffiliationError

# Rows; beyond, the file is prepared in the background. So many take 2 to 3 s of a processor (docs/performance.md): a web
# process serves nobody else meanwhile, and is given 30 s by gunicorn on a machine that others use.
IN_BACKGROUND = 20_000
SHOWN = 10  # of her own prepared exports


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
        "prepared": _prepared(request.territory.opsn, at=now),
        "in_background": IN_BACKGROUND,
        "opens_data": rules.can_extract_open_data(request.user) and request.territory.opsn is None,
    }
    return render(request, "opsn/exports.html", context)


@require_POST
@for_console
def territory_file(request, kind):
    if kind not in ExportKind:
        raise Http404
    asked = {
        "kind": ExportKind(kind),
        "filters": CollectiviteFilters(request.POST, request.territory),
    }
    try:
        if rows_of_file(**asked, at=timezone.now()) > IN_BACKGROUND:
            export = ask_for_export(**asked, by=request.user, at=timezone.now())
            return redirect("supervision:prepared", pk=export.pk)
        return send(export_territory(**asked, by=request.user, at=timezone.now()))
    except AffiliationError as error:
        messages.warning(request, str(error))
        return redirect(f"{reverse('supervision:exports')}?{asked['filters'].query}")


@require_POST
@for_console
def open_data(request):
    if not rules.can_extract_open_data(request.user):
        raise Http404
    return send(export_open_data(by=request.user, at=timezone.now()))


def _prepared(opsn, *, at):
    """Return the last exports of the person, as long as they are worth opening."""
    hers = TerritoryExport.objects.filter(opsn=opsn)
    return hers.exclude(expires_at__lte=at)[:SHOWN]
