"""Forms of the registers: what has thousands of rows is typed by its code, never chosen in a list."""

from django import forms
from django.core.exceptions import ValidationError
from wagtail.admin.forms import WagtailAdminModelForm

from accounts.models import User
from territories.enums import EPCI_KINDS
from territories.models import Collectivite, Departement, OpsnMember
from territories.search import normalise_name


class ByColumnField(forms.ModelChoiceField):
    """A row named by one of its columns, typed as text."""

    widget = forms.TextInput

    def __init__(self, queryset, column: str, **kwargs):
        self.column = column
        super().__init__(queryset, **kwargs)

    def prepare_value(self, value):
        if isinstance(value, int):
            return self.queryset.filter(pk=value).values_list(self.column, flat=True).first()
        return value

    def to_python(self, value):
        if value in self.empty_values:
            return None
        try:
            return self.queryset.get(**{f"{self.column}__iexact": value.strip()})
        except self.queryset.model.DoesNotExist:
            raise ValidationError(self.error_messages["invalid_choice"], code="unknown") from None

    def has_changed(self, initial, data):
        return str(self.prepare_value(initial) or "") != (data or "")


class OpsnForm(WagtailAdminModelForm):
    departements = forms.ModelMultipleChoiceField(
        Departement.objects.all(),
        label="Départements",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def clean_siren(self):
        return self.cleaned_data["siren"] or None  # two OPSN without one are not the same


class CollectiviteForm(WagtailAdminModelForm):
    epci = ByColumnField(
        Collectivite.objects.filter(kind__in=EPCI_KINDS),
        "siren",
        label="Intercommunalité",
        required=False,
        help_text="Son SIREN.",
        error_messages={"invalid_choice": "Aucune intercommunalité n’a ce SIREN."},
    )
    successor = ByColumnField(
        Collectivite.objects.all(),
        "code_insee",
        label="Devenue",
        required=False,
        help_text="Le code INSEE de la commune qui lui succède.",
        error_messages={"invalid_choice": "Aucune commune n’a ce code INSEE."},
    )

    def clean_code_insee(self):
        return (self.cleaned_data["code_insee"] or "").upper() or None

    def clean_siren(self):
        return self.cleaned_data["siren"] or None

    def save(self, commit=True):
        self.instance.search_name = normalise_name(self.instance.name)
        return super().save(commit)


class OpsnMemberForm(WagtailAdminModelForm):
    user = ByColumnField(
        User.objects.filter(is_active=True),
        "email",
        label="Compte",
        help_text="L’adresse de son compte. La personne s’inscrit d’abord elle-même.",
        error_messages={"invalid_choice": "Aucun compte actif n’a cette adresse."},
    )

    class Meta:
        model = OpsnMember
        fields = ["user", "opsn", "role"]
