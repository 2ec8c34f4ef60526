"""The register of assessments in the back office: looked at, never changed."""

from django.urls import reverse
from wagtail_modeladmin.helpers import ButtonHelper
from wagtail_modeladmin.options import ModelAdmin

from questions.models import Assessment
from questions.scoring import letter
from territories.admin import ByNormalName, ByOpsn, ReadOnly


class ByItsOpsn(ByOpsn):
    parameter_name = "collectivite__opsn"


class WithResults(ButtonHelper):
    def get_buttons_for_obj(self, obj, **kwargs):
        results = {
            "url": reverse("questions:results", args=[obj.pk]),
            "label": "Résultats",
            "classname": self.finalise_classname(["button-secondary"]),
            "title": f"Résultats : {obj}",
        }
        return [results, *super().get_buttons_for_obj(obj, **kwargs)]


class AssessmentAdmin(ModelAdmin):
    model = Assessment
    menu_label = "Évaluations"
    menu_icon = "form"
    menu_order = 260
    base_url_path = "evaluations"
    permission_helper_class = ReadOnly
    button_helper_class = WithResults
    history_view_enabled = False
    list_display = (
        "collectivite",
        "level",
        "edition",
        "state",
        "progress",
        "index",
        "letter",
        "opened_at",
        "closed_at",
    )
    list_filter = ("state", "level", ByItsOpsn)
    list_select_related = ("collectivite", "questionnaire")
    list_per_page = 50
    ordering = ("-opened_at",)
    search_fields = ("collectivite__search_name",)
    search_handler_class = ByNormalName

    def get_queryset(self, request):
        """Provisional ones belong to their authors."""
        return super().get_queryset(request).filter(provisional_for=None)

    def edition(self, obj):
        return obj.questionnaire.edition

    edition.short_description = "édition"
    edition.admin_order_field = "questionnaire__edition"

    def progress(self, obj):
        return f"{obj.answered} sur {obj.asked}"

    progress.short_description = "progression"

    def letter(self, obj):
        return letter(obj.index) or "–"

    letter.short_description = "lettre"
    letter.admin_order_field = "index"
