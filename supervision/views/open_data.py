"""The open data: the page and the file that everybody reads, and the button that publishes."""

import csv

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from questions.cells import BOM, csv_cell
from supervision import rules
from supervision.exports.open_data import LICENCE, MINIMUM_GROUP
from supervision.open_data import publish as publish_release
from supervision.open_data import published
from supervision.views.access import for_console
from territories.affiliation import AffiliationError

COLUMNS = ("Regroupement", "Groupe", "Collectivités", "Indice moyen", "Indice médian")
KEPT = 60 * 60  # seconds


@login_not_required
@require_safe
def open_data(request):
    """The page is not for shared caches: it greets who is logged in. Its figures are one stored row."""
    context = {"release": published(), "licence": LICENCE, "minimum": MINIMUM_GROUP}
    return render(request, "supervision/open_data.html", context)


@login_not_required
@require_safe
@cache_control(public=True, max_age=KEPT)
def open_data_csv(request):
    release = published()
    if release is None:
        raise Http404
    response = HttpResponse(BOM, content_type="text/csv; charset=utf-8")
    name = f"eco-clic-donnees-ouvertes-{timezone.localdate(release.published_at)}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    writer = csv.writer(response, delimiter=";")
    writer.writerow(COLUMNS)
    for table, rows in release.tables.items():
        writer.writerows([csv_cell(value) for value in (table, *row)] for row in rows)
    return response


@require_POST
@for_console
def publish(request):
    if not rules.can_extract_open_data(request.user):
        raise Http404
    try:
        publish_release(by=request.user, at=timezone.now())
    except AffiliationError as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, "Les chiffres sont publiés sur la page des données ouvertes.")
    return redirect("supervision:exports")
