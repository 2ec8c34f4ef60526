"""What the home of the back office says of the country."""

from django.urls import reverse
from wagtail.admin.ui.components import Component

from supervision.figures import figures_of
from supervision.territory import Territory
from territories.models import CollectiviteMember

WAITING_SHOWN = 10


class NationalFigures(Component):
    order = 50
    template_name = "supervision/admin/figures.html"

    def get_context_data(self, parent_context):
        figures = figures_of(Territory(None))
        return {"figures": figures, "console_url": reverse("supervision:home")}


class RequestsWithoutOpsn(Component):
    """Those that nobody but the national team decides."""

    order = 60
    template_name = "supervision/admin/requests.html"

    def get_context_data(self, parent_context):
        waiting = CollectiviteMember.objects.pending().filter(collectivite__retired_at=None)
        waiting = waiting.exclude(collectivite__opsn__active=True)
        rows = waiting.select_related("user", "collectivite__departement").order_by("requested_at")
        return {"waiting": rows[:WAITING_SHOWN], "count": waiting.count()}
