import pytest

from cms.blocks import PARAGRAPH, RICH_TEXT, BodyBlock
from cms.cleaning import clean_block, clean_html, page_links

PAGES = {"guide:acheter": 12, "page:contact": 3}


@pytest.mark.parametrize(
    ("html", "stored"),
    [
        ("<p>Oui <strong>fort</strong></p>", "<p>Oui <strong>fort</strong></p>"),
        ("<p onclick='x()'>a</p>", "<p>a</p>"),
        ("<script>alert(1)</script><p>a</p>", "<p>a</p>"),
        ("<p><img src=x onerror=alert(1)>a</p>", "<p>a</p>"),
        ('<p><a href="javascript:alert(1)">a</a></p>', "<p><a>a</a></p>"),
        ('<p><a href="java\tscript:alert(1)">a</a></p>', "<p><a>a</a></p>"),
        ('<p style="color:red" class="x">a</p>', "<p>a</p>"),
        ("<h1>Titre</h1>", "Titre"),
        (
            '<p><a href="https://a.example/b" target="_blank">a</a></p>',
            '<p><a href="https://a.example/b">a</a></p>',
        ),
        ('<p><a href="guide:acheter">a</a></p>', '<p><a id="12" linktype="page">a</a></p>'),
        ('<p><a href="guide:absent">a</a></p>', "<p>a</p>"),
        ('<iframe src="https://a.example"></iframe><p>a</p>', "<p>a</p>"),
    ],
)
def test_html_keeps_what_the_editor_allows_and_nothing_else(html, stored):
    assert clean_html(html, PAGES, RICH_TEXT) == stored


def test_a_paragraph_has_no_headings():
    assert clean_html("<h2>Titre</h2><p>a</p>", PAGES, PARAGRAPH) == "Titre<p>a</p>"


def test_addresses_are_not_typeset_but_their_words_are():
    html = '<p><a href="https://a.example/oui : non">oui : non</a></p>'

    assert clean_html(html, PAGES, RICH_TEXT) == (
        '<p><a href="https://a.example/oui : non">oui\u00a0: non</a></p>'
    )


def test_each_block_of_a_body_is_cleaned_by_its_own_rule():
    body = [
        {"type": "steps", "value": {"title": " L'heure ", "steps": ["<b>un</b>", "d'abord"]}},
        {"type": "legal_entity", "value": {}},
        {
            "type": "sources",
            "value": [{"label": "L'Ademe", "year": 2025, "url": "https://a.example/l'a"}],
        },
    ]

    assert clean_block(BodyBlock(), body, PAGES) == [
        {"type": "steps", "value": {"title": "L’heure", "steps": ["<b>un</b>", "d’abord"]}},
        {"type": "legal_entity", "value": None},
        {
            "type": "sources",
            "value": [{"label": "L’Ademe", "year": 2025, "url": "https://a.example/l'a"}],
        },
    ]


def test_the_links_to_pages_of_a_file_are_found_wherever_they_are():
    fields = {
        "body": [{"value": '<a href="guide:un">a</a>'}, {"value": {"t": '<a href="page:deux">'}}],
        "n": 1,
    }

    assert page_links(fields) == {"guide:un", "page:deux"}
