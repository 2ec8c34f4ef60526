"""What a cell of a file that leaves may hold."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from questions.cells import csv_cell, printable


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("Éco-clic 🌳", "Éco-clic 🌳"),
        ("deux\nlignes\tet\rdemie", "deux\nlignes\tet\rdemie"),
        ("\x00cloche\x07\x0b\x0c\x1f", "cloche"),
        ("copi\ufffeé\uffff", "copié"),
        ("moitié\ud800", "moitié"),
    ],
)
def test_only_what_no_file_can_hold_is_left_out(typed, written):
    assert printable(typed) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, ""),
        ("=1+1", "'=1+1"),
        ("Éco-clic", "Éco-clic"),
        (12, "12"),
        (100 / 3, "33,33"),
        (Decimal("12.50"), "12,50"),
        (date(2026, 11, 24), "24/11/2026"),
        (datetime(2026, 11, 24, 9, 5, tzinfo=UTC), "24/11/2026 10:05"),
        (datetime(2026, 11, 24, 9, 5), "24/11/2026 09:05"),  # of no zone: that of Paris already
    ],
)
def test_a_cell_of_csv_is_as_french_spreadsheets_read_it(value, written):
    assert csv_cell(value) == written
