"""Addresses under /espace/evaluations/<pk>/grille/."""

from django.urls import path

from imports import grid_views

app_name = "grid"

urlpatterns = [
    path("", grid_views.grid, name="page"),
    path("telecharger/", grid_views.download, name="download"),
    path("<int:run>/", grid_views.run, name="run"),
    path("<int:run>/confirmer/", grid_views.confirm, name="confirm"),
    path("<int:run>/abandonner/", grid_views.cancel, name="cancel"),
]
