"""Every address of the site. Who may ask each: tests/permissions/matrix.toml."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from config.gallery import gallery


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
if settings.DEBUG:
    urlpatterns.insert(0, path("composants/", gallery))
