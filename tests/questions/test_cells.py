"""What a cell of a file that leaves may hold."""

import pytest

from questions.cells import printable


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
