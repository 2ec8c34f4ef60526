"""Mails on the console, readable: development only."""

from django.core.mail.backends.console import EmailBackend


class ConsoleBackend(EmailBackend):
    """Print the text of a mail as a person would read it, without its encoded parts."""

    def write_message(self, message):
        recipients = ", ".join(message.recipients())
        self.stream.write(
            f"\n----- Courriel à {recipients}\nObjet : {message.subject}\n\n{message.body}\n-----\n"
        )
