"""The index of each theme, packed on an assessment and counted over many."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from questions.theme_indices import counts, pack

THEMES = [30, 10, 20]
ROWS = st.lists(
    st.fixed_dictionaries(dict.fromkeys(THEMES, st.none() | st.integers(0, 100))), max_size=30
)


@given(ROWS)
def test_each_theme_counts_how_many_have_each_index(rows):
    packed = b"".join(pack(row) for row in rows)

    expected = {
        theme: Counter(row[theme] for row in rows if row[theme] is not None) for theme in THEMES
    }
    assert counts(packed, THEMES) == expected


def test_a_theme_without_an_index_is_not_an_index_of_nothing():
    assert counts(pack({1: None, 2: 0}), [1, 2]) == {1: {}, 2: {0: 1}}
