import pytest

from accounts.mail import Paragraph, compose, read_paragraphs

BASE = {"base_url": "https://ours.example", "code": "AB12"}


@pytest.mark.parametrize(
    ("text", "paragraphs"),
    [
        ("Bonjour,\n\nAu revoir", [Paragraph("Bonjour,"), Paragraph("Au revoir")]),
        (
            "Voir :\nhttps://ours.example/x/",
            [Paragraph("Voir", url="https://ours.example/x/")],
        ),
        (
            "Voir\u00a0:\nhttps://ours.example/x/",
            [Paragraph("Voir", url="https://ours.example/x/")],
        ),
        ("Voir :\nhttps://evil.example/", [Paragraph("Voir :\nhttps://evil.example/")]),
        (
            "Voir :\nhttps://ours.example.evil.example/",
            [Paragraph("Voir :\nhttps://ours.example.evil.example/")],
        ),
        ("AB12", [Paragraph("AB12", is_code=True)]),
        ("\n\n\n", []),
    ],
)
def test_a_text_is_read_by_paragraphs(text, paragraphs):
    assert read_paragraphs(text, BASE) == paragraphs


def test_what_a_person_typed_is_plain_in_the_text_and_escaped_in_the_html():
    message = compose(
        "mail/refused",
        "alice@valmont.example",
        {
            "collectivite": {"name": "L’Épine & <b>Cœur</b>"},
            "support_name": "l’OPSN",
            "support_address": "a@b.example",
        },
    )

    html = message.alternatives[0].content
    assert "L’Épine & <b>Cœur</b>" in message.body
    assert "L’Épine &amp; &lt;b&gt;Cœur&lt;/b&gt;" in html
    assert "<b>" not in html


def test_a_line_break_in_a_name_never_adds_a_header():
    message = compose(
        "mail/refused",
        "alice@valmont.example",
        {"collectivite": {"name": "Valmont\nBcc: eve@evil.example"}},
    )

    assert message.message()["Bcc"] is None
    assert "\n" not in message.subject
