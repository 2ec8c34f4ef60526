"""Every address of the site. Who may ask each: tests/permissions/matrix.toml."""

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls


def public(patterns: list[URLPattern]) -> list[URLPattern]:
    """Mark views of a package as public: Wagtail marks none of its own."""
    for pattern in patterns:
        login_not_required(pattern.callback)
    return patterns


urlpatterns = [
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(public(wagtaildocs_urls.urlpatterns))),
    path("", include(public(wagtail_urls.urlpatterns))),
]
