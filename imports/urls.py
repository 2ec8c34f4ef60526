"""Addresses under /opsn/imports/."""

from django.urls import path

from imports import views

app_name = "imports"

urlpatterns = [
    path("", views.history, name="history"),
    path("deposer/<str:kind>/", views.upload, name="upload"),
    path("modeles/<str:kind>.xlsx", views.template, name="template"),
    path("questionnaires/<int:pk>.xlsx", views.edition, name="edition"),
    path("<int:pk>/", views.run, name="run"),
    path("<int:pk>/colonnes/", views.columns, name="columns"),
    path("<int:pk>/choix/", views.choices, name="choices"),
    path("<int:pk>/confirmer/", views.confirm, name="confirm"),
    path("<int:pk>/abandonner/", views.cancel, name="cancel"),
    path("<int:pk>/annuler/", views.undo, name="undo"),
    path("<int:pk>/refusees.xlsx", views.refused, name="refused"),
]
