"""A file is sent; who asked it with a filter that means nothing is sent back to the screen, which says so."""

from collections.abc import Callable

from django.contrib import messages
from django.http import FileResponse
from django.shortcuts import redirect
from django.urls import reverse

from supervision.exporting import Export
from supervision.filtering import TerritoryFilters, WrongFilters


def send(made: Export) -> FileResponse:
    return FileResponse(
        made.file, as_attachment=True, filename=made.name, content_type=made.content_type
    )


def send_made(request, filters: TerritoryFilters, make: Callable[[], Export], *, screen: str):
    """Send what `make` makes; `screen` is the name of the address that shows it."""
    try:
        return send(make())
    except WrongFilters as error:
        messages.error(request, str(error))
        return redirect(f"{reverse(screen)}?{filters.query}")
