"""How one cell of a spreadsheet becomes a value, with sentences that people understand when it does not."""

from import_export.widgets import CharWidget, IntegerWidget, Widget


class TextWidget(CharWidget):
    """Text without the spaces around it; empty stays empty."""

    def clean(self, value, row=None, **kwargs) -> str:
        return str(value or "").strip()

    def render(self, value, obj=None, **kwargs) -> str:
        return value or ""


class CodeWidget(TextWidget):
    """A code that is unique when present: nothing is None."""

    def clean(self, value, row=None, **kwargs) -> str | None:
        return super().clean(value) or None


class CountWidget(IntegerWidget):
    """A whole number of something, zero included; nothing is None."""

    def clean(self, value, row=None, **kwargs) -> int | None:
        text = str(value or "").replace("\u00a0", "").replace("\u202f", "").replace(" ", "")
        if not text:
            return None
        if not text.isdecimal():
            raise ValueError("Un nombre entier est attendu.")
        return int(text)

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
