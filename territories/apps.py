from django.apps import AppConfig


class TerritoriesConfig(AppConfig):
    name = "territories"
    verbose_name = "Territoires"

    def ready(self):
        from accounts.addresses import on_address_changed  # models are not loaded before
        from accounts.rules import sees_the_data_of_many
        from territories.affiliation import check_again
        from territories.current import is_of_an_opsn

        on_address_changed.append(check_again)
        sees_the_data_of_many.append(is_of_an_opsn)
