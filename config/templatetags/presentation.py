"""How values are written on the screens: French numbers, letters of the index, small helpers of the templates."""

import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from django import template
from django.conf import settings as django_settings
from django.core.exceptions import DisallowedHost
from django.db import DatabaseError
from django.template.defaultfilters import stringfilter
from django.utils import timezone

from cms.typography import typeset
from config import charts
from questions.enums import Letter
from questions.wording import long_date

register = template.Library()

NO_BREAK_SPACE = "\u00a0"
NARROW_NO_BREAK_SPACE = "\u202f"  # between thousands
NO_BREAK_HYPHEN = "\u2011"
HYPHEN_IN_WORD = re.compile(r"(?<=\w)-(?=\w)")
LETTERS = tuple(Letter.values)

# A sentence written in Python, with the spaces of a keyboard.
register.filter("typeset", stringfilter(typeset), is_safe=True)


@register.filter(is_safe=True)
@stringfilter
def unbroken(title: str) -> str:
    """Return a title whose compound words stay on one line: « sont‑ils », « Éco‑clic »."""
    return HYPHEN_IN_WORD.sub(NO_BREAK_HYPHEN, title)


@register.filter
def number(value, decimals: int | None = None) -> str:
    """Return a number as French people write it: 34 875, −2,5; "" for nothing, the text itself otherwise.

    Without `decimals`, those that the value has are kept, but not its last zeros.
    """
    if value is None or value == "":
        return ""
    try:
        exact = Decimal(str(value))
    except InvalidOperation:
        return str(value)
    if decimals is None:
        text = f"{exact:f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
    else:
        text = f"{exact.quantize(Decimal(1).scaleb(-int(decimals)), ROUND_HALF_UP):f}"
    sign, digits = ("−", text[1:]) if text.startswith("-") else ("", text)
    whole, _, rest = digits.partition(".")
    grouped = f"{int(whole):,}".replace(",", NARROW_NO_BREAK_SPACE)
    return sign + grouped + (f",{rest}" if rest else "")


@register.filter
def signed(value) -> str:
    """Return a difference with its sign: +4,2, −3, 0."""
    text = number(value)
    return f"+{text}" if text and value > 0 else text


@register.filter
def percent(value, decimals: int | None = None) -> str:
    """Return a percentage 0–100 with its sign: 62 %."""
    text = number(value, decimals)
    return f"{text}{NO_BREAK_SPACE}%" if text else ""


@register.filter
def euros(value) -> str:
    """Return an amount in euros: 1 200 €, 0,45 €."""
    text = number(value)
    return f"{text}{NO_BREAK_SPACE}€" if text else ""


@register.filter(expects_localtime=True)
def day(value) -> str:
    """Return a date as French people write it: 1er février 2027; of a moment, that of our time zone."""
    return long_date(value) if value else ""


@register.simple_tag
def today():
    return timezone.localdate()


@register.filter
def letter_class(letter) -> str:
    """Return the CSS class of a letter of the index."""
    return f"letter--{str(letter).lower()}" if letter in LETTERS else "letter--none"


@register.filter
def letter_words(letter) -> str:
    """Return the words that always go with a letter: « premiers pas » for D."""
    return Letter(letter).label if letter in LETTERS else "pas encore d’indice"


@register.filter
def beside(row, columns) -> list[tuple]:
    """Return each cell of a row with its column, for tables that become cards."""
    return list(zip(columns, row, strict=False))


@register.filter
def is_link(cell) -> bool:
    """Tell whether a cell of a table is a dictionary with a text and a url."""
    return isinstance(cell, dict)


@register.simple_tag(takes_context=True)
def current(context, address: str) -> str:
    """Return "page" when this is the address of the page, "true" when the page is below it, "" otherwise."""
    path = getattr(context.get("request"), "path", "")
    if path == address:
        return "page"
    return "true" if path.startswith(address) else ""


@register.simple_tag(takes_context=True)
def site_settings(context):
    """Return the settings of this instance; None on error pages without a request, a host of ours, or a database."""
    try:
        return context["settings"]["cms"]["SiteSettings"]
    except (KeyError, RuntimeError, DisallowedHost, DatabaseError):
        return None


@register.simple_tag
def site_root() -> str:
    """Return the address of this instance, from its settings: what a request names may be forged, or refused."""
    return django_settings.WAGTAILADMIN_BASE_URL.rstrip("/")


@register.simple_tag
def demo_data() -> bool:
    """Tell whether the collectivités and results of this instance are imaginary."""
    return getattr(django_settings, "DEMO_DATA", False)


@register.filter
def times(value, factor) -> int:
    return int(value) * int(factor)


@register.filter
def coordinate(value) -> str:
    """Return a percent as an SVG attribute wants it, whatever the language: 12.5."""
    return charts.text(charts.clamp(value))


# --- Charts: rows are dictionaries or objects; the shapes are computed in config/charts.py


def _read(row, name, default=None):
    return row.get(name, default) if isinstance(row, dict) else getattr(row, name, default)


def _rows(rows, *names) -> list[tuple]:
    return [tuple(_read(row, name) for name in names) for row in rows or ()]


@register.simple_tag
def gauge_shapes(value) -> charts.Gauge:
    return charts.gauge(value)


@register.simple_tag
def radar_shapes(axes) -> charts.Radar:
    return charts.radar(_rows(axes, "label", "value", "before"))


@register.simple_tag
def stacked_bar_shapes(parts) -> tuple[charts.Part, ...]:
    return charts.stacked_bar(_rows(parts, "label", "value", "kind"))


@register.simple_tag
def distribution_shapes(spread, own=None) -> charts.Distribution:
    (values,) = _rows([spread], "low", "first", "median", "third", "high")
    return charts.distribution(*values, own=own)


@register.simple_tag
def trend_shapes(points) -> charts.Trend | None:
    return charts.trend(_rows(points, "label", "value", "projected"))
