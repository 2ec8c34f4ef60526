"""Addresses under /espace/."""

from django.urls import include, path

from questions.views import evaluating, life, outcomes, passing, profile, reading, table

app_name = "questions"

urlpatterns = [
    path("", reading.dashboard, name="dashboard"),
    path("evaluations/", life.history, name="history"),
    path("evaluations/commencer/", life.begin, name="begin"),
    path("evaluations/niveau-2/", passing.level_two, name="begin_two"),
    path("evaluations/<int:pk>/", evaluating.resume, name="resume"),
    path("evaluations/<int:pk>/themes/<slug:code>/", evaluating.theme, name="theme"),
    path("evaluations/<int:pk>/questions/<int:question>/", evaluating.explain, name="explain"),
    path(
        "evaluations/<int:pk>/questions/<int:question>/repondre/", evaluating.answer, name="answer"
    ),
    path("evaluations/<int:pk>/tableau/", table.table, name="table"),
    path("evaluations/<int:pk>/profil/", profile.profile, name="profile"),
    path("evaluations/<int:pk>/niveau-1/", passing.level_one, name="answer_level_one"),
    path("evaluations/<int:pk>/edition/", passing.edition, name="change_edition"),
    path("evaluations/<int:pk>/a-revoir/", evaluating.unknown, name="unknown"),
    path("evaluations/<int:pk>/cloturer/", life.close, name="close"),
    path("evaluations/<int:pk>/reprendre/", life.reopen, name="reopen"),
    path("evaluations/<int:pk>/resultats/", reading.results, name="results"),
    path("evaluations/<int:pk>/chiffres/", outcomes.figures, name="figures"),
    path("evaluations/<int:pk>/empreinte/", outcomes.footprint, name="footprint"),
    path("evaluations/<int:pk>/obligations/", outcomes.obligations, name="obligations"),
    path("evaluations/<int:pk>/evolution/", reading.evolution, name="evolution"),
    path("evaluations/<int:pk>/resultats.xlsx", reading.export_xlsx, name="export_xlsx"),
    path("evaluations/<int:pk>/resultats.csv", reading.export_csv, name="export_csv"),
    path("", include("questions.team_urls")),
]
