from django.core.paginator import Paginator
from django.db import models
from django.utils import timezone
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import PageManager, PageQuerySet

from cms.blocks import NewsBlock
from cms.models.base import SitePage

NEWS_A_PAGE = 10


class NewsIndexPage(SitePage):
    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.NewsPage"]
    max_count = 1
    template = "cms/news_index_page.html"

    class Meta:
        verbose_name = "liste des actualités"
        verbose_name_plural = "listes des actualités"

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        news = NewsPage.objects.child_of(self).published()
        context["news"] = Paginator(news, NEWS_A_PAGE).get_page(request.GET.get("page"))
        return context


class NewsQuerySet(PageQuerySet):
    def published(self) -> "NewsQuerySet":
        """What visitors may read, latest first."""
        return self.live().public().order_by("-published_on", "-pk")


class NewsPage(SitePage):
    published_on = models.DateField("date", default=timezone.localdate)
    body = StreamField(NewsBlock(), verbose_name="contenu", blank=True)

    objects = PageManager.from_queryset(NewsQuerySet)()

    parent_page_types = ["cms.NewsIndexPage"]
    subpage_types: list[str] = []
    template = "cms/news_page.html"
    content_panels = [*SitePage.content_panels, FieldPanel("published_on"), FieldPanel("body")]

    class Meta:
        verbose_name = "actualité"
        verbose_name_plural = "actualités"

    @property
    def streams(self) -> list:
        return [self.body]
