"""The words of imports in templates."""

from django import template

register = template.Library()


@register.filter
def title_of(kind, name: str) -> str:
    """Return the French title of a column."""
    return kind.title_of(name)
