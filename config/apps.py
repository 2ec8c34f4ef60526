from django.apps import AppConfig
from django.db.models.signals import post_migrate


class EcoClicConfig(AppConfig):
    """Last of the installed apps, so that every permission exists when the roles are set up."""

    name = "config"
    verbose_name = "Éco-clic"

    def ready(self):
        from config.roles import set_up_roles  # models are not loaded when this module is

        post_migrate.connect(set_up_roles, sender=self)
