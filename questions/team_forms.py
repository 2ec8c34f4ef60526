"""What a team posts: who takes what, remarks, evidence, the word of a review."""

from datetime import date

from django import forms

from accounts.models import User
from questions.accepting import KINDS, MAX_BYTES
from questions.forms import PlainTextField
from questions.team import NotInTheTeam, Teammate

REMARK_MAX = 5_000
NOTE_MAX = 2_000
NOBODY = "personne en particulier"
LAST_YEAR = 2100


class ShareForm(forms.Form):
    """Nobody chosen: the share is taken back."""

    person = forms.TypedChoiceField(
        label="Confiée à",
        required=False,
        coerce=int,
        empty_value=None,
        error_messages={"invalid_choice": str(NotInTheTeam())},
    )

    def __init__(self, team: list[Teammate], data=None, *, person: User | None = None, key=""):
        """`person` has it now; `key` makes the ids of a page with several of these forms."""
        self.people = {mate.user.pk: mate.user for mate in team if mate.answers}
        initial = {"person": person and person.pk}
        super().__init__(data, initial=initial, auto_id=f"{key}-%s")
        self.fields["person"].choices = [
            ("", NOBODY),
            *((mate.user.pk, str(mate)) for mate in team if mate.answers),
        ]

    def chosen(self) -> User | None:
        return self.people.get(self.cleaned_data["person"])


class RemarkForm(forms.Form):
    text = PlainTextField(
        label="Votre remarque",
        max_length=REMARK_MAX,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Écrivez votre remarque."},
    )
    mentioned = forms.TypedMultipleChoiceField(
        label="Prévenir par courriel",
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": str(NotInTheTeam())},
    )

    def __init__(self, team: list[Teammate], author: User, data=None):
        self.people = {mate.user.pk: mate.user for mate in team if mate.user != author}
        super().__init__(data)
        self.fields["mentioned"].choices = [
            (mate.user.pk, str(mate)) for mate in team if mate.user != author
        ]
        if not self.people:
            del self.fields["mentioned"]

    def people_mentioned(self) -> list[User]:
        return [self.people[pk] for pk in self.cleaned_data.get("mentioned", [])]


class ValidityForm(forms.Form):
    """Until when a piece proves something."""

    expires_on = forms.DateField(
        label="Valable jusqu’au",
        required=False,
        help_text="Pour une attestation, un contrat… Vide : sans limite.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Écrivez la date ainsi : 31/12/2027."},
    )

    def __init__(self, *args, today: date | None = None, **options):
        super().__init__(*args, **options)
        self.today = today

    def clean_expires_on(self):
        end = self.cleaned_data["expires_on"]
        if end and end < self.today:
            raise forms.ValidationError(
                "Cette date est passée. Joignez une pièce encore valable, ou laissez la date vide."
            )
        if end and end.year > LAST_YEAR:
            raise forms.ValidationError("Cette date est trop lointaine. Vérifiez l’année.")
        return end


class EvidenceForm(ValidityForm):
    file = forms.FileField(
        label="Fichier",
        allow_empty_file=True,  # `accepting` says it better
        help_text="PDF, image PNG ou JPG, document .docx, .xlsx, .odt ou .ods, fichier .csv ou .txt ; 10 Mo au plus.",
        widget=forms.FileInput(attrs={"accept": ",".join(f".{name}" for name in KINDS)}),
        error_messages={"required": "Choisissez un fichier."},
    )
    field_order = ("file", "expires_on")

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(
                "Ce fichier dépasse 10 Mo. Réduisez-le, ou joignez les pages utiles."
            )
        return file


class SendBackForm(forms.Form):
    note = PlainTextField(
        label="Ce qui est à reprendre",
        max_length=NOTE_MAX,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "Dites ce qui est à reprendre : ce mot part par courriel."},
    )
