"""Carry one summary to one subscriber: claim, send, mark. What the outbox runs for ``summary.mail``."""

from __future__ import annotations

from datetime import datetime
from email.utils import parseaddr

from django.conf import settings
from django.db.models import F
from django.utils.translation import gettext_noop

from config.kit.outbox.lanes import Lane
from config.kit.outbox.registry import Handler
from feedback.channels.contract import SendState
from feedback.channels.email.kind import default_server
from feedback.channels.email.smtp import Envelope, hand_over
from tickets.replies.deliveries import ENDS, Outcome, put_back
from tickets.replies.models import DeliveryState
from tickets.subscriptions.composing import compose
from tickets.subscriptions.models import SummaryMail
from tickets.subscriptions.services import SUMMARY_MAIL


def send_summary(mail_id: int, at: datetime) -> Outcome | None:
    """Try to send the mail once, within 5 s; None when it needs no sending any more.

    Twice is harmless: `sending` is committed before anything leaves, and what was `sending` when its sender died is
    given up, since nobody knows whether it left. Raises TakesItLater.
    """
    mail = SummaryMail.objects.select_related("summary", "subscription__user").get(pk=mail_id)
    subscription = mail.subscription
    if mail.state == DeliveryState.SENDING:
        return Outcome(
            DeliveryState.FAILED,
            detail=gettext_noop("unknown whether it was sent: the sender stopped meanwhile"),
        )
    if mail.state != DeliveryState.PENDING:
        return None
    if not subscription.is_active or not subscription.user.is_active:
        return Outcome(DeliveryState.HELD, detail=gettext_noop("unsubscribed meanwhile"))
    server = default_server()
    if server is None:
        return Outcome(DeliveryState.HELD, detail=gettext_noop("no mail server: set EMAIL_URL"))
    recipient = subscription.user.email
    if not recipient.isascii():
        return Outcome(DeliveryState.FAILED, detail=gettext_noop("the address cannot be written into a mail"))
    content = compose(mail.summary, subscription, message_id=str(mail.public_id), at=at).message().as_bytes()
    SummaryMail.objects.filter(pk=mail.pk).update(state=DeliveryState.SENDING, sending_at=at)
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    result = hand_over(server, Envelope(sender, recipient, content))
    if result.state is SendState.TRY_LATER:
        return put_back(SummaryMail.objects.filter(pk=mail.pk), tries=mail.tries, detail=result.detail)
    return Outcome(ENDS[result.state], detail=result.detail)


def mark_mail(mail_id: int, outcome: Outcome | None, at: datetime) -> None:
    """Write how the mail ended."""
    if outcome is None:
        return
    SummaryMail.objects.filter(pk=mail_id).update(
        state=outcome.state,
        tries=F("tries") + 1,
        sent_at=at if outcome.state == DeliveryState.SENT else None,
        last_error=outcome.detail[:300],
    )


SUMMARY_MAIL_HANDLER = Handler(kind=SUMMARY_MAIL, lane=Lane.DEFAULT, work=send_summary, effect=mark_mail)
