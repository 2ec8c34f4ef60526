"""Addresses under /espace/plan/: those of a plan by the id of its collectivité, those of an action by its own."""

from django.urls import path

from plans.views import acting, entering, leaving, parts, proposing, reading, reminding

app_name = "plans"

urlpatterns = [
    path("", reading.overview, name="overview"),
    path("<int:pk>/", reading.table, name="table"),
    path("<int:pk>/etats/", reading.board, name="board"),
    path("<int:pk>/calendrier/", reading.calendar, name="calendar"),
    path("<int:pk>/presentation/", acting.presentation, name="presentation"),
    path("<int:pk>/imprimer/", reading.printed, name="print"),
    path("<int:pk>/propositions/", proposing.proposals, name="proposals"),
    path("<int:pk>/propositions/adopter/", proposing.adopt, name="adopt"),
    path("<int:pk>/propositions/<str:code>/ecarter/", proposing.set_aside, name="set_aside"),
    path(
        "<int:pk>/propositions/<str:code>/reprendre/", proposing.propose_again, name="propose_again"
    ),
    path("<int:pk>/cible/", proposing.target, name="target"),
    path("<int:pk>/cible/fixer/", proposing.set_target, name="set_target"),
    path("<int:pk>/actions/nouvelle/", acting.new, name="new"),
    path("<int:pk>/actions/plusieurs/", acting.several, name="several"),
    path("<int:pk>/documents/", leaving.outputs, name="outputs"),
    path("<int:pk>/documents/xlsx/", leaving.export_xlsx, name="export_xlsx"),
    path("<int:pk>/documents/ods/", leaving.export_ods, name="export_ods"),
    path("<int:pk>/documents/docx/", leaving.export_docx, name="export_docx"),
    path("<int:pk>/agenda/ouvrir/", leaving.open_calendar, name="open_calendar"),
    path("<int:pk>/agenda/fermer/", leaving.close_calendar, name="close_calendar"),
    path("<int:pk>/importer/", entering.send_file, name="import"),
    path("<int:pk>/importer/<int:run>/", entering.preview, name="preview"),
    path("agenda/<str:token>.ics", leaving.feed, name="feed"),
    path("rappels/", reminding.reminders, name="reminders"),
    path("rappels/arreter/<str:token>/", reminding.unsubscribe, name="unsubscribe"),
    path("actions/<int:pk>/", acting.action, name="action"),
    path("actions/<int:pk>/modifier/", acting.edit, name="edit"),
    path("actions/<int:pk>/statut/", acting.status, name="status"),
    path("actions/<int:pk>/notes/", acting.note, name="note"),
    path("actions/<int:pk>/historique/", acting.history, name="history"),
    path("actions/<int:pk>/accepter/", acting.accept, name="accept"),
    path("actions/<int:pk>/refuser/", acting.decline, name="decline"),
    path("actions/<int:pk>/reponse/", acting.answers, name="answers"),
    path("actions/<int:pk>/reponse/garder/", acting.keep, name="keep"),
    path("actions/<int:pk>/etapes/", parts.steps, name="steps"),
    path("actions/<int:pk>/etapes/cocher/", parts.tick, name="tick"),
    path("actions/<int:pk>/etapes/<int:step>/monter/", parts.move_step, name="move_step"),
    path("actions/<int:pk>/etapes/<int:step>/retirer/", parts.remove_step, name="remove_step"),
    path("actions/<int:pk>/indicateurs/", parts.new_indicator, name="new_indicator"),
    path("indicateurs/<int:pk>/", parts.indicator, name="indicator"),
    path("indicateurs/<int:pk>/valeurs/", parts.record, name="record"),
    path("indicateurs/<int:pk>/but/", parts.aim, name="aim"),
    path("indicateurs/<int:pk>/retirer/", parts.remove_indicator, name="remove_indicator"),
]
