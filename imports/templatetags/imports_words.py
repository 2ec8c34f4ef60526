"""The words of imports in templates."""

from django import template

register = template.Library()


@register.filter
def becomes(line, run) -> str:
    """Return what becomes of a line, or became of it once the run has written."""
    return line.outcome.words(written=run.has_written)


@register.filter
def title_of(kind, name: str) -> str:
    """Return the French title of a column."""
    return kind.title_of(name)
