"""What the templates of pages ask: addresses."""

from django import template
from django.template.context import Context
from wagtail.models import Page

from cms import addresses

register = template.Library()


@register.filter
def address(page: Page | None) -> str:
    """Return the address of a page on the site, "" for none."""
    return addresses.address(page) if page else ""


@register.simple_tag(takes_context=True)
def full_address(context: Context, page: Page) -> str:
    """Return the address of a page with the host that was asked."""
    return context["request"].build_absolute_uri(addresses.address(page))
