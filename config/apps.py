from django.apps import AppConfig


class EcoClicConfig(AppConfig):
    name = "config"
    verbose_name = "Éco-clic"
