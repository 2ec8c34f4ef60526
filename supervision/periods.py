"""Between what progress is measured: two days, or each evaluation and the one before it."""

from dataclasses import replace

from django import forms

from questions.forms import DayField
from supervision.progress import Progress, progress_of
from supervision.selecting import FigureFilters, Selection
from supervision.statistics import Content
from territories.models import Collectivite


class ProgressFilters(FigureFilters):
    """The filters of the figures, with two days in place of an edition and a period, which wait for the other screens."""

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
    PERIOD = ("du", "au")

    def __init__(self, data, territory):
        super().__init__(data, territory)
        for name in ("depuis", "jusqu"):
            self.fields[name].widget = forms.HiddenInput()
        # Those that exist are read by the screens that choose by one.
        self.fields["edition"] = forms.CharField(
            label="Édition", required=False, max_length=20, widget=forms.HiddenInput
        )

    def selection(self) -> Selection:
        """Return whom progress is about, at any time."""
        return replace(super().selection(), edition=None, since=None, until=None)

    def progress(self, words: Content, of: Collectivite | None = None) -> Progress:
        since, until = self.chosen.get("du"), self.chosen.get("au")
        return progress_of(self.selection(), words, since=since, until=until, of=of)
