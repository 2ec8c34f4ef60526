"""Addresses under /espace/comparaison/."""

from django.urls import path

from supervision.views import communes, space

app_name = "comparison"

urlpatterns = [
    path("", space.peers, name="peers"),
    path("pratiques/", space.practices, name="practices"),
    path("accord/", space.consent, name="consent"),
    path("accord/choisir/", space.decide, name="decide"),
    path("communes/", communes.communes, name="communes"),
    path("communes/fichier/<slug:kind>/", communes.communes_file, name="communes_file"),
]
