"""What every visitor may read: the measures, and the questions before answering them."""

from django.urls import path

from questions import public_views

app_name = "measures"
urlpatterns = [
    path("mesures/", public_views.measures, name="list"),
    path("mesures/<str:code>/", public_views.measure, name="measure"),
    path("questionnaire/", public_views.questionnaire, name="questionnaire"),
]
