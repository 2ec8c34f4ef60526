"""The search of the site: published pages, the same on SQLite and PostgreSQL, whatever the accents and plurals.

Neither database brings both: SQLite's index knows no French, PostgreSQL's keeps accents. So the words are made plain
before they are indexed and before they are searched.
"""

import re
import unicodedata
from collections.abc import Iterable

from wagtail.models import Page, PageQuerySet

MAX_QUERY_LENGTH = 100
MAX_WORDS = 8
MAX_RESULTS = 200
LIGATURES = str.maketrans({"œ": "oe", "æ": "ae"})
# Words so frequent that they say nothing of what is looked for, without accents.
EMPTY_WORDS = frozenset(
    [
        "a",
        "au",
        "aux",
        "avec",
        "ce",
        "ces",
        "cet",
        "cette",
        "comment",
        "dans",
        "de",
        "des",
        "du",
        "elle",
        "en",
        "est",
        "et",
        "faire",
        "faut",
        "il",
        "ils",
        "je",
        "la",
        "le",
        "les",
        "leur",
        "lui",
        "ma",
        "mais",
        "mes",
        "mon",
        "ne",
        "nos",
        "notre",
        "nous",
        "on",
        "ou",
        "par",
        "pas",
        "pour",
        "pourquoi",
        "qu",
        "que",
        "quel",
        "quelle",
        "quelles",
        "quels",
        "qui",
        "sa",
        "sans",
        "se",
        "ses",
        "si",
        "son",
        "sont",
        "sur",
        "ta",
        "te",
        "tes",
        "toi",
        "ton",
        "tu",
        "un",
        "une",
        "vos",
        "votre",
        "vous",
        "y",
        "d",
        "l",
        "s",
        "n",
        "c",
        "j",
        "m",
        "t",
    ]
)


def plain_words(text: str) -> list[str]:
    """Return the words of a text in lower case, without accents, plural marks or empty words."""
    lowered = unicodedata.normalize("NFKD", text.lower().translate(LIGATURES))
    letters = "".join(char for char in lowered if not unicodedata.combining(char))
    words = re.findall(r"[a-z0-9]+", letters)
    return [_singular(word) for word in words if word not in EMPTY_WORDS]


def plain(text: str) -> str:
    return " ".join(plain_words(text))


def _singular(word: str) -> str:
    """Drop the mark of a French plural: ordinateurs, réseaux, journaux."""
    if len(word) > 4 and word.endswith("aux") and not word.endswith("eaux"):
        return f"{word[:-3]}al"
    if len(word) > 3 and word[-1] in "sx":
        return word[:-1]
    return word


def search_pages(query: str, pages: PageQuerySet) -> list[Page]:
    """Return the pages that hold every word of the query; failing that, those that hold one.

    Those whose title says it come first: the two databases do not weigh titles alike.
    """
    words = plain_words(query[:MAX_QUERY_LENGTH])[:MAX_WORDS]
    searched = " ".join(words)
    for operator in ("and", "or") if words else ():
        if found := list(pages.search(searched, operator=operator)[:MAX_RESULTS]):
            return sorted(found, key=lambda page: -_words_in_title(words, page))
    return []


def _words_in_title(words: list[str], page: Page) -> int:
    return len(set(words).intersection(plain_words(page.title)))


def with_details(found: Iterable[Page]) -> list[Page]:
    """Return pages in the same order, each as what it is, without reading their contents."""
    numbers = [page.pk for page in found]
    pages = Page.objects.filter(pk__in=numbers).defer_streamfields().specific()
    return sorted(pages, key=lambda page: numbers.index(page.pk))


def public_pages() -> PageQuerySet:
    """Return what a visitor may read below the root."""
    return Page.objects.live().public().filter(depth__gt=1)
