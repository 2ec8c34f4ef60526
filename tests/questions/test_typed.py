"""Figures and dates as people type them. No database."""

from datetime import date
from decimal import Decimal

import pytest

from questions.typed import NotUnderstood, read_date, read_number


@pytest.mark.parametrize(
    ("text", "unit", "number"),
    [
        ("12", "", "12"),
        ("  12  ", "", "12"),
        ("environ 12", "", "12"),
        ("Env. 12", "", "12"),
        ("~12", "", "12"),
        ("à peu près 1 200", "", "1200"),
        ("12,5", "", "12.5"),
        ("12.5", "", "12.5"),
        ("1 200", "", "1200"),
        ("1\u00a0200", "", "1200"),
        ("1\u202f200,50", "", "1200.50"),
        ("1.200", "", "1200"),
        ("1.200.000", "", "1200000"),
        ("1.200,5", "", "1200.5"),
        ("1'200", "", "1200"),
        ("0.500", "", "0.5"),
        ("-0.250", "", "-0.25"),
        ("-3", "", "-3"),
        ("−3", "", "-3"),
        ("0", "", "0"),
        ("120 %", "%", "120"),
        ("1 200 €", "€", "1200"),
        ("1200 euros", "€", "1200"),
        ("12 appareils", "appareils", "12"),
        ("1 appareil", "appareils", "1"),
        ("5 ans", "ans", "5"),
        ("1 an", "ans", "1"),
        ("1 réparation par an", "réparations par an", "1"),
        ("8,5 To", "To", "8.5"),
    ],
)
def test_a_figure_is_understood(text, unit, number):
    assert read_number(text, unit) == Decimal(number)


@pytest.mark.parametrize("text", ["n.c.", "NC", "N.S.P.", "?", "Ne sait pas", "non communiqué"])
def test_what_says_that_one_does_not_know_leads_to_the_answer_of_that_name(text):
    with pytest.raises(NotUnderstood, match="« Ne sait pas »"):
        read_number(text)


@pytest.mark.parametrize(
    "text", ["douze", "12-15", "1/2", "1e5", "NaN", "Infinity", "12,5,3", "1,200.5", "--3", "12 ou 13", "=1+1"]
)  # fmt: skip
def test_what_is_no_figure_is_refused_with_an_example(text):
    with pytest.raises(NotUnderstood, match="par exemple 12 ou 12,5"):
        read_number(text)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-02-01", date(2026, 2, 1)),
        ("01/02/2026", date(2026, 2, 1)),
        ("1/2/2026", date(2026, 2, 1)),
        ("1.2.2026", date(2026, 2, 1)),
        ("01-02-2026", date(2026, 2, 1)),
        (" 1980-01-01 ", date(1980, 1, 1)),
        ("31/12/2060", date(2060, 12, 31)),
    ],
)
def test_a_date_is_understood(text, day):
    assert read_date(text) == day


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("12/05/1890", "12/05/1890 n’est pas possible"),
        ("1979-12-31", "entre 01/01/1980"),
        ("2061-01-01", "31/12/2060"),
        ("31/02/2026", "par exemple"),
        ("hier", "par exemple"),
        ("2026", "par exemple"),
    ],
)
def test_what_is_no_date_of_our_time_is_refused(text, word):
    with pytest.raises(NotUnderstood, match=word):
        read_date(text)
