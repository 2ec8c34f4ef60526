"""Addresses that everybody reads."""

from django.urls import path

from supervision.views import open_data

app_name = "open_data"

urlpatterns = [
    path("", open_data.open_data, name="page"),
    path("indices.csv", open_data.open_data_csv, name="csv"),
]
