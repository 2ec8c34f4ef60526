from django import forms
from django.core.paginator import Paginator
from django.db import models
from django.utils import timezone
from wagtail.admin.panels import FieldPanel
from wagtail.models import PageManager, PageQuerySet

from cms.models.base import SitePage, SitePageForm, StreamPage
from cms.models.home import HomePage, theme_titles

GUIDES_A_PAGE = 24


class GuideIndexPage(SitePage):
    """Every guide, theme by theme; the theme chosen is in the address."""

    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.GuidePage"]
    max_count = 1
    template = "cms/guide_index_page.html"

    class Meta:
        verbose_name = "liste des guides"
        verbose_name_plural = "listes des guides"

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        titles = theme_titles(request)
        theme = request.GET.get("theme", "").replace("\0", "")  # PostgreSQL refuses it
        guides = GuidePage.objects.child_of(self).live().public().of_theme(theme).latest_first()
        context["themes"] = [
            {"label": title, "url": f"?theme={code}", "current": code == theme}
            for code, title in titles.items()
        ]
        context["theme"] = theme
        context["guides"] = Paginator(guides, GUIDES_A_PAGE).get_page(request.GET.get("page"))
        context["cards"] = [(guide, titles.get(guide.theme, "")) for guide in context["guides"]]
        return context


class GuideQuerySet(PageQuerySet):
    def of_theme(self, code: str) -> "GuideQuerySet":
        """Those of a theme; all of them when there is no code."""
        return self.filter(theme=code) if code else self

    def latest_first(self) -> "GuideQuerySet":
        return self.order_by("-published_on", "title")


class GuideForm(SitePageForm):
    """The themes offered are those of the home page."""

    theme = forms.ChoiceField(label="Thème", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        home = HomePage.objects.first()
        choices = dict(home.theme_titles) if home else {}
        if self.instance.theme:
            choices.setdefault(self.instance.theme, self.instance.theme)
        self.fields["theme"].choices = [("", "Tous les thèmes"), *choices.items()]


class GuidePage(StreamPage):
    theme = models.SlugField("thème", max_length=30, blank=True)
    published_on = models.DateField("publié le", default=timezone.localdate)

    objects = PageManager.from_queryset(GuideQuerySet)()
    base_form_class = GuideForm

    parent_page_types = ["cms.GuideIndexPage"]
    subpage_types: list[str] = []
    template = "cms/guide_page.html"
    content_panels = [
        *SitePage.content_panels,
        FieldPanel("theme"),
        FieldPanel("published_on"),
        FieldPanel("body"),
    ]

    class Meta:
        verbose_name = "guide"
        verbose_name_plural = "guides"

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        context["theme_title"] = theme_titles(request).get(self.theme, "")
        questions = self.published_questions()
        # Level 2 asks again some questions of level 1, under the same code: the first is shown.
        first = {question.code: question for question in reversed(questions)}
        context["questions"] = [
            question for question in questions if question is first[question.code]
        ]
        context["measures"] = list(
            {
                measure.pk: measure
                for question in questions
                for measure in question.measures.all()
                if measure.live
            }.values()
        )
        return context

    def published_questions(self) -> list:
        """Return the questions of published editions that this guide helps to answer, with their measures.

        `guided_questions` is laid on Wagtail's Page by the app of the questions.
        """
        return list(
            self.guided_questions.filter(theme__questionnaire__state="published", live=True)
            .order_by("theme__questionnaire__level", "theme__order", "order")
            .prefetch_related("measures")
        )
