"""Contrast of colours, as WCAG 2.2 defines it (relative luminance, success criterion 1.4.3)."""

TEXT_CONTRAST = 4.5
WHITE = "#FFFFFF"
BLACK = "#000000"
PAPER = "#FBFAF5"
DARK_SURFACE = "#17241D"
STEP = 0.05  # of the way towards white or black, at each try


def channels(colour: str) -> tuple[int, int, int]:
    """Return red, green and blue (0–255) of a colour written #14532D."""
    return tuple(int(colour[start : start + 2], 16) for start in (1, 3, 5))


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour, from 0 (black) to 1 (white)."""

    def linear(channel: int) -> float:
        share = channel / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(channel) for channel in channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, from 1 to 21."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def mix(colour: str, other: str, share: float) -> str:
    """Return a colour moved towards another; `share` is 0 for the first, 1 for the other."""
    mixed = (
        round(a + (b - a) * share) for a, b in zip(channels(colour), channels(other), strict=True)
    )
    return "#" + "".join(f"{channel:02X}" for channel in mixed)


def readable_on(background: str, colour: str, towards: str) -> str:
    """Return the colour, moved towards another just enough to be read as text on the background."""
    share = 0.0
    moved = colour
    while contrast(moved, background) < TEXT_CONTRAST and share < 1:
        share = min(1.0, share + STEP)
        moved = mix(colour, towards, share)
    return moved
