from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FeedbackConfig(AppConfig):
    name = "feedback"
    verbose_name = _("Feedback")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from config.kit.outbox.registry import register
        from feedback.channels.email.arriving import MAIL_STORED_HANDLER

        register(MAIL_STORED_HANDLER)
