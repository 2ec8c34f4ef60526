from django import forms

DURATIONS = ((90, "trois mois"), (365, "un an"))


class TokenForm(forms.Form):
    name = forms.CharField(
        label="Nom",
        max_length=80,
        help_text="L’outil qui s’en servira, par exemple « Tableau de bord interne ».",
    )
    days = forms.TypedChoiceField(label="Valable", coerce=int, choices=DURATIONS, initial=365)
