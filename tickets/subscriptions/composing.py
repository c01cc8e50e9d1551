"""Compose a summary as a mail: the worst pain points in ten lines, with links to the pages."""

from __future__ import annotations

from datetime import datetime
from email.utils import formatdate
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from config.kit.mails import mail_domain
from config.kit.routes import absolute
from config.kit.text import clean_line
from tickets.subscriptions.models import Subscription
from tickets.subscriptions.services import unsubscribe_link
from tickets.summaries.models import Summary
from tickets.summaries.shown import page_of

SHOWN = 5


def compose(
    summary: Summary, subscription: Subscription, *, message_id: str, at: datetime
) -> EmailMultiAlternatives:
    """Return the mail of ``summary`` as text and HTML in the language of ``subscription``. Three queries."""
    link = unsubscribe_link(subscription)
    with translation.override(subscription.language):
        context = context_of(summary, language=subscription.language) | {"unsubscribe_link": link}
        subject = _("Pain points %(period)s: %(worst)s") % {
            "period": summary.title,
            # A header is one line, whatever was called so when it was counted.
            "worst": clean_line(context["cards"][0]["name"]) if context["cards"] else _("nothing that hurts"),
        }
        mail = EmailMultiAlternatives(
            subject,
            render_to_string("subscriptions/mail.txt", context),
            to=[subscription.user.email],
            headers={
                "Message-ID": f"<summary.{message_id}@{mail_domain()}>",
                "Date": formatdate(at.timestamp()),
                "Auto-Submitted": "auto-generated",
                "List-Unsubscribe": f"<{link}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            },
        )
        mail.attach_alternative(render_to_string("subscriptions/mail.html", context), "text/html")
    return mail


def context_of(summary: Summary, *, language: str) -> dict[str, Any]:
    """Return the context for both forms of the mail."""
    page = page_of(summary, language=language)
    return {
        "summary": summary,
        "language": language,
        "page": page,
        "cards": [
            {
                "card": card,
                "name": card.name,
                "link": absolute("summaries:point", summary.public_id, card.point.public_id),
            }
            for card in page.cards[:SHOWN]
        ],
        "link": absolute("summaries:summary", summary.public_id),
    }
