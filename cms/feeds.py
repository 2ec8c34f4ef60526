from datetime import datetime, time

from django.contrib.syndication.views import Feed
from django.utils import timezone

from cms.addresses import address
from cms.models import NewsPage, SiteSettings

LATEST_NEWS = 20


class NewsFeed(Feed):
    """The news as RSS."""

    link = "/actualites/"
    description = "Ce qui change sur la plateforme et dans les règles du numérique responsable."
    language = "fr"

    def get_object(self, request):
        return SiteSettings.for_request(request)

    def title(self, instance: SiteSettings) -> str:
        return f"Actualités – {instance.name}"

    def items(self, instance):
        return NewsPage.objects.published()[:LATEST_NEWS]

    def item_title(self, page: NewsPage) -> str:
        return page.title

    def item_description(self, page: NewsPage) -> str:
        return page.summary

    def item_link(self, page: NewsPage) -> str:
        return address(page)

    def item_guid(self, page: NewsPage) -> str:
        return f"actualite-{page.pk}"

    item_guid_is_permalink = False

    def item_pubdate(self, page: NewsPage) -> datetime:
        return timezone.make_aware(datetime.combine(page.published_on, time(8)))
