"""Mail one summary to one subscriber: the outbox handler of ``summary.mail``."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from django.utils.translation import gettext_noop

from config.kit.outbox.lanes import Lane
from config.kit.outbox.registry import Handler
from tickets.replies import house_mail
from tickets.replies.deliveries import Outcome
from tickets.subscriptions.composing import compose
from tickets.subscriptions.models import Subscription, SummaryMail
from tickets.subscriptions.services import SUMMARY_MAIL


def send_summary(mail_id: int, at: datetime) -> Outcome | None:
    """Try to send the mail once; None when it need not be sent any more. Raises TakesItLater."""
    mail = SummaryMail.objects.select_related("summary", "subscription__user").get(pk=mail_id)
    subscription = mail.subscription
    return house_mail.send_once(
        SummaryMail.objects.all(),
        mail,
        recipient=subscription.user.email,
        why_not=partial(_why_not, subscription),
        compose=partial(compose, mail.summary, subscription, message_id=str(mail.public_id), at=at),
        at=at,
    )


def _why_not(subscription: Subscription) -> str | None:
    is_wanted = Subscription.objects.active().filter(pk=subscription.pk).exists()
    return None if is_wanted else gettext_noop("unsubscribed meanwhile")


def mark_mail(mail_id: int, outcome: Outcome | None, at: datetime) -> None:
    """Record the outcome of the mail."""
    house_mail.mark(SummaryMail.objects.filter(pk=mail_id), outcome, at=at)


SUMMARY_MAIL_HANDLER = Handler(kind=SUMMARY_MAIL, lane=Lane.DEFAULT, work=send_summary, effect=mark_mail)
