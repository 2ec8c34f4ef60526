"""What is asked to open a campaign, and how its list is filtered."""

from django import forms

from questions.enums import Level
from questions.forms import DayField
from questions.models import Questionnaire
from supervision.enums import CampaignStep
from supervision.models import Campaign

CAMPAIGN_TEXT = (
    "Nous faisons le point ensemble sur le numérique de nos collectivités. "
    "Le questionnaire se remplit à plusieurs et s’arrête quand on veut. "
    "Si vous avez déjà répondu l’an dernier, vos réponses sont reprises : il reste à les confirmer, thème par thème."
)


class CampaignForm(forms.ModelForm):
    class Meta:
        model = Campaign
        fields = ("title", "questionnaire", "starts_on", "ends_on", "text")
        field_classes = {"starts_on": DayField, "ends_on": DayField}
        widgets = {
            "starts_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "ends_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "text": forms.Textarea(attrs={"rows": 6}),
        }
        help_texts = {
            "title": "Par exemple « Campagne 2027 ».",
            "text": "Il est proposé dans les invitations et les relances ; vous pourrez le changer à chaque envoi.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        current = [Questionnaire.objects.current(level) for level in Level]
        field = self.fields["questionnaire"]
        field.queryset = Questionnaire.objects.filter(pk__in=[row.pk for row in current if row])
        field.empty_label = None
        field.label = "Niveau et édition"
        field.label_from_instance = lambda row: f"Niveau {row.level}, édition {row.edition}"


class StepForm(forms.Form):
    """The list of a campaign, one step at a time; a wrong step is as if it were not there."""

    etape = forms.ChoiceField(
        label="Où en sont-elles", required=False, choices=[("", "Toutes"), *CampaignStep.choices]
    )

    @property
    def step(self) -> str:
        return self.cleaned_data.get("etape", "") if self.is_valid() else ""
