"""Addresses under /espace/ of what a team does together."""

from django.urls import path

from questions.views import evidence, teamwork

ASSESSMENT = "evaluations/<int:pk>"
THEME = f"{ASSESSMENT}/themes/<slug:code>"
QUESTION = f"{ASSESSMENT}/questions/<int:question>"

urlpatterns = [
    path("mes-questions/", teamwork.my_questions, name="my_questions"),
    path(f"{ASSESSMENT}/partage/", teamwork.sharing, name="sharing"),
    path(f"{THEME}/confier/", teamwork.share_theme, name="share_theme"),
    path(f"{QUESTION}/confier/", teamwork.share_question, name="share_question"),
    path(f"{QUESTION}/discussion/", teamwork.discussion, name="discussion"),
    path(f"{QUESTION}/discussion/regler/", teamwork.settle_discussion, name="settle"),
    path(f"{QUESTION}/marquer/", teamwork.mark_question, name="mark"),
    path(f"{QUESTION}/pieces/", evidence.evidence, name="evidence"),
    path(f"{QUESTION}/pieces/<int:piece>/validite/", evidence.change_date, name="date_evidence"),
    path(f"{QUESTION}/pieces/<int:piece>/retirer/", evidence.remove, name="remove_evidence"),
    path(f"{ASSESSMENT}/pieces/<int:piece>/", evidence.download, name="download"),
    path(f"{THEME}/soumettre/", teamwork.submit, name="submit_theme"),
    path(f"{THEME}/valider/", teamwork.validate, name="validate_theme"),
    path(f"{THEME}/renvoyer/", teamwork.send_back, name="send_back_theme"),
]
