"""Forms of accounts: allauth's, in our words, and the profile."""

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django import forms

from accounts.models import User

HELP_TO_CHOOSE = (
    "Au moins 12 caractères. Une phrase courte est facile à retenir et difficile à deviner."
)


class OurWords:
    """No placeholder that repeats the label, and labels an agent understands."""

    labels = {
        "login": "Adresse électronique",
        "email": "Adresse électronique",
        "oldpassword": "Mot de passe actuel",
        "password": "Mot de passe",
        "password1": "Mot de passe",
        "password2": "Le même, une seconde fois",
        "code": "Code",
    }
    help_texts = {"password": "", "oldpassword": "", "password1": HELP_TO_CHOOSE}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
            field.help_text = self.help_texts.get(name, field.help_text)
            if name == "code":
                field.widget.attrs["autocapitalize"] = "characters"


class LoginForm(OurWords, account.LoginForm):
    pass


class SignupForm(OurWords, account.SignupForm):
    first_name = forms.CharField(
        label="Prénom",
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    last_name = forms.CharField(
        label="Nom",
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )
    informed = forms.BooleanField(
        label="J’ai lu comment mes données personnelles sont utilisées",
        error_messages={
            "required": "Lisez la page « Données personnelles », puis cochez cette case."
        },
    )
    help_texts = OurWords.help_texts | {
        "email": "De préférence l’adresse de votre mairie : elle vous rattache plus vite."
    }
    field_order = ["first_name", "last_name", "email", "password1", "informed"]


class ResetPasswordForm(OurWords, account.ResetPasswordForm):
    pass


class ResetPasswordKeyForm(OurWords, account.ResetPasswordKeyForm):
    labels = OurWords.labels | {"password1": "Nouveau mot de passe"}


class ChangePasswordForm(OurWords, account.ChangePasswordForm):
    labels = ResetPasswordKeyForm.labels


class SetPasswordForm(OurWords, account.SetPasswordForm):
    labels = ResetPasswordKeyForm.labels


class AddEmailForm(OurWords, account.AddEmailForm):
    labels = OurWords.labels | {"email": "Nouvelle adresse"}


class ReauthenticateForm(OurWords, account.ReauthenticateForm):
    pass


class ConfirmCodeForm(OurWords, account.ConfirmEmailVerificationCodeForm):
    labels = {"code": "Code reçu par courriel"}


class AuthenticateForm(OurWords, mfa.AuthenticateForm):
    labels = {"code": "Code de votre application, ou code de secours"}


class ReauthenticateByCodeForm(OurWords, mfa.ReauthenticateForm):
    labels = AuthenticateForm.labels


class ActivateTotpForm(OurWords, totp.ActivateTOTPForm):
    labels = {"code": "Code à six chiffres affiché par l’application"}


class ProfileForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["first_name", "last_name", "function", "phone"]
        widgets = {
            "first_name": forms.TextInput(attrs={"autocomplete": "given-name"}),
            "last_name": forms.TextInput(attrs={"autocomplete": "family-name"}),
            "function": forms.TextInput(attrs={"autocomplete": "organization-title"}),
            "phone": forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"}),
        }
        help_texts = {
            "function": "Par exemple : secrétaire de mairie, adjoint au numérique.",
            "phone": "Facultatif. Seuls les membres de votre collectivité et votre OPSN le voient.",
        }
