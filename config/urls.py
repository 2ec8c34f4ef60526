"""Every address of the site. Who may ask each: tests/permissions/matrix.toml."""

from pathlib import Path

from allauth.account.views import logout
from django.conf import settings
from django.conf.urls.static import static
from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from accounts import views as account_views
from config.gallery import gallery

# allauth looks for it here.
handler429 = "accounts.views.too_many_requests"


def public(patterns: list[URLPattern]) -> list[URLPattern]:
    """Mark views of a package as public: Wagtail marks none of its own."""
    for pattern in patterns:
        login_not_required(pattern.callback)
    return patterns


urlpatterns = [
    path("compte/", include("accounts.urls")),
    path("espace/collectivite/", include("territories.urls")),
    path("opsn/imports/", include("imports.urls")),
    path("opsn/", include("supervision.urls")),
    path("api/v1/", include("supervision.api_urls")),
    path("donnees-ouvertes/", include("supervision.public_urls")),
    path("espace/comparaison/", include("supervision.space_urls")),
    path("espace/plan/", include("plans.urls")),
    path("espace/evaluations/<int:pk>/grille/", include("imports.grid_urls")),
    path("espace/", include("questions.urls")),
    # Wagtail's own doors know no second factor and no limit on attempts: ours stand before them.
    path("admin/login/", account_views.back_office_login),
    path("admin/logout/", logout),
    path("admin/password_reset/", account_views.back_office_password_reset),
    path("admin/password_reset/<path:rest>", account_views.back_office_password_reset),
    path("_util/login/", account_views.back_office_login),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(public(wagtaildocs_urls.urlpatterns))),
    path("", include("questions.public_urls")),
    path("", include("cms.urls")),
    path("", include(public(wagtail_urls.urlpatterns))),
]
if settings.DEBUG:
    # Images alone, as the web server of an instance publishes them: documents pass through Wagtail.
    images = static(
        f"{settings.MEDIA_URL}images/", document_root=Path(settings.MEDIA_ROOT) / "images"
    )
    urlpatterns[:0] = [path("composants/", gallery), *public(images)]
