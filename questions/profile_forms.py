"""The form of the profile: three counts, then each fact by yes, no, or not known."""

from decimal import Decimal

from django import forms

from questions.enums import ProfileFact, YesNo
from questions.profiling import COUNTS, Facts
from questions.typed import NotUnderstood, read_number
from questions.wording import french_number

UNKNOWN = "ne-sait-pas"
ANSWERS = [*YesNo.choices, (UNKNOWN, "Ne sait pas")]
MEANING = {YesNo.YES.value: True, YesNo.NO.value: False}
LABELS = {
    "agents": ("Agents", "En équivalents temps plein, au 1er janvier. Voyez le rapport social."),
    "elus": ("Élus", "Les membres de l’assemblée : conseil municipal ou communautaire."),
    "sites": ("Bâtiments où l’on utilise un ordinateur", "Mairie, école, bibliothèque, ateliers…"),
}
MOST = 200_000


class CountField(forms.IntegerField):
    """Reads « 1 200 » and « environ 12 » as well as 1200."""

    def to_python(self, value):
        if isinstance(value, str) and value.strip():
            try:
                value = str(read_number(value))
            except NotUnderstood as error:
                raise forms.ValidationError(str(error), "invalid") from error
        return super().to_python(value)


class ProfileForm(forms.Form):
    version = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data=None, *, facts: Facts, version: str = ""):
        super().__init__(data, initial=_initial(facts) | {"version": version})
        for name, (label, help_text) in LABELS.items():
            self.fields[name] = CountField(
                label=label,
                help_text=help_text,
                required=False,
                min_value=0,
                max_value=MOST,
                error_messages={"invalid": "Écrivez un nombre entier, par exemple 12."},
                widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            )
        for fact in ProfileFact:
            self.fields[fact.value] = forms.ChoiceField(
                label=fact.label, choices=ANSWERS, required=False, initial=UNKNOWN
            )

    @property
    def counts(self) -> list[forms.BoundField]:
        return [self[name] for name in COUNTS]

    @property
    def facts(self) -> list[dict]:
        """The radio buttons of each fact, as the component `answer` wants them."""
        return [
            {
                "name": fact.value,
                "label": fact.label,
                "options": [
                    (value, label, value == self[fact.value].value()) for value, label in ANSWERS
                ],
            }
            for fact in ProfileFact
        ]

    def stated(self) -> Facts:
        """Return the facts of a valid form."""
        given = {fact.value: self.cleaned_data.get(fact.value) for fact in ProfileFact}
        return Facts(
            **{name: self.cleaned_data.get(name) for name in COUNTS},
            stated={code: MEANING[said] for code, said in given.items() if said in MEANING},
        )


def differences(mine: Facts, theirs: Facts) -> list[tuple[str, str, str]]:
    """Return the label of each fact that two profiles tell otherwise, and the words of each."""
    labels = {name: label for name, (label, _) in LABELS.items()}
    labels |= {fact.value: fact.label for fact in ProfileFact}
    said, told = _initial(mine), _initial(theirs)
    return [
        (label, _words(said.get(name)), _words(told.get(name)))
        for name, label in labels.items()
        if said.get(name) != told.get(name)
    ]


def _words(value: int | str | None) -> str:
    if value is None:
        return "Ne sait pas"
    return YesNo(value).label if value in YesNo.values else french_number(Decimal(value))


def _initial(facts: Facts) -> dict:
    words = {
        code: YesNo.YES.value if true else YesNo.NO.value for code, true in facts.stated.items()
    }
    return {name: getattr(facts, name) for name in COUNTS} | words
