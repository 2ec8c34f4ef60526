"""What is asked (edition), what is answered (assessment), by whom (teamwork), and what follows (measure, footprint)."""

from questions.models.assessment import Answer, AnswerHistory, Assessment, ThemeScore
from questions.models.edition import Option, Question, Questionnaire, QuestionSource, Theme
from questions.models.footprint import EmissionFactor, FactorSet
from questions.models.measure import Measure, MeasureIndicator, MeasureResource
from questions.models.profile import AssessmentProfile
from questions.models.teamwork import (
    Discussion,
    Evidence,
    Mark,
    Remark,
    Share,
    ThemeReview,
)

__all__ = [
    "Answer",
    "AnswerHistory",
    "Assessment",
    "AssessmentProfile",
    "Discussion",
    "EmissionFactor",
    "Evidence",
    "FactorSet",
    "Mark",
    "Measure",
    "MeasureIndicator",
    "MeasureResource",
    "Option",
    "Question",
    "QuestionSource",
    "Questionnaire",
    "Remark",
    "Share",
    "Theme",
    "ThemeReview",
    "ThemeScore",
]
