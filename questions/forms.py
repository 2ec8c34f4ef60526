"""The form of one answer: a field for the kind of the question, its comment, and the version that was on the screen."""

from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError

from questions.answering import GivenAnswer, Value
from questions.enums import AnswerState, QuestionKind, YesNo
from questions.models import Answer, Option, Question
from questions.plausibility import hard_bounds
from questions.typed import NotUnderstood, read_date, read_number
from questions.wording import french_number, unit_of, with_unit

# What is posted for the two answers that are no value. No option of an editor would mean anything else by these codes.
NOT_APPLICABLE = "non-concerne"
UNKNOWN = "ne-sait-pas"
TYPED = "valeur"
STATES = {NOT_APPLICABLE: AnswerState.NOT_APPLICABLE, UNKNOWN: AnswerState.UNKNOWN}
CODES = {state: code for code, state in STATES.items()}

COMMENT_MAX = 10_000
TEXT_MAX = 10_000
NAME_MAX = 150


class PlainTextField(forms.CharField):
    """Counts the end of a line as one character, as browsers do."""

    def to_python(self, value):
        return super().to_python(value).replace("\r\n", "\n")


class FigureField(forms.DecimalField):
    """Reads a figure as people type it, and says the bounds of this very question."""

    def __init__(self, *, unit: str, **options):
        self.unit = unit
        super().__init__(**options)

    def to_python(self, value):
        if isinstance(value, str) and value.strip():
            try:
                value = str(read_number(value, self.unit))
            except NotUnderstood as error:
                raise ValidationError(str(error), "invalid") from error
        return super().to_python(value)

    def run_validators(self, value):
        if value is None:
            return
        low, high = self.min_value, self.max_value
        if (low is not None and value < low) or (high is not None and value > high):
            raise ValidationError(bounds_in_words(low, high, self.unit))
        super().run_validators(value)


class DayField(forms.DateField):
    """Reads 2026-02-01 and 01/02/2026; refuses what is no date of our time."""

    def to_python(self, value):
        if value in self.empty_values or not isinstance(value, str):
            return super().to_python(value)
        try:
            return read_date(value)
        except NotUnderstood as error:
            raise ValidationError(str(error)) from error


def bounds_in_words(low: Decimal | None, high: Decimal | None, unit: str) -> str:
    """Return « Donnez un nombre entre 0 et 100 %. »."""
    if high is None:
        return f"Donnez un nombre d’au moins {with_unit(Decimal(low), unit)}."
    if low is None:
        return f"Donnez un nombre d’au plus {with_unit(Decimal(high), unit)}."
    return (
        f"Donnez un nombre entre {french_number(Decimal(low))} et {with_unit(Decimal(high), unit)}."
    )


class AnswerForm(forms.Form):
    """Nothing given where the page showed nothing is no error: the question waits, or somebody else has answered it."""

    version = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)
    comment = PlainTextField(label="Commentaire", required=False, max_length=COMMENT_MAX)

    def __init__(
        self,
        question: Question,
        options: tuple[Option, ...],
        stored: Answer | None,
        data=None,
        *,
        mine: Value | None = None,
    ):
        """Show what is stored, or `mine` over it: saved next, it replaces the version that is now on the screen."""
        self.question, self.stored = question, stored
        initial = _initial(question, mine or stored)
        initial["version"] = stored.version if stored else 0
        super().__init__(data, prefix=f"q{question.pk}", initial=initial)
        self.fields["state"] = forms.ChoiceField(
            choices=_state_choices(question, options),
            required=False,
            error_messages={"invalid_choice": "Choisissez une des réponses proposées."},
        )
        if field := _value_field(question, options):
            self.fields["value"] = field

    @property
    def choices(self) -> list[tuple[str, str, bool]]:
        """The radio buttons, as the component `answer` wants them: value, label, checked."""
        chosen = self["state"].value()
        return [(value, label, value == chosen) for value, label in self.fields["state"].choices]

    @property
    def sentences(self) -> list[str]:
        """Everything that is to be corrected in this answer."""
        return [sentence for sentences in self.errors.values() for sentence in sentences]

    @property
    def other_sentences(self) -> list[str]:
        """Those that the field of the value does not say already, where it stands."""
        return [
            sentence for name in self.errors if name != "value" for sentence in self.errors[name]
        ]

    def clean(self):
        cleaned = super().clean()
        if self.errors:
            return cleaned
        state, typed = cleaned.get("state"), cleaned.get("value")
        has_value = typed not in (None, "", [])
        if state in STATES and has_value:
            raise ValidationError(
                "Vous donnez une valeur et dites aussi « Non concerné » ou « Ne sait pas ». Gardez l’un des deux."
            )
        if self._is_nothing():
            if self.stored and cleaned.get("version"):
                raise ValidationError("Donnez une réponse, ou choisissez « Ne sait pas ».")
            if cleaned.get("comment"):
                raise ValidationError("Choisissez aussi une réponse : le commentaire l’accompagne.")
        return cleaned

    def given(self) -> GivenAnswer | None:
        """Return what is to be recorded; None when nothing was given."""
        if self._is_nothing():
            return None
        version = self.cleaned_data.get("version") or 0
        return GivenAnswer(self.question, self._value(), version)

    def _is_nothing(self) -> bool:
        state, typed = self.cleaned_data.get("state"), self.cleaned_data.get("value")
        if state in STATES:
            return False
        return typed in (None, "", []) if "value" in self.fields else not state

    def _value(self) -> Value:
        comment = self.cleaned_data.get("comment", "")
        state, typed = self.cleaned_data.get("state"), self.cleaned_data.get("value")
        if state in STATES:
            return Value(state=STATES[state], comment=comment)
        column = _column(self.question)
        if column == "choice":
            return Value(state=AnswerState.ANSWERED, choice=state, comment=comment)
        typed = tuple(typed) if column == "choices" else typed
        return Value(state=AnswerState.ANSWERED, comment=comment, **{column: typed})


def _state_choices(question: Question, options: tuple[Option, ...]) -> list[tuple[str, str]]:
    if question.kind == QuestionKind.YES_NO:
        offered = list(YesNo.choices)
    elif question.kind == QuestionKind.ONE_OF:
        offered = [(option.code, option.label) for option in options]
    else:
        offered = [(TYPED, "Ma réponse")]
    if question.allows_not_applicable:
        offered.append((NOT_APPLICABLE, "Non concerné"))
    return [*offered, (UNKNOWN, "Ne sait pas")]


def _value_field(question: Question, options: tuple[Option, ...]) -> forms.Field | None:
    if question.kind in (QuestionKind.YES_NO, QuestionKind.ONE_OF):
        return None
    if question.kind == QuestionKind.SEVERAL_OF:
        return forms.MultipleChoiceField(
            label="Plusieurs réponses possibles",
            choices=[(option.code, option.label) for option in options],
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
    if question.kind == QuestionKind.NAME:
        return PlainTextField(label="Votre réponse", required=False, max_length=NAME_MAX)
    if question.kind == QuestionKind.TEXT:
        return PlainTextField(
            label="Votre réponse",
            required=False,
            max_length=TEXT_MAX,
            widget=forms.Textarea(attrs={"rows": 3, "maxlength": TEXT_MAX}),
        )
    if question.kind == QuestionKind.DATE:
        return DayField(
            label="Date",
            required=False,
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        )
    return _number_field(question)


def _number_field(question: Question) -> forms.Field:
    (minimum, maximum), unit = hard_bounds(question), unit_of(question)
    return FigureField(
        unit=unit,
        label=f"Nombre ({unit})" if unit else "Nombre",
        required=False,
        min_value=minimum,
        max_value=maximum,
        max_digits=14,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )


def _column(question: Question) -> str:
    return {
        QuestionKind.YES_NO: "choice",
        QuestionKind.ONE_OF: "choice",
        QuestionKind.SEVERAL_OF: "choices",
        QuestionKind.TEXT: "text",
        QuestionKind.NAME: "text",
        QuestionKind.DATE: "date",
    }.get(question.kind, "number")


def _initial(question: Question, given: Answer | Value | None) -> dict:
    if given is None:
        return {}
    initial = {"comment": given.comment}
    if given.state != AnswerState.ANSWERED:
        return initial | {"state": CODES[given.state]}
    column = _column(question)
    value = getattr(given, column)
    if column == "choice":
        return initial | {"state": value}
    if column == "number":
        value = f"{value.normalize():f}".replace(".", ",")
    return initial | {"state": TYPED, "value": value}
