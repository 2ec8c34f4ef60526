"""What the app adds to the back office."""

from wagtail_modeladmin.options import modeladmin_register

from territories.admin import TerritoriesGroup

modeladmin_register(TerritoriesGroup)
