"""Texts of a file become what the editor of Wagtail would have stored: an allow-list, links to pages by their number.

Wagtail cleans what its form is given, never what is loaded (rule 6 of SECURITY.md).
"""

import re
from typing import Any

from bs4 import BeautifulSoup, NavigableString
from wagtail import blocks
from wagtail.admin.rich_text.converters.editor_html import EditorHTMLConverter

from cms.typography import typeset

NOT_TEXT = ["script", "style", "template", "iframe", "object"]
PAGE_LINK = re.compile(r"^(guide|page|news):[a-z0-9-]+$")


def clean_html(html: str, pages: dict[str, int], features: list[str]) -> str:
    """Return the HTML to store; `pages` gives the number of a page by its link (guide:un-slug).

    A link to a page that is not there is dropped, its words stay.
    """
    soup = BeautifulSoup(html, "html.parser")
    for tag in soup.find_all(NOT_TEXT):
        tag.decompose()
    for link in soup.find_all("a", href=PAGE_LINK):
        if number := pages.get(link["href"]):
            link.attrs = {"data-linktype": "page", "data-id": str(number)}
        else:
            link.unwrap()
    for text in soup.find_all(string=True):
        if type(text) is NavigableString:
            text.replace_with(typeset(text))
    return EditorHTMLConverter(features=features).to_database_format(str(soup)).strip()


def clean_block(block: blocks.Block, value: Any, pages: dict[str, int]) -> Any:
    """Return the value of a block as Wagtail stores it, every text cleaned and typeset."""
    if isinstance(block, blocks.StaticBlock):
        return None
    if isinstance(block, blocks.RichTextBlock):
        return clean_html(value, pages, block.features)
    if isinstance(block, blocks.BaseStreamBlock):
        return [clean_part(block, part, pages) for part in value]
    if isinstance(block, blocks.BaseStructBlock):
        return {
            name: clean_block(block.child_blocks[name], part, pages) for name, part in value.items()
        }
    if isinstance(block, blocks.ListBlock):
        return [clean_block(block.child_block, part, pages) for part in value]
    if isinstance(block, (blocks.CharBlock, blocks.TextBlock)):
        return typeset(value.strip())
    return value


def clean_part(stream: blocks.BaseStreamBlock, part: dict, pages: dict[str, int]) -> dict:
    """Return one part of a stream; where the stream has a single kind of block, files do not name it."""
    kinds = stream.child_blocks
    if len(kinds) == 1:
        kind, value = next(iter(kinds)), part
    else:
        kind, value = part["type"], part["value"]
    return {"type": kind, "value": clean_block(kinds[kind], value, pages)}


def page_links(value: Any) -> set[str]:
    """Return the links to pages that are written anywhere in the contents of a file."""
    if isinstance(value, dict):
        return set().union(*(page_links(part) for part in value.values()))
    if isinstance(value, list):
        return set().union(*(page_links(part) for part in value))
    return (
        set(re.findall(r'href="((?:guide|page|news):[^"]*)"', value))
        if isinstance(value, str)
        else set()
    )
