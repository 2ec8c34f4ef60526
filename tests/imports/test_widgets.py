"""How a cell becomes a number of inhabitants."""

import pytest

from imports.widgets import CountWidget


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", None),
        ("0", 0),
        ("860", 860),
        ("1 805", 1805),
        ("1\u202f805", 1805),
        ("55550.0", 55550),
        ("1?805", 1805),  # a file of Windows has no narrow space
        ("1?234?567", 1234567),
    ],
)
def test_a_count_is_read_as_people_and_programs_write_it(text, count):
    assert CountWidget().clean(text) == count


@pytest.mark.parametrize("text", ["-5", "NC", "12?", "?805", "1?80", "1?8050", "1.5", "1 805 hab."])
def test_what_is_no_count_is_refused(text):
    with pytest.raises(ValueError, match="entier est attendu"):
        CountWidget().clean(text)
