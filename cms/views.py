"""Public pages beside Wagtail's: search, plan, and the files that machines read."""

from datetime import timedelta

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from cms.addresses import address
from cms.colours import BLACK, DARK_SURFACE, WHITE, mix, readable_on
from cms.models import SiteSettings
from cms.searching import MAX_QUERY_LENGTH, public_pages, search_pages, with_details

RESULTS_A_PAGE = 10
ONE_HOUR = 60 * 60
SECURITY_CONTACT_DAYS = 180

# For what is the same for every visitor, whoever is logged in.
for_an_hour = cache_control(public=True, max_age=ONE_HOUR)


@login_not_required
@require_safe
def search(request):
    query = " ".join(request.GET.get("q", "").replace("\0", "").split())[:MAX_QUERY_LENGTH]
    found = search_pages(query, public_pages())
    page = Paginator(found, RESULTS_A_PAGE).get_page(request.GET.get("page"))
    return render(
        request, "cms/search.html", {"query": query, "page": page, "results": with_details(page)}
    )


@login_not_required
@require_safe
def site_map(request):
    """Every page a visitor may read, on two levels."""
    sections: list[dict] = []
    for page in public_pages().order_by("path"):
        entry = {"title": page.title, "url": address(page), "below": []}
        if page.depth <= 3 or not sections:
            sections.append(entry)
        else:
            sections[-1]["below"].append(entry)
    return render(request, "cms/site_map.html", {"sections": sections})


# Of apps that this one does not import; the site map links them too.
OTHER_PUBLIC_PAGES = ("/questionnaire/", "/mesures/", "/donnees-ouvertes/")


@login_not_required
@require_safe
@for_an_hour
def sitemap_xml(request):
    pages = [
        (request.build_absolute_uri(address(page)), page.last_published_at)
        for page in public_pages().order_by("path")
    ]
    pages += [(request.build_absolute_uri(path), None) for path in OTHER_PUBLIC_PAGES]
    return render(request, "cms/sitemap.xml", {"pages": pages}, content_type="application/xml")


@login_not_required
@require_safe
@for_an_hour
def robots(request):
    sitemap = request.build_absolute_uri("/sitemap.xml")
    return render(request, "cms/robots.txt", {"sitemap": sitemap}, content_type="text/plain")


@login_not_required
@require_safe
@for_an_hour
def security(request):
    """Tell how to report a fault, as RFC 9116 defines it."""
    context = {
        "contact": SiteSettings.for_request(request).contact,
        "expires": timezone.now() + timedelta(days=SECURITY_CONTACT_DAYS),
        "canonical": request.build_absolute_uri("/.well-known/security.txt"),
    }
    return render(request, "cms/security.txt", context, content_type="text/plain; charset=utf-8")


@login_not_required
@require_safe
@for_an_hour
def theme(request):
    """The colours of this instance, over those of the style sheet; the dark ones are derived."""
    instance = SiteSettings.for_request(request)
    brand, accent = instance.brand_colour, instance.accent_colour
    dark_brand = readable_on(DARK_SURFACE, brand, WHITE)
    context = {
        "brand": brand,
        "brand_strong": mix(brand, BLACK, 0.3),
        "accent": accent,
        "foot": mix(brand, BLACK, 0.45),
        "dark_brand": dark_brand,
        "dark_brand_strong": mix(dark_brand, WHITE, 0.4),
        "dark_accent": readable_on(DARK_SURFACE, accent, WHITE),
    }
    return render(request, "cms/theme.css", context, content_type="text/css")
