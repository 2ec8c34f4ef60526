"""Forms of the back office that keep a published edition as it is."""

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Max, Q
from wagtail.admin.forms import WagtailAdminModelForm

from questions.enums import EditionState
from questions.models import Measure, Questionnaire, Theme
from questions.models.edition import EditionPublished


class PartOfEditionForm(WagtailAdminModelForm):
    """Shows the structure of a published edition without letting it change; new parts go to drafts."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.is_frozen = self.instance.pk is not None and self.instance.is_frozen()
        if self.is_frozen:
            self._freeze()

    def _freeze(self) -> None:
        for name in self.instance.STRUCTURE:
            if field := self.fields.get(name.removesuffix("_id")):
                field.disabled = True
        for formset in self._frozen_formsets():
            for form in formset.initial_forms:
                for name in form.fields.keys() - {"id", "ORDER", "DELETE"}:
                    form.fields[name].disabled = True

    def _frozen_formsets(self) -> list:
        formsets = getattr(self, "formsets", {})
        return [formsets[name] for name in self.instance.STRUCTURE_CHILDREN if name in formsets]

    def clean(self):
        cleaned = super().clean()
        if self.is_frozen and any(formset.has_changed() for formset in self._frozen_formsets()):
            self.add_error(None, EditionPublished())
        return cleaned

    def save(self, commit=True):
        parent = self.instance.EDITION.split("__")[0]
        if self.instance.pk is None or parent in self.changed_data:
            self._place_last(parent)
        if self.is_frozen:
            # Unchanged, but writing them anyway would number them anew.
            for name in self.instance.STRUCTURE_CHILDREN:
                self.formsets.pop(name, None)
        return super().save(commit=commit)

    def _place_last(self, parent: str) -> None:
        siblings = type(self.instance).objects.filter(
            **{parent: getattr(self.instance, f"{parent}_id")}
        )
        self.instance.order = (siblings.aggregate(last=Max("order"))["last"] or 0) + 1


class ThemeForm(PartOfEditionForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        drafts = Q(state=EditionState.DRAFT) | Q(pk=self.instance.questionnaire_id)
        self.fields["questionnaire"].queryset = Questionnaire.objects.filter(drafts)


class ThemeOfEditionField(forms.ModelChoiceField):
    def label_from_instance(self, theme: Theme) -> str:
        return f"{theme.title} – {theme.questionnaire}"


class MeasuresField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, measure: Measure) -> str:
        return f"{measure.code} – {measure.title}"


class QuestionForm(PartOfEditionForm):
    theme = ThemeOfEditionField(label="Thème", queryset=Theme.objects.none())
    measures = MeasuresField(
        label="Mesures",
        queryset=Measure.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Ce que l’on propose à qui répond « non ».",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        drafts = Q(questionnaire__state=EditionState.DRAFT) | Q(pk=self.instance.theme_id)
        self.fields["theme"].queryset = Theme.objects.filter(drafts).select_related("questionnaire")
        linked = [measure.pk for measure in self.instance.measures.all()]
        offered = Measure.objects.filter(Q(live=True) | Q(pk__in=linked))
        self.fields["measures"].queryset = offered


class MeasureForm(WagtailAdminModelForm):
    """The code of a measure is in the address of its page: it is settled at creation."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["code"].disabled = True


class QuestionnaireForm(WagtailAdminModelForm):
    """Level and name of an edition identify it: they are settled once it is published."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk and not self.instance.is_draft:
            self.fields["level"].disabled = True
            self.fields["edition"].disabled = True


class FactorSetForm(WagtailAdminModelForm):
    """Shows factors on which a closed assessment rests without letting them change."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.is_frozen = self.instance.is_used()
        if self.is_frozen:
            for form in (self, *self.formsets["rows"].initial_forms):
                for name in form.fields.keys() - {"id", "ORDER", "DELETE"}:
                    form.fields[name].disabled = True


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
