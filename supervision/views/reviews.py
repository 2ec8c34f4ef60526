"""Themes of level 2 that a collectivité asked its adviser to review."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_safe

from supervision.views.access import for_console

REVIEWS_PER_PAGE = 50


@require_safe
@for_console
def reviews(request):
    page = Paginator(request.territory.reviews(), REVIEWS_PER_PAGE)
    context = {"page": page.get_page(request.GET.get("page")), "params": request.GET}
    return render(request, "opsn/reviews.html", context)
