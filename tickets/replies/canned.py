"""Canned replies, filled in for one ticket in the customer's language."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext, override, pgettext

from config.kit.languages import nearest_language
from feedback.intake.links import status_link
from feedback.intake.models import Feedback
from tickets.desk.models import Ticket
from tickets.replies.models import CannedReply
from tickets.replies.variables import fill
from users.accounts.models import User
from users.profiles.models import Preferences
from users.profiles.services import current


@dataclass(frozen=True)
class Wording:
    """A canned reply as this customer would read it: variables replaced, in ``language``."""

    reply_id: int
    name: str
    shortcut: str
    language: str
    text: str


def customer_language(ticket: Ticket) -> str:
    """Return the tag of the language to answer in.

    The first known of: the customer's preference, the language given with the feedback, the one detected on the
    ticket, the channel's, English. One query, for the preference.
    """
    feedback = ticket.feedback
    person = current(feedback.customer)
    wishes = Preferences.objects.filter(customer=person).values_list("language", flat=True)
    return language_of(wishes.first(), feedback.language, ticket.language, feedback.channel.language)


def language_of(wished: str | None, given: str, heard: str | None, of_channel: str) -> str:
    """Return the first of these tags that is known, else English; ``und`` counts as unknown."""
    known = (tag for tag in (wished, given, heard, of_channel) if tag and tag != "und")
    return next(known, "en")


def wordings(ticket: Ticket, *, agent: User, language: str) -> list[Wording]:
    """Return every active canned reply for ``ticket`` in the language nearest to ``language``. Two queries."""
    replies = CannedReply.objects.filter(is_active=True).prefetch_related("texts").order_by("name", "id")
    return [
        wording for reply in replies if (wording := wording_of(reply, ticket, agent=agent, language=language))
    ]


def wording_of(reply: CannedReply, ticket: Ticket, *, agent: User, language: str) -> Wording | None:
    """Return ``reply`` for ``ticket`` in the language nearest to ``language``; None when it has no wording."""
    texts = {text.language: text.text for text in reply.texts.all()}
    best = nearest_language(language, texts)
    if best is None:
        return None
    text = fill(texts[best], values_of(ticket.feedback, agent=agent.name, language=best))
    return Wording(reply.pk, str(reply), reply.shortcut, best, text)


def values_of(feedback: Feedback, *, agent: str, language: str) -> dict[str, str]:
    """Return the value of each variable; an unknown value is replaced by neutral words in ``language``."""
    with override(language):
        unknown = {
            "customer": pgettext("instead of the name, after Hi", "there"),
            "subject": gettext("your message"),
            "app_version": gettext("your version"),
            "platform": gettext("your platform"),
            "device": gettext("your device"),
        }
    known = {
        "customer": feedback.customer.display_name,
        "number": feedback.number,
        "agent": agent,
        "subject": feedback.subject,
        "app_version": feedback.app_version,
        "platform": feedback.platform,
        "device": feedback.device,
        "status_link": status_link(feedback),
    }
    return {name: value or unknown.get(name, "") for name, value in known.items()}
