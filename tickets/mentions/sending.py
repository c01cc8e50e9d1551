"""Mail one mention: claim, send, mark. What the outbox runs for ``mention.mail``."""

from __future__ import annotations

from datetime import datetime
from email.utils import formatdate, parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from config.kit.outbox.lanes import Lane
from config.kit.outbox.registry import Handler
from feedback.channels.contract import SendState
from feedback.channels.email.kind import default_server
from feedback.channels.email.smtp import Envelope, hand_over
from tickets.desk.access import readers_of
from tickets.mentions.models import Mention
from tickets.mentions.services import MENTION_MAIL
from tickets.replies.deliveries import ENDS, Outcome, put_back
from tickets.replies.models import DeliveryState


def send_mention(mention_id: int, at: datetime) -> Outcome | None:
    """Try to mail the mention once, within 5 s; None when it needs no mail any more.

    Twice is harmless: `sending` is committed before anything leaves, and what was `sending` when its sender died is
    given up: the mention stands in the app. Raises TakesItLater.
    """
    mention = Mention.objects.select_related("ticket__queue", "user", "event__actor").get(pk=mention_id)
    if mention.state == DeliveryState.SENDING:
        return Outcome(
            DeliveryState.FAILED,
            detail=gettext_noop("unknown whether it was sent: the sender stopped meanwhile"),
        )
    if mention.state != DeliveryState.PENDING:
        return None
    if (reason := _why_not(mention)) is not None:
        return Outcome(DeliveryState.HELD, detail=reason)
    server = default_server()
    if server is None:
        return Outcome(DeliveryState.HELD, detail=gettext_noop("no mail server: set EMAIL_URL"))
    recipient = mention.user.email
    if not recipient.isascii():
        return Outcome(DeliveryState.FAILED, detail=gettext_noop("the address cannot be written into a mail"))
    content = compose(mention, at=at).message().as_bytes()
    Mention.objects.filter(pk=mention.pk).update(state=DeliveryState.SENDING, sending_at=at)
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    result = hand_over(server, Envelope(sender, recipient, content))
    if result.state is SendState.TRY_LATER:
        return put_back(Mention.objects.filter(pk=mention.pk), tries=mention.tries, detail=result.detail)
    return Outcome(ENDS[result.state], detail=result.detail)


def _why_not(mention: Mention) -> str | None:
    """Return why ``mention`` is not mailed any more, by what is true now and not when the note was written."""
    if mention.read_at is not None:
        return gettext_noop("seen meanwhile")
    if not mention.user.mails_mentions:
        return gettext_noop("unsubscribed meanwhile")
    if not readers_of(mention.ticket).filter(pk=mention.user_id).exists():
        return gettext_noop("may not read the ticket any more")
    return None


def compose(mention: Mention, *, at: datetime) -> EmailMessage:
    """Return the mail of ``mention`` in its reader's language: who calls them and where, not a word of the note."""
    host = urlsplit(settings.PUBLIC_BASE_URL).hostname
    words = {
        "name": mention.event.actor.name if mention.event.actor else "Earshot",
        "number": mention.ticket.number,
        "link": settings.PUBLIC_BASE_URL + reverse("desk:conversation", args=[mention.ticket.public_id]),
        "choose": f"{settings.PUBLIC_BASE_URL}{reverse('desk:inbox')}?folder=mentions",
    }
    with translation.override(mention.user.language):
        subject = _("%(name)s mentioned you on %(number)s") % words
        text = _(
            "%(name)s mentioned you in an internal note on %(number)s:\n%(link)s\n\n"
            "You follow this ticket now; you can stop on its page.\n"
            "Whether mentions are mailed to you, you choose here:\n%(choose)s\n"
        )
    return EmailMessage(
        subject,
        text % words,
        to=[mention.user.email],
        headers={
            "Message-ID": f"<mention.{mention.event_id}.{mention.user_id}@{host}>",
            "Date": formatdate(at.timestamp()),
            "Auto-Submitted": "auto-generated",
        },
    )


def mark_mention(mention_id: int, outcome: Outcome | None, at: datetime) -> None:
    """Write how the mail ended."""
    if outcome is None:
        return
    Mention.objects.filter(pk=mention_id).update(
        state=outcome.state,
        tries=F("tries") + 1,
        sent_at=at if outcome.state == DeliveryState.SENT else None,
        last_error=outcome.detail[:300],
    )


MENTION_MAIL_HANDLER = Handler(kind=MENTION_MAIL, lane=Lane.DEFAULT, work=send_mention, effect=mark_mention)
