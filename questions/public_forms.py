from django import forms
from django.utils.text import capfirst

from questions.enums import Cost, ThreeSteps


def _any(label: str, choices) -> list[tuple]:
    return [("", label), *((value, capfirst(words)) for value, words in choices)]


class MeasureFilterForm(forms.Form):
    """By what a visitor narrows the list of measures; all of it is in the address."""

    theme = forms.ChoiceField(label="Thème", required=False)
    effort = forms.ChoiceField(
        label="Effort", required=False, choices=_any("Tous", ThreeSteps.choices)
    )
    cost = forms.ChoiceField(label="Coût", required=False, choices=_any("Tous", Cost.choices))
    gain = forms.ChoiceField(label="Gain", required=False, choices=_any("Tous", ThreeSteps.choices))

    def __init__(self, *args, themes: dict[str, str], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["theme"].choices = _any("Tous", themes.items())

    def wanted(self) -> dict[str, str]:
        """Return the valid values given, by name of field of `Measure`."""
        self.full_clean()
        values = dict(self.cleaned_data)
        return {"theme_code": values.pop("theme", ""), **values}
