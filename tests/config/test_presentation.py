"""French numbers, dates and letters."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils.html import format_html

from config.templatetags import presentation


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0, "0"),
        (34875, "34\u202f875"),
        (1234567, "1\u202f234\u202f567"),
        (2.5, "2,5"),
        (Decimal("12.50"), "12,5"),
        (Decimal("10.00"), "10"),
        (100, "100"),
        (-3, "−3"),
        (-0.5, "−0,5"),
        (None, ""),
        ("", ""),
        ("beaucoup", "beaucoup"),
    ],
)
def test_a_number_is_written_as_french_people_write_it(value, written):
    assert presentation.number(value) == written


@pytest.mark.parametrize(("value", "written"), [(2.5, "3"), (2.4, "2"), (1999.5, "2\u202f000")])
def test_a_number_without_decimals_is_rounded_half_up(value, written):
    assert presentation.number(value, 0) == written


def test_a_percentage_and_an_amount_carry_their_sign_after_a_no_break_space():
    assert presentation.percent(62) == "62\u00a0%"
    assert presentation.euros(Decimal("1200.00")) == "1\u202f200\u00a0€"
    assert presentation.percent(None) == presentation.euros(None) == ""


def test_the_compound_words_of_a_title_stay_whole_and_a_dash_stays_a_dash():
    title = "Les écrans d’Éco-clic sont-ils éteints - ou en veille ?"

    shown = presentation.unbroken(title)

    assert shown == "Les écrans d’Éco\u2011clic sont\u2011ils éteints - ou en veille ?"


def test_a_message_is_typeset_and_what_was_typed_in_it_stays_escaped():
    template = Template("{% load presentation %}{{ text|typeset }}")

    def shown(text) -> str:
        return template.render(Context({"text": text}))

    name = "<b>Valmont</b>"
    assert shown(f"« {name} » est rejointe !") == (
        "«\u00a0&lt;b&gt;Valmont&lt;/b&gt;\u00a0» est rejointe\u202f!"
    )
    link = format_html('<a href="/a/?b=1">{}</a> : voir', name)
    assert shown(link) == '<a href="/a/?b=1">&lt;b&gt;Valmont&lt;/b&gt;</a>\u00a0: voir'


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (date(2027, 2, 1), "1er février 2027"),
        (date(2027, 2, 11), "11 février 2027"),
        (None, ""),
    ],
)
def test_a_day_is_written_in_full(value, written):
    assert presentation.day(value) == written


def test_a_moment_is_of_the_day_that_its_hour_is_of():
    page = Template("{% load presentation %}{{ at|day }} à {{ at|time:'H:i' }}")

    at = datetime(2027, 7, 14, 22, 30, tzinfo=UTC)

    assert page.render(Context({"at": at})) == "15 juillet 2027 à 00:30"


def test_a_letter_has_its_class_and_its_words():
    assert presentation.letter_class("D") == "letter--d"
    assert presentation.letter_words("D") == "premiers pas"
    assert presentation.letter_class("") == "letter--none"
    assert presentation.letter_words(None) == "pas encore d’indice"


@pytest.mark.parametrize(
    ("path", "said"), [("/guides/", "page"), ("/guides/achats/", "true"), ("/faq/", "")]
)
def test_the_menu_says_where_we_are(path, said):
    context = {"request": RequestFactory().get(path)}

    assert presentation.current(context, "/guides/") == said


def test_a_coordinate_is_written_the_english_way_even_on_french_screens():
    page = Template("{% load presentation %}{{ value|coordinate }} {{ value }}")

    assert page.render(Context({"value": 12.5})) == "12.5 12,5"
