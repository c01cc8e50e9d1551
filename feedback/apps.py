from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FeedbackConfig(AppConfig):
    name = "feedback"
    verbose_name = _("Feedback")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from config.kit.outbox.registry import register
        from feedback.analysis import holdings as of_analysis
        from feedback.channels.email import holdings as of_email
        from feedback.channels.email.arriving import MAIL_STORED_HANDLER, MAIL_WANTED_HANDLER
        from feedback.intake import holdings as of_intake
        from feedback.intake.lost_links import LINKS_WANTED_HANDLER
        from feedback.knowledge import holdings as of_knowledge
        from feedback.knowledge.services import PASSAGE_HANDLER
        from feedback.themes import holdings as of_themes
        from feedback.themes.splitting import THEME_SPLIT_HANDLER
        from users.profiles.holdings import register_holding

        register(MAIL_STORED_HANDLER)
        register(MAIL_WANTED_HANDLER)
        register(LINKS_WANTED_HANDLER)
        register(PASSAGE_HANDLER)
        register(THEME_SPLIT_HANDLER)
        for holding in (
            *of_intake.HOLDINGS,
            *of_analysis.HOLDINGS,
            *of_themes.HOLDINGS,
            *of_email.HOLDINGS,
            *of_knowledge.HOLDINGS,
        ):
            register_holding(holding)
