"""What the app adds to the back office."""

from django.urls import reverse
from wagtail import hooks
from wagtail.admin.widgets.button import Button
from wagtail_modeladmin.options import modeladmin_register

from imports.admin import ImportRunAdmin, LastImports
from imports.enums import ImportKind
from questions.models import Questionnaire

modeladmin_register(ImportRunAdmin)


@hooks.register("construct_homepage_panels")
def add_last_imports(request, panels):
    if request.user.follows_every_collectivite:
        panels.append(LastImports())


@hooks.register("register_snippet_listing_buttons")
def add_workbook_buttons(snippet, user, next_url=None):
    """Take an edition out in a workbook, and bring one in."""
    if not isinstance(snippet, Questionnaire) or not user.follows_every_collectivite:
        return
    workbook = reverse("imports:edition", args=[snippet.pk])
    upload = reverse("imports:upload", args=[ImportKind.EDITION])
    yield Button("Exporter le classeur", url=workbook, icon_name="download", priority=70)
    yield Button("Importer un classeur", url=upload, icon_name="upload", priority=80)
