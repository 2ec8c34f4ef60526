"""Where a theme, or one of its questions, is read and answered."""

from urllib.parse import urlencode

from django.urls import reverse

from questions.enums import Level
from questions.models import Assessment, Question


def theme_address(assessment: Assessment, code: str, **query) -> str:
    """Return the address of the page of a theme; `query` is what the page is asked to show, `partie=2` or `voir=[7, 9]`."""
    address = reverse("questions:theme", args=[assessment.pk, code])
    asked = urlencode({name: value for name, value in query.items() if value}, doseq=True)
    return f"{address}?{asked}" if asked else address


def question_address(assessment: Assessment, question: Question) -> str:
    """Return the address of a question on the page of its theme: of level 2, in the part that shows it."""
    named = question.pk if assessment.level == Level.TWO else None
    return theme_address(assessment, question.theme.code, question=named) + f"#q{question.pk}"
