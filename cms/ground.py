"""What pages stand on: a locale, a root, a site. Wagtail's migrations make them; an emptied database has none."""

from urllib.parse import urlsplit

from django.conf import settings
from wagtail.models import Collection, Locale, Page, Site

from cms.models import SiteSettings

PRISTINE_SITE = ("localhost", 80)
WELCOME_SLUG = "home"


def get_root() -> Page:
    """Return the root of all pages; create it, the locale and the root collection where they are missing."""
    locale, _ = Locale.objects.get_or_create(language_code=settings.LANGUAGE_CODE)
    if not Collection.objects.filter(depth=1).exists():
        Collection.add_root(name="Root")
    root = Page.objects.filter(depth=1).first()
    return root or Page.add_root(title="Root", slug="root", locale=locale)


def remove_welcome_page(root: Page) -> None:
    """Remove the page « Welcome to your new Wagtail site! » of Wagtail's migrations."""
    plain = root.get_children().filter(content_type__model="page", slug=WELCOME_SLUG).first()
    if plain and not plain.get_children().exists():
        Site.objects.filter(root_page=plain).update(root_page=root)
        plain.delete()


def set_up_site(home: Page) -> Site:
    """Make the home page the root of the default site; create the site and its settings where they are missing."""
    site = _default_site(home)
    SiteSettings.for_site(site)  # now, and not at the first visit: a visit writes nothing
    return site


def _default_site(home: Page) -> Site:
    base = urlsplit(settings.WAGTAILADMIN_BASE_URL)
    hostname, port = base.hostname, base.port or (443 if base.scheme == "https" else 80)
    site = Site.objects.filter(is_default_site=True).first()
    if site is None:
        return Site.objects.create(
            hostname=hostname,
            port=port,
            is_default_site=True,
            root_page=home,
            site_name=settings.WAGTAIL_SITE_NAME,
        )
    if (site.hostname, site.port) == PRISTINE_SITE:
        site.hostname, site.port = hostname, port
        site.site_name = settings.WAGTAIL_SITE_NAME
    if site.root_page_id != home.pk and site.root_page.depth == 1:
        site.root_page = home
    site.save()
    return site
