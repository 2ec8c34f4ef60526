"""What the app adds to the back office."""

from django.templatetags.static import static
from django.utils.html import format_html
from wagtail import hooks
from wagtail_modeladmin.options import modeladmin_register

from territories.admin import TerritoriesGroup

modeladmin_register(TerritoriesGroup)


@hooks.register("insert_global_admin_css")
def add_style_of_registers():
    return format_html('<link rel="stylesheet" href="{}">', static("css/back-office.css"))
