"""What a person says about an import: the file, the columns, the choices, the filters."""

from django import forms

from imports.enums import Outcome
from imports.models import ImportRun
from imports.reading import MAX_BYTES
from imports.registry import KINDS
from imports.report import Line
from territories.search import normalise_name

ACCEPTED = ".xlsx,.xls,.ods,.csv"
WARNING = "warning"


class UploadForm(forms.Form):
    file = forms.FileField(
        label="Votre fichier",
        allow_empty_file=True,  # the reader says it better
        help_text="Classeur .xlsx, .xls ou .ods, ou fichier .csv ; 10 Mo et 40 000 lignes au plus.",
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPTED}),
        error_messages={"required": "Choisissez un fichier."},
    )
    all_or_nothing = forms.BooleanField(
        label="Tout ou rien : ne rien écrire tant qu’une ligne est refusée", required=False
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(
                "Ce fichier dépasse 10 Mo. Gardez la feuille de la liste seulement."
            )
        return file


class ColumnsForm(forms.Form):
    """One list per column of the file: what it holds."""

    def __init__(self, run: ImportRun, data=None):
        super().__init__(data)
        self.run = run
        kind = KINDS[run.kind]
        choices = [("", "ne pas lire"), *((c.name, c.title) for c in kind.columns)]
        for column in run.columns:
            self.fields[f"c{column['index']}"] = forms.ChoiceField(
                label=column["title"], choices=choices, required=False, initial=column["field"]
            )

    def corrections(self) -> dict[str, str]:
        """Return title, in compared form → field, for the columns that the person changed."""
        return {
            normalise_name(column["title"]): self.cleaned_data[f"c{column['index']}"]
            for column in self.run.columns
            if self.cleaned_data[f"c{column['index']}"] != column["field"]
        }


class ChoicesForm(forms.Form):
    """One list per row that may mean several collectivités, and a way back from the choices made already."""

    def __init__(self, lines: list[Line], made: dict[str, int], data=None):
        super().__init__(data)
        self.made = made
        for line in lines:
            choices = [("", "laisser de côté"), *line.candidates]
            self.fields[f"l{line.number}"] = forms.ChoiceField(
                label=f"Ligne {line.number} : {line.name}", choices=choices, required=False
            )

        if made:
            self.fields["again"] = forms.BooleanField(
                label=f"Revenir sur les choix déjà faits ({len(made)})", required=False
            )

    def chosen(self) -> dict[str, int | None]:
        """Return line → primary key; None where the choice is taken back."""
        taken_back = dict.fromkeys(self.made) if self.cleaned_data.pop("again", False) else {}
        return taken_back | {name[1:]: int(pk) for name, pk in self.cleaned_data.items() if pk}


class LinesFilter(forms.Form):
    etat = forms.ChoiceField(label="Lignes", required=False)
    q = forms.CharField(label="Nom ou numéro de ligne", required=False, max_length=80)

    def __init__(self, run: ImportRun, data=None):
        super().__init__(data)
        states = [outcome for outcome in Outcome if outcome != Outcome.UNCHANGED]
        self.fields["etat"].choices = [
            ("", "toutes celles à lire"),
            *((state, state.words(count=2, written=run.has_written)) for state in states),
            (WARNING, "avec un avertissement"),
        ]

    def keep(self, lines: list[Line]) -> list[Line]:
        if not self.is_valid():
            return lines
        state, words = self.cleaned_data["etat"], normalise_name(self.cleaned_data["q"])
        if state == WARNING:
            lines = [line for line in lines if line.has_warning]
        elif state:
            lines = [line for line in lines if line.outcome == state]
        if words:
            lines = [
                ln for ln in lines if words in normalise_name(ln.name) or words == str(ln.number)
            ]
        return lines

    @property
    def is_active(self) -> bool:
        return self.is_valid() and any(self.cleaned_data.values())
