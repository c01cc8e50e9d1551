"""Mail one mention: the outbox handler of ``mention.mail``."""

from __future__ import annotations

from datetime import datetime
from email.utils import formatdate
from functools import partial

from django.core.mail import EmailMessage
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from config.kit.mails import mail_domain
from config.kit.outbox.lanes import Lane
from config.kit.outbox.registry import Handler
from config.kit.routes import absolute
from tickets.desk.access import readers_of
from tickets.mentions.models import Mention
from tickets.mentions.services import MENTION_MAIL
from tickets.replies import house_mail
from tickets.replies.deliveries import Outcome


def send_mention(mention_id: int, at: datetime) -> Outcome | None:
    """Try to mail the mention once; None when no mail is needed any more: the app shows it. Raises TakesItLater."""
    mention = Mention.objects.select_related("ticket__queue", "user", "event__actor").get(pk=mention_id)
    return house_mail.send_once(
        Mention.objects.all(),
        mention,
        recipient=mention.user.email,
        why_not=partial(_why_not, mention),
        compose=partial(compose, mention, at=at),
        at=at,
    )


def _why_not(mention: Mention) -> str | None:
    """Return why ``mention`` is no longer mailed, judging by the present and not by when the note was written."""
    if mention.read_at is not None:
        return gettext_noop("seen meanwhile")
    if not mention.user.mails_mentions:
        return gettext_noop("unsubscribed meanwhile")
    if not readers_of(mention.ticket).filter(pk=mention.user_id).exists():
        return gettext_noop("may not read the ticket any more")
    return None


def compose(mention: Mention, *, at: datetime) -> EmailMessage:
    """Return the mail for ``mention`` in its reader's language: who mentioned them and where, no text of the note."""
    words = {
        "name": mention.event.actor.name if mention.event.actor else "Earshot",
        "number": mention.ticket.number,
        "link": absolute("desk:conversation", mention.ticket.public_id),
        "choose": f"{absolute('desk:inbox')}?folder=mentions",
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
            "Message-ID": f"<mention.{mention.event_id}.{mention.user_id}@{mail_domain()}>",
            "Date": formatdate(at.timestamp()),
            "Auto-Submitted": "auto-generated",
        },
    )


def mark_mention(mention_id: int, outcome: Outcome | None, at: datetime) -> None:
    """Record the outcome of the mail."""
    house_mail.mark(Mention.objects.filter(pk=mention_id), outcome, at=at)


MENTION_MAIL_HANDLER = Handler(kind=MENTION_MAIL, lane=Lane.DEFAULT, work=send_mention, effect=mark_mention)
