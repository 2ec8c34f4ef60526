"""Forms of the back office that keep a published edition as it is."""

from django import forms
from django.core.exceptions import ValidationError
from wagtail.admin.forms import WagtailAdminModelForm

from questions.models import Questionnaire
from questions.models.edition import EditionPublished


class FrozenForm(WagtailAdminModelForm):
    """Shows the structure of a published edition without letting it change."""

    frozen_formsets = ("options",)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.is_frozen = self.instance.pk is not None and self.instance.is_frozen()
        if self.is_frozen:
            for name in self.instance.STRUCTURE:
                if field := self.fields.get(name.removesuffix("_id")):
                    field.disabled = True

    def clean(self):
        cleaned = super().clean()
        for name in self.frozen_formsets:
            formset = getattr(self, "formsets", {}).get(name)
            if self.is_frozen and formset is not None and formset.has_changed():
                self.add_error(None, EditionPublished())
        return cleaned


class QuestionnaireForm(WagtailAdminModelForm):
    """Level and name of an edition identify it: they are settled once it is published."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk and not self.instance.is_draft:
            self.fields["level"].disabled = True
            self.fields["edition"].disabled = True


class CopyEditionForm(forms.Form):
    edition = forms.CharField(
        label="Nom de la nouvelle édition", max_length=20, help_text="Par exemple : 2028."
    )

    def __init__(self, *args, level: int, **kwargs):
        super().__init__(*args, **kwargs)
        self.level = level

    def clean_edition(self) -> str:
        name = self.cleaned_data["edition"].strip()
        if Questionnaire.objects.filter(level=self.level, edition=name).exists():
            raise ValidationError(
                "Une édition de ce niveau porte déjà ce nom. Choisissez-en un autre."
            )
        return name
