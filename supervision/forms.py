from django import forms
from django.utils import timezone

from questions.forms import DayField
from supervision.batches import MAX_BATCH
from supervision.models import VisitNote
from territories.enums import AuditAction, OpsnRole
from territories.models import Collectivite, Opsn, OpsnMember
from territories.search import normalise_name

INVITATION_TEXT = (
    "Le questionnaire se remplit à plusieurs et s’arrête quand on veut. "
    "À la fin, vous saurez ce que fait déjà votre collectivité et par où continuer. "
    "Nous restons à votre disposition pour vous aider."
)
RELAUNCH_TEXT = (
    "Votre évaluation de la sobriété numérique est commencée. Il reste quelques questions : "
    "vos réponses sont gardées, vous pouvez reprendre où vous en étiez."
)

LONGEST_KEY = 18  # digits: those of a column of eight bytes


def is_key(text: str) -> bool:
    """Tell whether a text of the address may be a key: a database fails on a number that its column cannot hold."""
    return text.isdecimal() and len(text) <= LONGEST_KEY


class ChosenField(forms.ModelMultipleChoiceField):
    widget = forms.MultipleHiddenInput

    def clean(self, value):
        for key in value or ():
            if not is_key(str(key)):
                words = self.error_messages["invalid_pk_value"]
                raise forms.ValidationError(words, "invalid_pk_value", {"pk": key})
        return super().clean(value)


class ChosenForm(forms.Form):
    """Which collectivités an act is about, `c` in the address: those of the territory, and no other."""

    def __init__(self, data, territory):
        super().__init__(data)
        self.fields["c"] = ChosenField(
            label="Collectivités",
            queryset=territory.collectivites().select_related("opsn", "departement"),
            error_messages={"required": "Cochez au moins une collectivité dans la liste."},
        )

    def clean_c(self):
        chosen = self.cleaned_data["c"]
        if len(chosen) > MAX_BATCH:
            raise forms.ValidationError(f"Choisissez {MAX_BATCH} collectivités au plus à la fois.")
        return chosen


class TextForm(forms.Form):
    text = forms.CharField(
        label="Votre message",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Le nom de la collectivité, le lien et vos coordonnées sont ajoutés.",
    )


class InvitationForm(forms.Form):
    """A text, and one address for each collectivité, its official one to begin with."""

    def __init__(self, data, collectivites):
        super().__init__(data)
        self.collectivites = list(collectivites)
        self.fields["message"] = forms.CharField(
            label="Votre message",
            max_length=2000,
            required=False,
            initial=INVITATION_TEXT,
            widget=forms.Textarea(attrs={"rows": 6}),
            help_text="Le nom de la collectivité, le lien et vos coordonnées sont ajoutés.",
        )
        for collectivite in self.collectivites:
            self.fields[self.name_of(collectivite)] = forms.EmailField(
                label=f"Adresse pour {collectivite}",
                max_length=254,
                required=False,
                initial=collectivite.official_email,
                widget=forms.EmailInput(attrs={"autocomplete": "off"}),
            )

    @staticmethod
    def name_of(collectivite: Collectivite) -> str:
        return f"email_{collectivite.pk}"

    def clean(self):
        if not self.errors and not self.recipients:
            raise forms.ValidationError("Écrivez au moins une adresse.")
        return self.cleaned_data

    @property
    def recipients(self) -> dict[Collectivite, str]:
        """The address of each collectivité that has one; the others are left for another day."""
        addresses = {c: self.cleaned_data.get(self.name_of(c), "") for c in self.collectivites}
        return {c: address.strip().lower() for c, address in addresses.items() if address}

    @property
    def without_address(self) -> list[Collectivite]:
        return [c for c in self.collectivites if c not in self.recipients]


class VisitForm(forms.ModelForm):
    class Meta:
        model = VisitNote
        fields = ("visited_on", "text", "next_visit_on")
        field_classes = {"visited_on": DayField, "next_visit_on": DayField}
        widgets = {
            "visited_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "next_visit_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "text": forms.Textarea(attrs={"rows": 4}),
        }
        help_texts = {"text": "Pour votre équipe : la collectivité ne lit pas cette note."}

    def clean_visited_on(self):
        day = self.cleaned_data["visited_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("Cette date est dans l’avenir : notez la visite après.")
        return day

    def clean(self):
        cleaned = super().clean()
        visited, following = cleaned.get("visited_on"), cleaned.get("next_visit_on")
        if visited and following and following <= visited:
            self.add_error("next_visit_on", "Le prochain rendez-vous vient après la visite.")
        return cleaned


class AdviserForm(forms.Form):
    adviser = forms.ModelChoiceField(
        label="Conseiller référent",
        required=False,
        queryset=OpsnMember._base_manager.none(),
        empty_label="Personne",
    )

    def __init__(self, data, opsn, **kwargs):
        super().__init__(data, **kwargs)
        field = self.fields["adviser"]
        field.queryset = OpsnMember.objects.filter(opsn=opsn).select_related("user")
        field.label_from_instance = lambda member: str(member.user)


class AskForm(forms.Form):
    message = forms.CharField(
        label="Un mot pour qui répondra",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class MemberForm(forms.Form):
    email = forms.EmailField(
        label="Adresse électronique",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    role = forms.ChoiceField(
        label="Rôle",
        choices=[(role.value, role.label.capitalize()) for role in OpsnRole],
        initial=OpsnRole.CONSEILLER,
        help_text="Un conseiller suit les collectivités ; un responsable gère aussi l’équipe et la fiche de l’OPSN.",
    )


class RoleForm(forms.Form):
    role = forms.ChoiceField(choices=OpsnRole)


class ProfileForm(forms.ModelForm):
    """What an OPSN says of itself; its name, SIREN and départements are set by the national team."""

    class Meta:
        model = Opsn
        fields = ("contact_email", "phone", "website")
        help_texts = {
            "contact_email": "Les collectivités y écrivent ; les demandes y arrivent.",
            "website": "Par exemple https://www.opsn.fr",
        }


class SavedViewForm(forms.Form):
    name = forms.CharField(label="Nom de la vue", max_length=80)
    is_shared = forms.BooleanField(label="Partager avec mon équipe", required=False)


class JournalFilters(forms.Form):
    action = forms.ChoiceField(
        label="Action", required=False, choices=[("", "Toutes"), *AuditAction.choices]
    )
    q = forms.CharField(label="Collectivité", max_length=120, required=False)

    @property
    def is_active(self) -> bool:
        return self.is_valid() and any(self.cleaned_data.values())

    def apply(self, rows):
        """A filter that is wrong is as if it were not there."""
        self.full_clean()
        if action := self.cleaned_data.get("action"):
            rows = rows.filter(action=action)
        if name := normalise_name(self.cleaned_data.get("q", "")):
            rows = rows.filter(collectivite__search_name__contains=name)
        return rows
