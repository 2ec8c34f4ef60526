"""French typography of texts that were typed with a plain keyboard: ’ for ', and spaces that do not break."""

import re

NO_BREAK = "\u00a0"
NARROW_NO_BREAK = "\u202f"
RULES = (
    (re.compile(r"(?<=\w)'(?=[\w«])"), "’"),
    (re.compile(r"« "), f"«{NO_BREAK}"),
    (re.compile(r" (?=[»:%€])"), NO_BREAK),
    (re.compile(r" (?=[;!?])"), NARROW_NO_BREAK),
    (re.compile(r"(?<=\d) (?=\d{3}(?!\d))"), NARROW_NO_BREAK),
)


def typeset(text: str) -> str:
    """Return a text without marks as a French printer would set it."""
    for pattern, replacement in RULES:
        text = pattern.sub(replacement, text)
    return text
