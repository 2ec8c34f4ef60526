import pytest

from cms.colours import DARK_SURFACE, WHITE, contrast, mix, readable_on


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("#000000", "#FFFFFF", 21.0),
        ("#FFFFFF", "#000000", 21.0),
        ("#777777", "#FFFFFF", 4.48),
        ("#14532D", "#FFFFFF", 9.11),
        ("#FFFFFF", "#FFFFFF", 1.0),
    ],
)
def test_contrast_is_that_of_wcag(one, other, expected):
    assert contrast(one, other) == pytest.approx(expected, abs=0.01)


def test_a_mix_goes_from_one_colour_to_the_other():
    assert [mix("#000000", "#FFFFFF", share) for share in (0, 0.5, 1)] == [
        "#000000",
        "#808080",
        "#FFFFFF",
    ]


@pytest.mark.parametrize("colour", ["#14532D", "#000080", "#7F1D1D", "#000000"])
def test_a_dark_colour_is_lightened_until_it_reads_on_the_dark_ground(colour):
    assert contrast(readable_on(DARK_SURFACE, colour, WHITE), DARK_SURFACE) >= 4.5


def test_a_colour_that_reads_already_stays_as_it_is():
    assert readable_on(WHITE, "#14532D", "#000000") == "#14532D"
