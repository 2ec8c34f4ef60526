"""The identity of an instance: another one changes it here, without code."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel, ObjectList, TabbedInterface
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

from cms.colours import PAPER, TEXT_CONTRAST, WHITE, contrast

BRAND = "#14532D"
ACCENT = "#2F7D4F"

validate_colour = RegexValidator(
    r"^#[0-9A-Fa-f]{6}$", "Écrivez la couleur avec un dièse et six chiffres, par exemple #14532D."
)
validate_siren = RegexValidator(r"^\d{9}$", "Un SIREN compte neuf chiffres, sans espace.")


class Accessibility(models.TextChoices):
    """The three states that a declaration may give (RGAA 4.1)."""

    NONE = "non conforme", "non conforme"
    PART = "partiellement conforme", "partiellement conforme"
    FULL = "totalement conforme", "totalement conforme"


@register_setting(icon="cog")
class SiteSettings(BaseSiteSetting):
    name = models.CharField("nom du site", max_length=60, default="Éco-clic")
    tagline = models.CharField(
        "phrase d’accroche",
        max_length=120,
        blank=True,
        default="Le numérique sobre, commune par commune",
    )
    logo = models.ForeignKey(
        "wagtailimages.Image",
        models.SET_NULL,
        blank=True,
        null=True,
        related_name="+",
        verbose_name="logo",
        help_text="Facultatif : remplace la feuille à côté du nom. Une image carrée et légère.",
    )
    brand_colour = models.CharField(
        "couleur principale",
        max_length=7,
        default=BRAND,
        validators=[validate_colour],
        help_text="Boutons, liens et titres. Elle doit se lire sur un fond blanc.",
    )
    accent_colour = models.CharField(
        "couleur secondaire",
        max_length=7,
        default=ACCENT,
        validators=[validate_colour],
        help_text="Graphiques, puces et filets. Elle doit se lire sur un fond blanc.",
    )
    contact_email = models.EmailField(
        "courriel de contact",
        blank=True,
        help_text="Affiché sur la page Contact et dans security.txt.",
    )

    source_url = models.URLField(
        "adresse du code source",
        blank=True,
        help_text="Liée en bas de chaque page : la licence AGPL demande que chacun puisse lire le code qui sert ce site, "
        "changements compris. Sans elle, le lien mène aux mentions légales, qui disent à qui le demander.",
    )
    accessibility = models.CharField(
        "accessibilité",
        max_length=25,
        choices=Accessibility,
        default=Accessibility.NONE,
        help_text="Affichée en bas de chaque page, comme la loi le demande. Ce que dit l’audit, à récrire aussi dans la "
        "page « Accessibilité » ; sans audit valable : non conforme.",
    )

    legal_name = models.CharField("nom", max_length=160, blank=True)
    legal_address = models.TextField("adresse", max_length=300, blank=True)
    legal_phone = models.CharField("téléphone", max_length=30, blank=True)
    siren = models.CharField("SIREN", max_length=9, blank=True, validators=[validate_siren])
    publication_director = models.CharField(
        "directeur ou directrice de la publication",
        max_length=160,
        blank=True,
        help_text="Prénom, nom et fonction.",
    )
    host_name = models.CharField("nom", max_length=160, blank=True)
    host_address = models.TextField("adresse", max_length=300, blank=True)
    host_phone = models.CharField("téléphone", max_length=30, blank=True)

    select_related = ["logo"]  # the head of every page shows it
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    FieldPanel("name"),
                    FieldPanel("tagline"),
                    FieldPanel("logo"),
                    FieldPanel("contact_email"),
                ],
                heading="Identité",
            ),
            ObjectList(
                [
                    HelpPanel(
                        "<p>Les couleurs sont vérifiées : chacune doit se lire sur les fonds clairs du site "
                        "(contraste d’au moins 4,5 pour 1). Le mode sombre en est déduit.</p>"
                    ),
                    FieldPanel("brand_colour"),
                    FieldPanel("accent_colour"),
                ],
                heading="Couleurs",
            ),
            ObjectList(
                [
                    FieldPanel("accessibility"),
                    FieldPanel("source_url"),
                    MultiFieldPanel(
                        [
                            FieldPanel("legal_name"),
                            FieldPanel("legal_address"),
                            FieldPanel("legal_phone"),
                            FieldPanel("siren"),
                            FieldPanel("publication_director"),
                        ],
                        heading="Éditeur",
                    ),
                    MultiFieldPanel(
                        [
                            FieldPanel("host_name"),
                            FieldPanel("host_address"),
                            FieldPanel("host_phone"),
                        ],
                        heading="Hébergeur",
                    ),
                ],
                heading="Mentions légales",
            ),
        ]
    )

    class Meta:
        verbose_name = "réglages du site"
        verbose_name_plural = "réglages du site"

    def __str__(self) -> str:
        return self.name

    def clean(self):
        """Refuse a colour that would not be read on the paper and white grounds of the site."""
        super().clean()
        errors = {}
        for name in ("brand_colour", "accent_colour"):
            colour = getattr(self, name)
            try:
                validate_colour(colour)
            except ValidationError:
                continue  # said already, beside the field
            lowest = min(contrast(colour, ground) for ground in (PAPER, WHITE))
            if lowest < TEXT_CONTRAST:
                errors[name] = (
                    f"Cette couleur ne se lit pas assez bien sur un fond clair : contraste de "
                    f"{lowest:.1f} pour 1, il en faut 4,5. Choisissez une couleur plus foncée."
                ).replace(f"{lowest:.1f}", f"{lowest:.1f}".replace(".", ","))
        if errors:
            raise ValidationError(errors)

    @property
    def has_own_colours(self) -> bool:
        """Tell whether the pages need /theme.css on top of the style sheet."""
        own = (self.brand_colour.upper(), self.accent_colour.upper())
        return own != (BRAND, ACCENT)

    @property
    def contact(self) -> str:
        """Return where to write: an instance always has an address."""
        return self.contact_email or settings.NATIONAL_CONTACT_EMAIL
