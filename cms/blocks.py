"""What guides and pages are made of. The files of `cms/content/` use the same names."""

from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock

PARAGRAPH = ["ul", "ol", "bold", "italic", "link", "document-link"]
RICH_TEXT = ["h2", "h3", *PARAGRAPH]

ICONS = [
    ("compass", "boussole"),
    ("people", "personnes"),
    ("basket", "panier"),
    ("laptop", "ordinateur"),
    ("cloud", "nuage"),
    ("hand", "main"),
    ("leaf", "feuille"),
]


class TextBlock(blocks.RichTextBlock):
    def __init__(self, **kwargs):
        super().__init__(**{"features": RICH_TEXT, **kwargs})

    class Meta:
        label = "texte"
        icon = "pilcrow"
        template = "cms/blocks/text.html"


class ParagraphBlock(TextBlock):
    """A text without headings, inside another block."""

    def __init__(self, **kwargs):
        super().__init__(**{"features": PARAGRAPH, **kwargs})


class FigureBlock(blocks.StructBlock):
    image = ImageBlock(
        label="image", help_text="Décrivez l’image, ou dites qu’elle ne fait que décorer."
    )
    caption = blocks.CharBlock(label="légende", required=False, max_length=250)

    class Meta:
        label = "image"
        icon = "image"
        template = "cms/blocks/figure.html"


class SourceBlock(blocks.StructBlock):
    label = blocks.CharBlock(label="source", max_length=250)
    year = blocks.IntegerBlock(label="année", min_value=1900, max_value=2100)
    url = blocks.URLBlock(label="lien", help_text="L’adresse exacte du document.")

    class Meta:
        label = "source"
        icon = "link"


class KeyNumberBlock(blocks.StructBlock):
    """A figure never goes without its source."""

    value = blocks.CharBlock(label="chiffre", max_length=40, help_text="Avec son unité.")
    label = blocks.CharBlock(label="ce qu’il dit", max_length=200)
    source = blocks.CharBlock(label="source", max_length=250)
    year = blocks.IntegerBlock(label="année", min_value=1900, max_value=2100)
    url = blocks.URLBlock(label="lien", help_text="L’adresse exacte du document.")

    class Meta:
        label = "chiffre clé"
        icon = "order"
        template = "cms/blocks/key_number.html"


class StepsBlock(blocks.StructBlock):
    title = blocks.CharBlock(label="titre", max_length=120)
    steps = blocks.ListBlock(blocks.TextBlock(label="étape", rows=2), label="étapes", min_num=1)

    class Meta:
        label = "étapes"
        icon = "list-ol"
        template = "cms/blocks/steps.html"


class ExampleBlock(blocks.StructBlock):
    title = blocks.CharBlock(label="titre", max_length=120)
    text = ParagraphBlock(label="texte")

    class Meta:
        label = "exemple"
        icon = "form"
        template = "cms/blocks/example.html"


class QuoteBlock(blocks.StructBlock):
    text = blocks.TextBlock(label="citation")
    author = blocks.CharBlock(label="d’où elle vient", max_length=250)

    class Meta:
        label = "citation"
        icon = "openquote"
        template = "cms/blocks/quote.html"


class DownloadBlock(blocks.StructBlock):
    document = DocumentChooserBlock(label="document")
    label = blocks.CharBlock(label="intitulé", max_length=120)

    class Meta:
        label = "document à télécharger"
        icon = "download"
        template = "cms/blocks/download.html"


class CallToEvaluateBlock(blocks.StructBlock):
    text = blocks.TextBlock(
        label="phrase", rows=2, help_text="Le bouton « Évaluer ma collectivité » est ajouté."
    )

    class Meta:
        label = "invitation à s’évaluer"
        icon = "pick"
        template = "cms/blocks/call_to_evaluate.html"


class LegalEntityBlock(blocks.StaticBlock):
    class Meta:
        label = "éditeur et hébergeur"
        icon = "site"
        admin_text = "Imprime l’éditeur et l’hébergeur écrits dans les réglages du site."
        template = "cms/blocks/legal_entity.html"


class ContactBlock(blocks.StaticBlock):
    class Meta:
        label = "contact"
        icon = "mail"
        admin_text = "Imprime le courriel et l’adresse écrits dans les réglages du site."
        template = "cms/blocks/contact.html"


class SourcesBlock(blocks.ListBlock):
    def __init__(self, **kwargs):
        super().__init__(SourceBlock(), **{"min_num": 1, **kwargs})

    class Meta:
        label = "sources"
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
    title = blocks.CharBlock(label="titre", max_length=60)
    text = blocks.TextBlock(label="texte", rows=2)

    class Meta:
        label = "étape"
        icon = "list-ol"


class ThemeBlock(blocks.StructBlock):
    code = blocks.RegexBlock(
        label="code",
        regex=r"^[a-z0-9-]+$",
        error_messages={"invalid": "Le code du thème : minuscules, chiffres et tirets."},
        help_text="Le même que celui du thème dans le questionnaire.",
        search_index=False,
    )
    title = blocks.CharBlock(label="titre", max_length=60)
    text = blocks.TextBlock(label="phrase", rows=2)
    icon = blocks.ChoiceBlock(label="icône", choices=ICONS, default="leaf", search_index=False)

    class Meta:
        label = "thème"
        icon = "tag"


class FaqEntryBlock(blocks.StructBlock):
    question = blocks.CharBlock(label="question", max_length=200)
    answer = ParagraphBlock(label="réponse")

    class Meta:
        label = "question"
        icon = "help"


class FaqSectionBlock(blocks.StructBlock):
    title = blocks.CharBlock(label="titre", max_length=120)
    entries = blocks.ListBlock(FaqEntryBlock(), label="questions", min_num=1)

    class Meta:
        label = "rubrique"
        icon = "folder-open-inverse"
        template = "cms/blocks/faq_section.html"
