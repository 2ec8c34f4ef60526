"""Between what progress is measured: two days, or each evaluation and the one before it."""

from django import forms

from questions.forms import DayField
from supervision.progress import Progress, progress_of
from supervision.selecting import FigureFilters
from supervision.statistics import Content


class ProgressFilters(FigureFilters):
    """The filters of the figures, with two days in place of an edition and a period."""

    du = DayField(
        label="Du",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Sans date : chaque évaluation et celle d’avant.",
    )
    au = DayField(
        label="Au",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    field_order = ["du", "au"]

    def __init__(self, data, territory):
        super().__init__(data, territory)
        for name in ("edition", "depuis", "jusqu"):
            del self.fields[name]

    def progress(self, words: Content) -> Progress:
        since, until = self.chosen.get("du"), self.chosen.get("au")
        return progress_of(self.selection(), words, since=since, until=until)
