from django.apps import AppConfig


class TerritoriesConfig(AppConfig):
    name = "territories"
    verbose_name = "Territoires"

    def ready(self):
        from accounts.addresses import on_address_changed  # models are not loaded before
        from territories.affiliation import check_again

        on_address_changed.append(check_again)
