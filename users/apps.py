from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class UsersConfig(AppConfig):
    name = "users"
    verbose_name = pgettext_lazy("part of the service", "People")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from config.kit.outbox.registry import register
        from users.api import schema  # noqa: F401 - registers the OpenAPI security schemes
        from users.profiles import records
        from users.profiles.holdings import register_holding
        from users.profiles.proofs import PROVE_ADDRESS_HANDLER

        register(PROVE_ADDRESS_HANDLER)
        for holding in records.HOLDINGS:
            register_holding(holding)
