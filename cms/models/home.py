from django.db import models
from django.http import Http404
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page, Site

from cms import sample
from cms.blocks import HomeStepBlock, KeyNumberBlock, ThemeBlock
from cms.models.base import SitePage

LATEST_GUIDES = 3


class HomePage(SitePage):
    promise = models.CharField(
        "promesse", max_length=90, help_text="Le titre de la page d’accueil."
    )
    lead = models.TextField("en deux phrases", max_length=400)
    steps = StreamField([("step", HomeStepBlock())], verbose_name="étapes", max_num=4, blank=True)
    key_numbers = StreamField(
        [("key_number", KeyNumberBlock())], verbose_name="chiffres clés", max_num=3, blank=True
    )
    themes = StreamField(
        [("theme", ThemeBlock())],
        verbose_name="thèmes",
        max_num=12,
        blank=True,
        help_text="Dans l’ordre du questionnaire. Les guides s’y rattachent par le code.",
    )
    opsn_title = models.CharField("titre pour les OPSN", max_length=120, blank=True)
    opsn_text = models.TextField("texte pour les OPSN", max_length=400, blank=True)

    parent_page_types = ["wagtailcore.Page"]
    subpage_types = [
        "cms.GuideIndexPage",
        "cms.NewsIndexPage",
        "cms.FaqPage",
        "cms.StandardPage",
    ]
    max_count = 1
    template = "cms/home_page.html"
    content_panels = [
        *SitePage.content_panels,
        FieldPanel("promise"),
        FieldPanel("lead"),
        FieldPanel("steps"),
        FieldPanel("key_numbers"),
        FieldPanel("themes"),
        MultiFieldPanel(
            [FieldPanel("opsn_title"), FieldPanel("opsn_text")], heading="Pour les OPSN"
        ),
    ]

    class Meta:
        verbose_name = "page d’accueil"
        verbose_name_plural = "pages d’accueil"

    @property
    def streams(self) -> list:
        return [self.steps, self.themes]

    @property
    def theme_titles(self) -> dict[str, str]:
        """Return the title of each theme by its code, in order."""
        return {block.value["code"]: block.value["title"] for block in self.themes}

    def route(self, request, path_components):
        """Find a page by its whole address in one query, where Wagtail asks level by level."""
        request.home_page = self
        if not path_components:
            return super().route(request, path_components)
        paths = [
            f"{self.url_path}{'/'.join(path_components[:count])}/"
            for count in range(1, len(path_components) + 1)
        ]
        found = {page.url_path: page for page in Page.objects.filter(url_path__in=paths[-2:])}
        if paths[-1] not in found:
            raise Http404
        page = found[paths[-1]].specific
        if len(paths) > 1:
            page._cached_parent_obj = found.get(paths[-2])  # what treebeard's get_parent() reads
        return page.route(request, [])

    def get_context(self, request, *args, **kwargs):
        from cms.models.guides import GuidePage  # the guides know the home page

        context = super().get_context(request, *args, **kwargs)
        context["guides"] = GuidePage.objects.live().public().latest_first()[:LATEST_GUIDES]
        context["sample"] = sample.RESULT
        context["sample_axes"] = sample.axes(self.theme_titles.values())
        return context


def home_of(request) -> HomePage | None:
    """Return the home page of the site; read once for a request."""
    if not hasattr(request, "home_page"):
        site = Site.find_for_request(request)
        request.home_page = HomePage.objects.filter(pk=site.root_page_id).first() if site else None
    return request.home_page


def theme_titles(request) -> dict[str, str]:
    """Return the title of each theme by its code, in the order of the home page."""
    home = home_of(request)
    return home.theme_titles if home else {}
