"""Contrast of the colours of static/css/eco-clic.css, on a light and on a dark screen (RGAA 3.2 and 3.3)."""

import re

import pytest
from django.conf import settings

CSS = (settings.BASE_DIR / "static/css/eco-clic.css").read_text()
ROOTS = re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)
TEXT, SHAPE = 4.5, 3.0

LIGHT = dict(re.findall(r"--([\w-]+): (#[0-9A-F]{6});", ROOTS[0]))
DARK = LIGHT | dict(re.findall(r"--([\w-]+): (#[0-9A-F]{6});", ROOTS[1]))

PAGES = ("paper", "surface", "tint")
TEXTS = [
    *[(front, back) for front in ("ink", "muted", "brand", "brand-strong") for back in PAGES],
    *[
        (front, back)
        for front in ("leaf", "teal", "amber", "brick")
        for back in ("paper", "surface")
    ],
    ("ink", "amber-tint"),
    ("ink", "brick-tint"),
    ("brand", "amber-tint"),
    ("brand", "brick-tint"),
    ("amber", "amber-tint"),
    ("brick", "brick-tint"),
    ("on-brand", "brand"),
    ("on-brand", "brand-strong"),
    ("on-foot", "foot"),
    ("paper", "ink"),
    *[("on-letter", back) for back in ("a", "b", "c", "d", "e", "field", "leaf", "brick", "amber")],
]
SHAPES = [
    *[("field", back) for back in PAGES],
    *[("focus", back) for back in PAGES],
    *[(front, "paper") for front in ("grid", "leaf", "teal", "a", "b", "c", "d", "e", "brand")],
]


def luminance(colour: str) -> float:
    """Return the relative luminance of #RRGGBB; formula of WCAG 2.1."""
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(front: str, back: str) -> float:
    high, low = sorted((luminance(front), luminance(back)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_computed_as_wcag_says():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("front", "back"), TEXTS)
def test_every_text_can_be_read(scheme, front, back):
    assert contrast(scheme[front], scheme[back]) >= TEXT


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("front", "back"), SHAPES)
def test_every_border_of_a_field_and_shape_of_a_chart_can_be_seen(scheme, front, back):
    assert contrast(scheme[front], scheme[back]) >= SHAPE


def test_nothing_is_fetched_from_elsewhere():
    addresses = re.findall(r"url\([\"']?([^\"')]+)", CSS)

    assert all(address.startswith("data:") for address in addresses)
    assert "@font-face" not in CSS
    assert "@import" not in CSS
