"""What the app adds to the back office."""

from wagtail import hooks
from wagtail_modeladmin.options import modeladmin_register

from supervision.admin import AssessmentAdmin
from supervision.panels import NationalFigures, RequestsWithoutOpsn

modeladmin_register(AssessmentAdmin)


@hooks.register("construct_homepage_panels")
def add_national_panels(request, panels):
    """For who follows the whole country; an editor of pages has no use for them, and no right to them."""
    if request.user.follows_every_collectivite:
        panels += [NationalFigures(), RequestsWithoutOpsn()]
