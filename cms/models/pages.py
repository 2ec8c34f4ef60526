from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField

from cms.blocks import FaqSectionBlock
from cms.models.base import SitePage, StreamPage


class StandardPage(StreamPage):
    parent_page_types = ["cms.HomePage"]
    subpage_types: list[str] = []
    template = "cms/standard_page.html"

    class Meta:
        verbose_name = "page"
        verbose_name_plural = "pages"


class FaqPage(SitePage):
    sections = StreamField([("section", FaqSectionBlock())], verbose_name="rubriques", blank=True)

    parent_page_types = ["cms.HomePage"]
    subpage_types: list[str] = []
    template = "cms/faq_page.html"
    content_panels = [*SitePage.content_panels, FieldPanel("sections")]

    class Meta:
        verbose_name = "questions fréquentes"
        verbose_name_plural = "questions fréquentes"

    @property
    def streams(self) -> list:
        return [self.sections]
