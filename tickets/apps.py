from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TicketsConfig(AppConfig):
    name = "tickets"
    verbose_name = _("Tickets")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from config.kit.outbox.registry import register
        from feedback.intake.expectations import register_expectation
        from tickets.crisis import holdings as of_crisis
        from tickets.crisis.sending import PAGE_HANDLER
        from tickets.desk import holdings as of_desk
        from tickets.desk.merging import listen_to_parting
        from tickets.fixes import holdings as of_fixes
        from tickets.fixes.services import TELL_HANDLER
        from tickets.hooks import holdings as of_hooks
        from tickets.hooks.notices import HOOK_OFF_HANDLER
        from tickets.hooks.sending import HOOK_HANDLER
        from tickets.hooks.spreading import listen_to_what_happens
        from tickets.mentions import holdings as of_mentions
        from tickets.mentions.sending import MENTION_MAIL_HANDLER
        from tickets.queues.services import answer_due_at
        from tickets.replies import holdings as of_replies
        from tickets.replies.acknowledgements import MESSAGE_ACCEPTED_HANDLER
        from tickets.replies.bounces import MAIL_BOUNCED_HANDLER
        from tickets.replies.deliveries import DELIVERY_AGAIN_HANDLER, DELIVERY_HANDLER
        from tickets.replies.waiting import ANSWER_LEAVES_HANDLER
        from tickets.routing.doorbell import MESSAGE_RECEIVED_HANDLER
        from tickets.subscriptions.sending import SUMMARY_MAIL_HANDLER
        from tickets.summaries import holdings as of_summaries
        from tickets.summaries.runs import PART_HANDLER, WHOLE_HANDLER
        from tickets.warnings.watching import LOOK_HANDLER, tell_of_warnings
        from users.profiles.holdings import register_holding

        register_expectation(answer_due_at)
        register(MESSAGE_RECEIVED_HANDLER)
        register(DELIVERY_HANDLER)
        register(DELIVERY_AGAIN_HANDLER)
        register(ANSWER_LEAVES_HANDLER)
        register(MAIL_BOUNCED_HANDLER)
        register(MENTION_MAIL_HANDLER)
        register(PAGE_HANDLER)
        register(MESSAGE_ACCEPTED_HANDLER)
        register(TELL_HANDLER)
        register(PART_HANDLER)
        register(WHOLE_HANDLER)
        register(SUMMARY_MAIL_HANDLER)
        register(HOOK_HANDLER)
        register(HOOK_OFF_HANDLER)
        register(LOOK_HANDLER)
        listen_to_what_happens()
        listen_to_parting()
        tell_of_warnings()
        parts = (of_desk, of_replies, of_mentions, of_crisis, of_fixes, of_summaries, of_hooks)
        for holding in (one for part in parts for one in part.HOLDINGS):
            register_holding(holding)
