"""What people write about a plan."""

from django import forms
from django.utils.text import normalize_newlines

from accounts.models import User
from plans.enums import Status
from plans.filtering import LATE, NOBODY, SOON
from plans.models import Action, Plan
from questions.catalogue import theme_titles
from questions.enums import Cost, Letter, Priority, ReenObjective, ThreeSteps
from questions.scoring import THRESHOLDS
from questions.typed import NotUnderstood, read_number
from territories.models import Collectivite, CollectiviteMember

ANY = ("", "Tous")
WITHOUT_TITLE = {"required": "Donnez un titre à l’action."}
A_NUMBER = "Écrivez un nombre, par exemple 1200 ou 12,5."


def capitalised(choices) -> list[tuple]:
    return [(value, label[:1].upper() + label[1:]) for value, label in choices]


def team_of(collectivite: Collectivite) -> list[tuple[int, str]]:
    """Return the active members who may own an action, by name."""
    rows = CollectiviteMember.objects.active().filter(collectivite=collectivite)
    people = [row.user for row in rows.select_related("user") if row.user.is_active]
    return sorted(((user.pk, str(user)) for user in people), key=lambda row: row[1].casefold())


class FrenchDecimalField(forms.DecimalField):
    """« 1 200,50 € » and « 1.200 » are numbers here, as in the questionnaire."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def __init__(self, **kwargs):
        super().__init__(
            **{
                "max_digits": 14,
                "decimal_places": 2,
                "required": False,
                "localize": True,
                "widget": self.widget,
                "error_messages": {"invalid": A_NUMBER, "required": A_NUMBER},
                **kwargs,
            }
        )

    def to_python(self, value):
        if isinstance(value, str) and value.strip():
            try:
                value = read_number(value)
            except NotUnderstood:
                raise forms.ValidationError(A_NUMBER, code="invalid") from None
        return super().to_python(value)


class DayField(forms.DateField):
    def __init__(self, **kwargs):
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        formats = ["%Y-%m-%d", "%d/%m/%Y"]
        sentence = "Écrivez une date, par exemple 31/03/2027."
        errors = {"invalid": sentence, "required": sentence}
        super().__init__(
            **{"required": False, "widget": widget, "input_formats": formats, **kwargs},
            error_messages=errors,
        )


class OwnerField(forms.ChoiceField):
    """A person by key, among the choices of the form; cleaned, the user."""

    def __init__(self, **kwargs):
        super().__init__(required=False, **kwargs)

    def clean(self, value):
        chosen = super().clean(value)
        return User.objects.get(pk=chosen) if chosen else None


class LongTextField(forms.CharField):
    """A text of several paragraphs. Browsers end each line with « \\r\\n »; it is kept with « \\n », as imports bring it."""

    def __init__(self, *, rows: int = 5, **kwargs):
        widget = forms.Textarea(attrs={"rows": rows})
        super().__init__(**{"max_length": 5_000, "widget": widget, **kwargs})

    def to_python(self, value):
        return normalize_newlines(super().to_python(value))


class PlanForm(forms.ModelForm):
    """How the plan is called in its documents, and the years that it covers."""

    starts_on = DayField(label="Début du plan")
    ends_on = DayField(label="Fin du plan")

    class Meta:
        model = Plan
        fields = ["title", "starts_on", "ends_on"]
        error_messages = {"title": {"required": "Donnez un titre au plan."}}

    def clean(self):
        data = super().clean()
        if data.get("starts_on") and data.get("ends_on") and data["ends_on"] < data["starts_on"]:
            self.add_error(
                "ends_on", "La fin vient avant le début : corrigez l’une des deux dates."
            )
        return data

    def _post_clean(self):
        """The form checks and the act writes: the plan itself is left as it was read."""


class ActionForm(forms.ModelForm):
    """An action and the version of it that was before the eyes of who writes."""

    description = LongTextField(label="Description", required=False)
    theme_code = forms.ChoiceField(label="Thème", required=False)
    owner = OwnerField(label="Responsable, dans l’équipe")
    owner_name = forms.CharField(
        label="Ou un autre responsable",
        max_length=120,
        required=False,
        help_text="Une personne ou un service qui n’a pas de compte.",
    )
    starts_on = DayField(label="Début")
    due_on = DayField(label="Échéance")
    budget_planned = FrenchDecimalField(label="Budget prévu, en euros", min_value=0, max_digits=11)
    budget_spent = FrenchDecimalField(label="Budget dépensé, en euros", min_value=0, max_digits=11)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Action
        fields = [
            "title",
            "description",
            "theme_code",
            "reen_objective",
            "status",
            "priority",
            "owner",
            "owner_name",
            "elected_referent",
            "partners",
            "starts_on",
            "due_on",
            "effort",
            "cost",
            "budget_planned",
            "budget_spent",
        ]
        error_messages = {"title": WITHOUT_TITLE}

    def __init__(self, *args, collectivite: Collectivite, **kwargs):
        super().__init__(*args, **kwargs)
        titles = theme_titles()
        own = self.instance.theme_code
        if own and own not in titles:  # of an edition that was retired
            titles[own] = own
        self.fields["theme_code"].choices = [("", "Aucun"), *titles.items()]
        self.fields["owner"].choices = [("", "Personne"), *self._owners(collectivite)]
        for name in ("status", "priority"):
            self.fields[name].choices = capitalised(self.fields[name].choices)
        for name in ("effort", "cost", "reen_objective"):
            choices = [
                choice for choice in self.fields[name].choices if choice[0] not in ("", None)
            ]
            self.fields[name].choices = [("", "Non précisé"), *capitalised(choices)]
        self.initial["version"] = self.instance.version

    def _owners(self, collectivite: Collectivite) -> list[tuple]:
        """The team, and the owner who left it as long as nobody else is chosen."""
        team = team_of(collectivite)
        owner = self.instance.owner
        if owner is not None and owner.pk not in dict(team):
            team.append((owner.pk, f"{owner} (n’est plus dans l’équipe)"))
        return team

    def clean(self):
        data = super().clean()
        if data.get("owner") and data.get("owner_name"):
            self.add_error(
                "owner_name", "Choisissez un membre de l’équipe ou écrivez un nom, pas les deux."
            )
        if data.get("starts_on") and data.get("due_on") and data["due_on"] < data["starts_on"]:
            self.add_error(
                "due_on", "L’échéance vient avant le début : corrigez l’une des deux dates."
            )
        return data

    def _post_clean(self):
        """The form checks and the acts write: the action itself is left as it was read."""

    @property
    def values(self) -> dict:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class ProposedActionForm(forms.Form):
    """What an OPSN writes; the commune decides the rest."""

    title = forms.CharField(label="Titre", max_length=160, error_messages=WITHOUT_TITLE)
    description = LongTextField(label="Pourquoi, et comment", required=False)
    theme_code = forms.ChoiceField(label="Thème", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["theme_code"].choices = [("", "Aucun"), *theme_titles().items()]


class FilterForm(forms.Form):
    statut = forms.ChoiceField(
        label="Statut", required=False, choices=[ANY, *capitalised(Status.choices)]
    )
    theme = forms.ChoiceField(label="Thème", required=False)
    responsable = forms.ChoiceField(label="Responsable", required=False)
    # In the address only, from the links above the list: each choice on the page has its weight.
    priorite = forms.ChoiceField(
        required=False, choices=[("", ""), *Priority.choices], widget=forms.HiddenInput
    )
    quand = forms.ChoiceField(
        required=False,
        choices=[("", ""), (LATE, "En retard"), (SOON, "Dans les 30 jours")],
        widget=forms.HiddenInput,
    )

    def __init__(self, *args, themes: dict, team: list, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["theme"].choices = [ANY, *themes.items()]
        self.fields["responsable"].choices = [ANY, (NOBODY, "Sans responsable"), *team]

    @property
    def wanted(self) -> dict:
        """The filters that are set; one that makes no sense is not."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class SeveralForm(forms.Form):
    """One change for the actions that are ticked."""

    status = forms.ChoiceField(
        label="Passer à", required=False, choices=[("", "Choisir…"), *capitalised(Status.choices)]
    )
    owner = OwnerField(label="Confier à")
    due_on = DayField(label="Échéance")

    def __init__(self, *args, team: list, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = [("", "Choisir…"), *team]

    @property
    def values(self) -> dict:
        values = {name: value for name, value in self.cleaned_data.items() if value}
        if "owner" in values:
            values["owner_name"] = ""
        return values


class StatusForm(forms.Form):
    status = forms.ChoiceField(label="Statut", choices=capitalised(Status.choices))
    version = forms.IntegerField(widget=forms.HiddenInput)


class ProposalFilterForm(forms.Form):
    theme = forms.ChoiceField(label="Thème", required=False)
    effort = forms.ChoiceField(
        label="Effort", required=False, choices=[ANY, *capitalised(ThreeSteps.choices)]
    )
    cout = forms.ChoiceField(
        label="Coût", required=False, choices=[ANY, *capitalised(Cost.choices)]
    )
    reen = forms.TypedChoiceField(
        label="Objectif du décret REEN",
        required=False,
        coerce=int,
        empty_value=None,
        choices=[ANY, *ReenObjective.choices],
    )

    def __init__(self, *args, themes: dict, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["theme"].choices = [ANY, *themes.items()]

    @property
    def wanted(self) -> dict:
        self.is_valid()
        names = {"theme": "theme_code", "cout": "cost", "reen": "reen_objective"}
        return {names.get(name, name): v for name, v in self.cleaned_data.items() if v}


class SetAsideForm(forms.Form):
    reason = forms.CharField(
        label="Pourquoi cette mesure est-elle écartée ?",
        max_length=300,
        help_text="Une phrase suffit. Vous pourrez changer d’avis.",
        error_messages={"required": "Écrivez la raison, même en deux mots."},
    )


class TargetForm(forms.Form):
    """A letter or a number: the number wins."""

    lettre = forms.ChoiceField(
        label="Une lettre",
        required=False,
        choices=[("", "Choisir…")]
        + [
            (letter, f"{letter} : {Letter(letter).label} (au moins {threshold})")
            for threshold, letter in THRESHOLDS
            if threshold
        ],
    )
    indice = forms.IntegerField(
        label="Ou un indice sur 100",
        required=False,
        min_value=1,
        max_value=100,
        error_messages={
            "invalid": "Écrivez un nombre entier de 1 à 100.",
            "min_value": "L’indice va de 1 à 100.",
            "max_value": "L’indice va de 1 à 100.",
        },
    )

    @property
    def target(self) -> int | None:
        if not self.is_valid():
            return None
        by_letter = {letter: threshold for threshold, letter in THRESHOLDS}
        return self.cleaned_data["indice"] or by_letter.get(self.cleaned_data["lettre"])


class StepForm(forms.Form):
    text = forms.CharField(
        label="Nouvelle étape",
        max_length=300,
        error_messages={"required": "Écrivez l’étape avant de l’ajouter."},
    )


class NoteForm(forms.Form):
    text = LongTextField(
        label="Ajouter une note",
        rows=3,
        error_messages={"required": "Écrivez la note avant de l’ajouter."},
    )


class DeclineForm(forms.Form):
    reason = forms.CharField(label="Pourquoi", max_length=300, required=False)


class IndicatorForm(forms.Form):
    label = forms.CharField(
        label="Ce que l’on mesure",
        max_length=160,
        error_messages={"required": "Dites ce que l’on mesure."},
    )
    unit = forms.CharField(label="Unité", max_length=30, required=False)
    baseline = FrenchDecimalField(label="Valeur de départ")
    target = FrenchDecimalField(label="Valeur visée")


class AimForm(forms.Form):
    baseline = FrenchDecimalField(label="Valeur de départ")
    target = FrenchDecimalField(label="Valeur visée")


class ValueForm(forms.Form):
    on = DayField(label="Date", required=True)
    value = FrenchDecimalField(label="Valeur", required=True)


class ActionFileForm(forms.Form):
    file = forms.FileField(
        label="Fichier d’actions",
        help_text="Un classeur .xlsx de la forme de celui que l’on exporte d’ici, 2 Mo au plus.",
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        error_messages={
            "required": "Choisissez un fichier.",
            "missing": "Choisissez un fichier.",
            "empty": "Ce fichier est vide.",
        },
    )


class DigestForm(forms.Form):
    wanted = forms.BooleanField(
        label="Recevoir le point de la semaine",
        required=False,
        help_text="Le lundi, seulement s’il y a une action en retard ou une échéance proche.",
    )
