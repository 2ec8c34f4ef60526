"""Mails in text and HTML from one template: the text. Its HTML is laid out by templates/mail/base.html.

A template is two files, `<name>_subject.txt` and `<name>_message.txt`. In the message a paragraph of two lines, a
label ending with a colon and an address of ours, becomes a button; a paragraph that is the code, a large code. What a
person typed is escaped in the HTML and never becomes a link there.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context, engines
from django.template.loader import render_to_string

from accounts.addresses import absolute_url


@dataclass(frozen=True)
class Paragraph:
    text: str
    url: str = ""
    is_code: bool = False


class MailNotSent(Exception):
    """What failed, by its kind only: the errors of a mail server quote the address, and the logs hold none."""


def send_mail(template: str, to: str | Iterable[str], context: dict | None = None) -> None:
    """Send one mail to each address, so that nobody sees who else was told.

    Raises MailNotSent once all were tried: one bad address silences no other.
    """
    failures = []
    for address in [to] if isinstance(to, str) else dict.fromkeys(to):
        mail = compose(template, address, context or {})
        try:
            mail.send()
        except Exception as error:  # whatever the server says of one, the others are told
            failures.append(type(error).__name__)
    if failures:  # out of the handler, or the traceback would show the error and its address
        raise MailNotSent(f"{template}: {', '.join(failures)}")


def compose(template: str, to: str, context: dict) -> EmailMultiAlternatives:
    context = {
        **context,
        "site_name": settings.WAGTAIL_SITE_NAME,
        "base_url": absolute_url(""),
        "contact_email": settings.NATIONAL_CONTACT_EMAIL,
        "email": to,
    }
    subject = " ".join(_render_plain(f"{template}_subject.txt", context).splitlines()).strip()
    text = _render_plain(f"{template}_message.txt", context).strip()
    layout = {**context, "subject": subject, "paragraphs": read_paragraphs(text, context)}
    mail = EmailMultiAlternatives(subject, text, settings.DEFAULT_FROM_EMAIL, [to])
    mail.attach_alternative(render_to_string("mail/base.html", layout), "text/html")
    return mail


def read_paragraphs(text: str, context: dict) -> list[Paragraph]:
    """Return the blocks of a text, one per paragraph."""
    paragraphs = []
    for block in text.split("\n\n"):
        block = block.strip()
        label, _, last = block.rpartition("\n")
        if label.endswith(":") and last.startswith(f"{context['base_url']}/"):
            paragraphs.append(Paragraph(label.rstrip("\u00a0 :"), url=last))
        elif block:
            paragraphs.append(Paragraph(block, is_code=block == context.get("code")))
    return paragraphs


def _render_plain(name: str, context: dict) -> str:
    """Render a text template without HTML escapes: « L’Épine & Cœur » must stay so in a text mail."""
    template = engines["django"].get_template(name).template
    return template.render(Context(context, autoescape=False))
