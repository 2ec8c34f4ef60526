"""Addresses under /api/v1/."""

from django.urls import path

from supervision.views import api

app_name = "api"

urlpatterns = [
    path("", api.documentation, name="documentation"),
    path("openapi.json", api.openapi, name="openapi"),
    path("territoire/", api.territory, name="territory"),
    path("collectivites/", api.collectivites, name="collectivites"),
    path("themes/", api.themes, name="themes"),
    path("campagnes/", api.campaigns, name="campaigns"),
]
