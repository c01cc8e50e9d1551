"""Mail a notification to a member of our staff: claim, send, mark. The caller owns the row that tracks it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from email.utils import parseaddr
from typing import Any, Protocol

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F, QuerySet
from django.utils.translation import gettext_noop

from config.kit.outbox.claims import claim
from feedback.channels.contract import SendState
from feedback.channels.email.kind import default_server
from feedback.channels.email.smtp import Envelope, hand_over
from tickets.replies.deliveries import ENDS, Outcome, put_back
from tickets.replies.models import DeliveryState


class Row(Protocol):
    """The row that tracks such a mail; it also has ``sending_at``, ``sent_at`` and ``last_error``."""

    pk: Any
    state: str
    tries: int


def send_once(
    rows: QuerySet[Any],
    row: Row,
    *,
    recipient: str,
    why_not: Callable[[], str | None],
    compose: Callable[[], EmailMessage],
    at: datetime,
) -> Outcome | None:
    """Try once to mail ``row``, one of ``rows``, within 5 s; return None when it no longer needs sending.

    ``why_not`` returns the reason why it is no longer wanted, None when it is. Running twice is harmless: `sending` is
    committed before anything leaves, and a row left `sending` by a crash is given up, since it may have been sent.
    Raises TakesItLater, and NotNow when its state changed concurrently.
    """
    if row.state == DeliveryState.SENDING:
        return Outcome(
            DeliveryState.FAILED,
            detail=gettext_noop("unknown whether it was sent: the sender stopped meanwhile"),
        )
    if row.state != DeliveryState.PENDING:
        return None
    if (reason := why_not()) is not None:
        return Outcome(DeliveryState.HELD, detail=reason)
    server = default_server()
    if server is None:
        return Outcome(DeliveryState.HELD, detail=gettext_noop("no mail server: set EMAIL_URL"))
    if not recipient.isascii():
        return Outcome(DeliveryState.FAILED, detail=gettext_noop("the address cannot be written into a mail"))
    content = compose().message().as_bytes()
    this = rows.filter(pk=row.pk)
    claim(this.filter(state=DeliveryState.PENDING), state=DeliveryState.SENDING, sending_at=at)
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    result = hand_over(server, Envelope(sender, recipient, content))
    if result.state is SendState.TRY_LATER:
        return put_back(this, tries=row.tries, detail=result.detail)
    return Outcome(ENDS[result.state], detail=result.detail)


def mark(this: QuerySet[Any], outcome: Outcome | None, *, at: datetime) -> None:
    """Record how the one mail in ``this`` ended."""
    if outcome is None:
        return
    this.update(
        state=outcome.state,
        tries=F("tries") + 1,
        sent_at=at if outcome.state == DeliveryState.SENT else None,
        last_error=outcome.detail[:300],
    )
