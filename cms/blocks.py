"""What guides and pages are made of. The files of `cms/content/` use the same names."""

from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock

PARAGRAPH = ["ul", "ol", "bold", "italic", "link", "document-link"]
RICH_TEXT = ["h2", "h3", *PARAGRAPH]

ICONS = [
    ("compass", "Boussole"),
    ("people", "Personnes"),
    ("basket", "Panier"),
    ("laptop", "Ordinateur"),
    ("cloud", "Nuage"),
    ("hand", "Main"),
    ("leaf", "Feuille"),
]


class TextBlock(blocks.RichTextBlock):
    def __init__(self, **kwargs):
        super().__init__(**{"features": RICH_TEXT, **kwargs})

    class Meta:
        label = "Texte"
        icon = "pilcrow"
        template = "cms/blocks/text.html"


class ParagraphBlock(TextBlock):
    """A text without headings, inside another block."""

    def __init__(self, **kwargs):
        super().__init__(**{"features": PARAGRAPH, **kwargs})


class FigureBlock(blocks.StructBlock):
    image = ImageBlock(
        label="Image", help_text="Décrivez l’image, ou dites qu’elle ne fait que décorer."
    )
    caption = blocks.CharBlock(label="Légende", required=False, max_length=250)

    class Meta:
        label = "Image"
        icon = "image"
        template = "cms/blocks/figure.html"


class YearBlock(blocks.IntegerBlock):
    """A year that a form gives back as it was given.

    Wagtail's own block gives back a text, so that a page would always count as changed: approving it in its editor
    would make a new revision, which would have to be approved in its turn, for ever.
    """

    def __init__(self, **kwargs):
        super().__init__(**{"label": "Année", "min_value": 1900, "max_value": 2100, **kwargs})

    def value_from_datadict(self, data, files, prefix):
        value = super().value_from_datadict(data, files, prefix)
        return int(value) if isinstance(value, str) and value.strip().isdecimal() else value


class SourceBlock(blocks.StructBlock):
    label = blocks.CharBlock(label="Source", max_length=250)
    year = YearBlock()
    url = blocks.URLBlock(label="Lien", help_text="L’adresse exacte du document.")

    class Meta:
        label = "Source"
        icon = "link"


class KeyNumberBlock(blocks.StructBlock):
    """A figure never goes without its source."""

    value = blocks.CharBlock(label="Chiffre", max_length=40, help_text="Avec son unité.")
    label = blocks.CharBlock(label="Ce qu’il dit", max_length=200)
    source = blocks.CharBlock(label="Source", max_length=250)
    year = YearBlock()
    url = blocks.URLBlock(label="Lien", help_text="L’adresse exacte du document.")

    class Meta:
        label = "Chiffre clé"
        icon = "order"
        template = "cms/blocks/key_number.html"


class StepsBlock(blocks.StructBlock):
    title = blocks.CharBlock(label="Titre", max_length=120)
    steps = blocks.ListBlock(blocks.TextBlock(label="Étape", rows=2), label="Étapes", min_num=1)

    class Meta:
        label = "Étapes"
        icon = "list-ol"
        template = "cms/blocks/steps.html"


class ExampleBlock(blocks.StructBlock):
    title = blocks.CharBlock(label="Titre", max_length=120)
    text = ParagraphBlock(label="Texte")

    class Meta:
        label = "Exemple"
        icon = "form"
        template = "cms/blocks/example.html"


class QuoteBlock(blocks.StructBlock):
    text = blocks.TextBlock(label="Citation")
    author = blocks.CharBlock(label="D’où elle vient", max_length=250)

    class Meta:
        label = "Citation"
        icon = "openquote"
        template = "cms/blocks/quote.html"


class DownloadBlock(blocks.StructBlock):
    document = DocumentChooserBlock(label="Document")
    label = blocks.CharBlock(label="Intitulé", max_length=120)

    class Meta:
        label = "Document à télécharger"
        icon = "download"
        template = "cms/blocks/download.html"


class CallToEvaluateBlock(blocks.StructBlock):
    text = blocks.TextBlock(
        label="Phrase", rows=2, help_text="Le bouton « Évaluer ma collectivité » est ajouté."
    )

    class Meta:
        label = "Invitation à s’évaluer"
        icon = "pick"
        template = "cms/blocks/call_to_evaluate.html"


class LegalEntityBlock(blocks.StaticBlock):
    class Meta:
        label = "Éditeur et hébergeur"
        icon = "site"
        admin_text = "Imprime l’éditeur et l’hébergeur écrits dans les réglages du site."
        template = "cms/blocks/legal_entity.html"


class ContactBlock(blocks.StaticBlock):
    class Meta:
        label = "Contact"
        icon = "mail"
        admin_text = "Imprime le courriel et l’adresse écrits dans les réglages du site."
        template = "cms/blocks/contact.html"


class SourcesBlock(blocks.ListBlock):
    def __init__(self, **kwargs):
        super().__init__(SourceBlock(), **{"min_num": 1, **kwargs})

    class Meta:
        label = "Sources"
        icon = "list-ul"
        template = "cms/blocks/sources.html"


class NewsBlock(blocks.StreamBlock):
    text = TextBlock()
    figure = FigureBlock()
    quote = QuoteBlock()
    download = DownloadBlock()
    sources = SourcesBlock()


class BodyBlock(blocks.StreamBlock):
    text = TextBlock()
    figure = FigureBlock()
    key_number = KeyNumberBlock()
    steps = StepsBlock()
    example = ExampleBlock()
    quote = QuoteBlock()
    download = DownloadBlock()
    call_to_evaluate = CallToEvaluateBlock()
    sources = SourcesBlock()
    legal_entity = LegalEntityBlock()
    contact = ContactBlock()


class HomeStepBlock(blocks.StructBlock):
    title = blocks.CharBlock(label="Titre", max_length=60)
    text = blocks.TextBlock(label="Texte", rows=2)

    class Meta:
        label = "Étape"
        icon = "list-ol"


class ThemeBlock(blocks.StructBlock):
    code = blocks.RegexBlock(
        label="Code",
        regex=r"^[a-z0-9-]+$",
        error_messages={"invalid": "Le code du thème : minuscules, chiffres et tirets."},
        help_text="Le même que celui du thème dans le questionnaire.",
        search_index=False,
    )
    title = blocks.CharBlock(label="Titre", max_length=60)
    text = blocks.TextBlock(label="Phrase", rows=2)
    icon = blocks.ChoiceBlock(label="Icône", choices=ICONS, default="leaf", search_index=False)

    class Meta:
        label = "Thème"
        icon = "tag"


class FaqEntryBlock(blocks.StructBlock):
    question = blocks.CharBlock(label="Question", max_length=200)
    answer = ParagraphBlock(label="Réponse")

    class Meta:
        label = "Question"
        icon = "help"


class FaqSectionBlock(blocks.StructBlock):
    title = blocks.CharBlock(label="Titre", max_length=120)
    entries = blocks.ListBlock(FaqEntryBlock(), label="Questions", min_num=1)

    class Meta:
        label = "Rubrique"
        icon = "folder-open-inverse"
        template = "cms/blocks/faq_section.html"
