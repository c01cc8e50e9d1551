from django.apps import AppConfig


class KitConfig(AppConfig):
    name = "config.kit"
    label = "kit"
    verbose_name = "Earshot kit"
    default_auto_field = "django.db.models.BigAutoField"
