"""How one cell of a spreadsheet becomes a value, with sentences that people understand when it does not."""

import re

from import_export.widgets import CharWidget, IntegerWidget, Widget

from imports.columns import tidy

BLANKS = re.compile(r"\s")
# What becomes of a narrow no-break space in a file of Windows (cp1252), which has none: « 1?805 ».
LOST_BLANK = re.compile(r"(?<=\d)\?(?=\d{3}(?!\d))")
WHOLE = re.compile(r"(\d{1,9})([.,]0+)?")
YES = {"oui", "o", "vrai", "x", "1", "yes"}
NO = {"non", "n", "faux", "0", "no", ""}


class TextWidget(CharWidget):
    """Text without the spaces around it; empty stays empty."""

    def clean(self, value, row=None, **kwargs) -> str:
        return tidy(str(value or ""))

    def render(self, value, obj=None, **kwargs) -> str:
        return value or ""


class CodeWidget(TextWidget):
    """A code that is unique when present: nothing is None."""

    def clean(self, value, row=None, **kwargs) -> str | None:
        return super().clean(value) or None


class CountWidget(IntegerWidget):
    """A whole number of something, zero included; nothing is None."""

    def clean(self, value, row=None, **kwargs) -> int | None:
        text = LOST_BLANK.sub("", BLANKS.sub("", tidy(str(value or ""))))
        if not text:
            return None
        match = WHOLE.fullmatch(text)
        if match is None:
            raise ValueError("Un nombre entier est attendu.")
        return int(match[1])

    def render(self, value, obj=None, **kwargs) -> str:
        return "" if value is None else str(value)


class KeyWidget(Widget):
    """The code of another row, looked up in a table read once: code → primary key."""

    def __init__(self, what: str):
        super().__init__()
        self.what = what
        self.keys: dict[str, object] = {}
        self.codes: dict[object, str] = {}

    def know(self, keys: dict) -> None:
        self.keys = keys
        self.codes = {key: code for code, key in keys.items()}

    def clean(self, value, row=None, **kwargs):
        if not value:
            return None
        if value not in self.keys:
            raise ValueError(f"Aucun {self.what} n’a ce code.")
        return self.keys[value]

    def render(self, value, obj=None, **kwargs) -> str:
        return self.codes.get(value, "")


class YesWidget(Widget):
    """« oui » or « non »; nothing is « non »."""

    def clean(self, value, row=None, **kwargs) -> bool:
        text = tidy(str(value or "")).lower()
        if text not in YES | NO:
            raise ValueError("« oui » ou « non » est attendu.")
        return text in YES

    def render(self, value, obj=None, **kwargs) -> str:
        return "oui" if value else "non"
