"""What is asked (edition) and what is answered (assessment)."""

from questions.models.assessment import Answer, AnswerHistory, Assessment, ThemeScore
from questions.models.edition import (
    Measure,
    MeasureIndicator,
    MeasureResource,
    Option,
    Question,
    Questionnaire,
    QuestionSource,
    Theme,
)

__all__ = [
    "Answer",
    "AnswerHistory",
    "Assessment",
    "Measure",
    "MeasureIndicator",
    "MeasureResource",
    "Option",
    "Question",
    "QuestionSource",
    "Questionnaire",
    "Theme",
    "ThemeScore",
]
