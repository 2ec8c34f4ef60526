from django import forms

from territories.enums import MemberRole
from territories.invitations import INVITED_ROLES
from territories.official_code import DIGITS


class SearchForm(forms.Form):
    q = forms.CharField(
        label="Nom, code postal, code INSEE ou SIREN",
        max_length=120,
        required=False,
        help_text="Par exemple : « st-aubin », « 60100 » ou « Sainte-Colombe 77 ».",
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )


class RequestForm(forms.Form):
    message = forms.CharField(
        label="Un mot pour la personne qui examinera votre demande",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Facultatif. Dites par exemple votre fonction et un numéro où vous joindre.",
    )


class OfficialCodeForm(forms.Form):
    code = forms.CharField(
        label="Code reçu",
        max_length=40,
        help_text="Huit chiffres ; les espaces ne comptent pas.",
        error_messages={"required": "Recopiez les huit chiffres du courriel."},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )

    def clean_code(self) -> str:
        code = "".join(self.cleaned_data["code"].split())
        if not (code.isascii() and code.isdigit() and len(code) == DIGITS):
            raise forms.ValidationError("Le code a huit chiffres. Recopiez ceux du courriel.")
        return code


class InviteForm(forms.Form):
    email = forms.EmailField(
        label="Adresse électronique",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    role = forms.ChoiceField(
        label="Rôle",
        choices=[(role.value, role.label.capitalize()) for role in INVITED_ROLES],
        initial=MemberRole.CONTRIBUTEUR,
        help_text="Un contributeur répond au questionnaire ; un lecteur consulte.",
    )


class RoleForm(forms.Form):
    role = forms.ChoiceField(choices=MemberRole)
