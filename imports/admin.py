"""The register of imports in the back office: looked at there, done on the screens of the imports."""

from django.urls import reverse
from wagtail.admin.ui.components import Component
from wagtail_modeladmin.helpers import ButtonHelper
from wagtail_modeladmin.options import ModelAdmin

from imports.models import ImportRun
from territories.admin import ByOpsn, ReadOnly

SHOWN = 5


class WithOpening(ButtonHelper):
    """A link to the page where a run is confirmed, corrected or undone."""

    def get_buttons_for_obj(self, obj, **kwargs):
        opening = {
            "url": reverse("imports:run", args=[obj.pk]),
            "label": "Ouvrir",
            "classname": self.finalise_classname(["button-secondary"]),
            "title": f"Ouvrir : {obj.file_name}",
        }
        return [opening, *super().get_buttons_for_obj(obj, **kwargs)]


class ImportRunAdmin(ModelAdmin):
    model = ImportRun
    menu_label = "Imports"
    menu_icon = "upload"
    menu_order = 270
    base_url_path = "imports"
    permission_helper_class = ReadOnly
    button_helper_class = WithOpening
    history_view_enabled = False
    list_display = ("file_name", "kind", "opsn", "state", "written", "started_at", "started_by")
    list_filter = ("kind", "state", ByOpsn)
    list_select_related = ("opsn", "started_by")
    list_per_page = 50
    ordering = ("-started_at", "-pk")
    search_fields = ("file_name", "opsn__name", "started_by__email")

    def get_queryset(self, request):
        """Without the grids of evaluations, whose pages are for those who answer."""
        return super().get_queryset(request).filter(assessment=None)

    def written(self, obj):
        return obj.changes

    written.short_description = "changements"


class LastImports(Component):
    order = 55
    template_name = "imports/admin/last_imports.html"

    def get_context_data(self, parent_context):
        runs = ImportRun.objects.filter(assessment=None).select_related("opsn")
        return {"runs": runs.order_by("-started_at", "-pk")[:SHOWN]}
