from django.utils.html import escape
from wagtail.models import Page
from wagtail.rich_text.pages import PageLinkHandler

from cms.addresses import address


class LivePageLinkHandler(PageLinkHandler):
    """Links of a text to pages, in one query for the text, where Wagtail makes several for each page."""

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict]) -> list[str]:
        numbers = {int(attrs["id"]) for attrs in attrs_list if attrs.get("id", "").isdecimal()}
        pages = {str(page.pk): page for page in Page.objects.live().filter(pk__in=numbers)}
        found = (pages.get(attrs.get("id")) for attrs in attrs_list)
        return [f'<a href="{escape(address(page))}">' if page else "<a>" for page in found]
