from smtplib import SMTPRecipientsRefused

import pytest
from django.core.mail.backends.locmem import EmailBackend
from django.db import transaction

from accounts.mail import MailNotSent, Paragraph, compose, read_paragraphs, send_mail

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


class TestOneBadAddress:
    BAD = "mairie@faute.example"
    GOOD = "contact@opsn.example"

    @pytest.fixture(autouse=True)
    def _a_server_that_refuses_it(self, monkeypatch):
        deliver = EmailBackend.send_messages

        def send_messages(self, messages):
            if TestOneBadAddress.BAD in messages[0].to:
                raise SMTPRecipientsRefused({TestOneBadAddress.BAD: (550, b"unknown")})
            return deliver(self, messages)

        monkeypatch.setattr(EmailBackend, "send_messages", send_messages)

    def send(self):
        send_mail("mail/refused", [self.BAD, self.GOOD], {"collectivite": {"name": "Valmont"}})

    def test_silences_nobody_else_and_is_not_silenced(self, mailoutbox):
        with pytest.raises(MailNotSent, match="mail/refused: SMTPRecipientsRefused"):
            self.send()

        assert [mail.to for mail in mailoutbox] == [[self.GOOD]]

    @pytest.mark.django_db
    def test_is_not_written_in_the_logs(self, caplog, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            transaction.on_commit(self.send, robust=True)

        assert "SMTPRecipientsRefused" in caplog.text
        assert self.BAD not in caplog.text
