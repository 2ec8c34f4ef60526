"""How one cell of a spreadsheet becomes a value, with sentences that people understand when it does not."""

import re
from datetime import date, datetime
from decimal import Decimal

from import_export.widgets import CharWidget, IntegerWidget, Widget

from imports.columns import INVISIBLE, tidy

BLANKS = re.compile(r"\s")
# What becomes of a narrow no-break space in a file of Windows (cp1252), which has none: « 1?805 ».
LOST_BLANK = re.compile(r"(?<=\d)\?(?=\d{3}(?!\d))")
WHOLE = re.compile(r"(\d{1,9})([.,]0+)?")
SPACES = re.compile(r"[ \t\n\r]+")
NUMBER = re.compile(r"-?\d{1,12}(\.\d+)?")
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

    def show(self, raw: str) -> str:
        return f"{int(raw):,}".replace(",", "\u202f") if raw else ""


class YearWidget(CountWidget):
    def clean(self, value, row=None, **kwargs) -> int | None:
        year = super().clean(value)
        if year is not None and not 1900 <= year <= 2100:
            raise ValueError("Une année est attendue, par exemple 2023.")
        return year

    def show(self, raw: str) -> str:
        return raw


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


class WordsWidget(TextWidget):
    """Text on one line whose no-break spaces are kept: somebody typeset it."""

    def clean(self, value, row=None, **kwargs) -> str:
        return SPACES.sub(" ", INVISIBLE.sub("", str(value or ""))).strip()

    def render(self, value, obj=None, **kwargs) -> str:
        return self.clean(value)


class ProseWidget(WordsWidget):
    """The same, on several lines."""

    def clean(self, value, row=None, **kwargs) -> str:
        lines = str(value or "").replace("\r\n", "\n").replace("\r", "\n").split("\n")
        return "\n".join(super(ProseWidget, self).clean(line) for line in lines).strip("\n")


class ChoiceWidget(Widget):
    """One of a few values, by its French name or its code; nothing is the default, when there is one."""

    def __init__(self, choices, *, default=None):
        super().__init__()
        self.labels = dict(choices.choices)
        self.default = default
        self.values = {tidy(label).lower(): value for value, label in choices.choices}
        self.values |= {str(value): value for value in self.labels}

    def clean(self, value, row=None, **kwargs):
        text = tidy(str(value or "")).lower()
        if not text:
            return self.default
        if text not in self.values:
            raise ValueError(
                f"Valeurs possibles\u00a0: {', '.join(map(str, self.labels.values()))}."
            )
        return self.values[text]

    def render(self, value, obj=None, **kwargs) -> str:
        return str(self.labels.get(value, ""))


class NumberWidget(Widget):
    """A number, with a comma or a point; nothing is `empty`."""

    def __init__(self, *, empty: Decimal | None = None):
        super().__init__()
        self.empty = empty

    def clean(self, value, row=None, **kwargs) -> Decimal | None:
        text = BLANKS.sub("", tidy(str(value or ""))).replace(",", ".")
        if not text:
            return self.empty
        if NUMBER.fullmatch(text) is None:
            raise ValueError("Un nombre est attendu.")
        return Decimal(text)

    def render(self, value, obj=None, **kwargs) -> str:
        return "" if value is None else f"{Decimal(value).normalize():f}".replace(".", ",")


class DateWidget(Widget):
    """A day, written 30/06/2027 or 2027-06-30."""

    def clean(self, value, row=None, **kwargs) -> date | None:
        text = tidy(str(value or ""))
        if not text:
            return None
        for written in ("%d/%m/%Y", "%Y-%m-%d"):
            try:
                return datetime.strptime(text, written).date()
            except ValueError:
                continue
        raise ValueError("Une date est attendue, par exemple 30/06/2027.")

    def render(self, value, obj=None, **kwargs) -> str:
        return f"{value:%d/%m/%Y}" if value else ""


class CodesWidget(TextWidget):
    """Several codes, in the order given, separated by commas."""

    def clean(self, value, row=None, **kwargs) -> str:
        codes = re.split(r"[\s,;]+", str(value or ""))
        return ",".join(code for code in codes if code)


class LinesWidget(ProseWidget):
    """One thing per line, its parts separated by bars: « Charte adoptée | oui ou non »."""

    def __init__(self, *parts: str):
        super().__init__()
        self.parts = parts

    def clean(self, value, row=None, **kwargs) -> str:
        lines = [line for line in super().clean(value).split("\n") if line]
        return "\n".join(" | ".join(self.split(line)) for line in lines)

    def split(self, line: str) -> list[str]:
        values = [part.strip() for part in line.split("|", len(self.parts) - 1)]
        if len(values) != len(self.parts) or not all(values):
            raise ValueError(f"Une par ligne, ainsi\u00a0: {' | '.join(self.parts)}.")
        return values
