from django.apps import AppConfig
from django.db.models.signals import post_migrate
from wagtail.users.apps import WagtailUsersAppConfig


class UsersConfig(WagtailUsersAppConfig):
    """In place of `wagtail.users`: its screens, with our form of an account."""

    user_viewset = "config.users.UserViewSet"


class EcoClicConfig(AppConfig):
    """Last of the installed apps, so that every permission exists when the roles are set up."""

    name = "config"
    verbose_name = "Éco-clic"

    def ready(self):
        from config.roles import set_up_roles  # models are not loaded when this module is

        post_migrate.connect(set_up_roles, sender=self)
