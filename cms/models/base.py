"""What every page of the site has."""

from math import ceil

from django.db import models
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from cms.blocks import BodyBlock
from cms.searching import plain

WORDS_A_MINUTE = 200


class SitePageForm(WagtailAdminPageForm):
    """Tells a page that was changed from one that was only read, which an approval depends on."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            # Django compares a date with a default to a hidden field, which Wagtail does not print.
            field.show_hidden_initial = False


class SitePage(Page):
    """A page with a summary, found by the search in plain words."""

    summary = models.CharField(
        "résumé",
        max_length=200,
        help_text="Une ou deux phrases : sous le titre, dans les listes et dans les moteurs de recherche.",
    )

    base_form_class = SitePageForm
    content_panels = [*Page.content_panels, FieldPanel("summary")]
    promote_panels = [
        MultiFieldPanel(
            [FieldPanel("slug"), FieldPanel("seo_title"), FieldPanel("search_description")],
            heading="Adresse et moteurs de recherche",
        )
    ]
    search_fields = [
        *Page.search_fields,
        index.SearchField("plain_title", boost=10),
        index.SearchField("plain_text"),
    ]

    class Meta:
        abstract = True

    @property
    def streams(self) -> list:
        """The contents that are searched and counted, in their order on the page."""
        return []

    @property
    def kind(self) -> str:
        """Return what sort of page it is, for the results of a search."""
        return self._meta.verbose_name

    @property
    def description(self) -> str:
        return self.search_description or self.summary

    @property
    def words(self) -> str:
        """Return all the text of the page, without marks."""
        texts = (
            text
            for stream in self.streams
            for text in stream.stream_block.get_searchable_content(stream)
        )
        return " ".join([self.summary, *texts])

    @property
    def reading_minutes(self) -> int:
        return max(1, ceil(len(self.words.split()) / WORDS_A_MINUTE))

    def plain_title(self) -> str:
        return plain(self.title)

    def plain_text(self) -> str:
        return plain(self.words)

    def section(self) -> Page | None:
        """Return the page above this one, when it is not the home page."""
        return self.get_parent() if self.depth > 3 else None


class StreamPage(SitePage):
    """A page made of blocks."""

    body = StreamField(BodyBlock(), verbose_name="contenu", blank=True)

    content_panels = [*SitePage.content_panels, FieldPanel("body")]

    class Meta:
        abstract = True

    @property
    def streams(self) -> list:
        return [self.body]
