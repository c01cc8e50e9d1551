"""Acknowledge mail and forms without letting the acknowledgements be abused.

Helpdesks have been used as mail bombs: mail with a forged sender makes the helpdesk write to the victim.
So an acknowledgement contains nothing the sender wrote, goes to an address at most once a day (four times for
forms, whose sender has no other copy of the private link), is limited by an overall budget, and never answers
automatic mail.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from config.kit.origins import Origin
from config.kit.outbox.lanes import Lane
from config.kit.outbox.registry import Handler
from config.kit.text import digest
from feedback.analysis.language import identify
from feedback.channels.languages import interface_language
from feedback.intake.expectations import answer_due_at
from feedback.intake.first_answers import FirstAnswer, first_answer
from feedback.intake.lost_links import MOST_PER_ADDRESS
from feedback.intake.models import ChannelKind, Direction, Feedback, Message
from feedback.intake.services import MESSAGE_ACCEPTED, record_answer
from tickets.replies.canned import language_of
from tickets.replies.models import Acknowledgement, Delivery
from tickets.replies.services import address_of, deliver
from users.profiles.models import OptOut, Preferences
from users.profiles.services import preferences_of

log = structlog.get_logger(__name__)

#: For all senders together: more is an attack, or a day on which nobody will miss them.
MOST_PER_HOUR = 500


def acknowledge(message: Message, *, at: datetime) -> Delivery | None:
    """Answer the first ``message`` of a thread with its number, what happens next and, below it, the private link.

    Runs in the caller's transaction. Returns None when no acknowledgement is due. For a sender in danger it includes
    the approved first answer and ignores the budget. Running twice is harmless: a thread is acknowledged once.
    """
    feedback = message.feedback
    wishes = preferences_of(feedback.customer)
    first = first_answer(message.danger_hits)
    if not _is_wanted(message, wishes) or not (first or _is_in_budget(at)):
        return None
    address = address_of(feedback)
    most = 1 if feedback.channel.kind == ChannelKind.EMAIL else MOST_PER_ADDRESS
    if address is None or not _may_be_told(address.normalised, most=most, at=at):
        return None
    heard = identify(message.text, profile_language=feedback.channel.language or None).code
    language = language_of(
        wishes.language if wishes else None, feedback.language, heard, feedback.channel.language
    )
    answer = record_answer(
        feedback,
        text=words(feedback, first, language=language, is_urgent=bool(message.danger_hits), at=at),
        author=None,
        author_name="",
        at=at,
        is_automatic=True,
    )
    return deliver(answer, language=language, at=at)


def words(
    feedback: Feedback, first: FirstAnswer | None, *, language: str, is_urgent: bool, at: datetime
) -> str:
    """Return the text in the nearest available language. It contains nothing the sender wrote."""
    lines = []
    if first is not None:
        lines += [first.text, *(" ".join(filter(None, (h.name, h.phone, h.url))) for h in first.lines), ""]
        language = first.language
    with translation.override(interface_language(language)):
        lines.append(
            _("We have received your message. Its number is %(number)s.") % {"number": feedback.number}
        )
        due = answer_due_at(is_urgent=is_urgent, at=at)
        if due is not None:
            local = date_format(due.astimezone(ZoneInfo(settings.SUMMARY_TIME_ZONE)), "DATETIME_FORMAT")
            zone = settings.SUMMARY_TIME_ZONE
            lines.append(_("You can expect an answer by %(due)s (%(zone)s).") % {"due": local, "zone": zone})
        if feedback.channel.kind != ChannelKind.EMAIL:
            lines.append(
                _(
                    "Your private link shows what becomes of it, and you can add to it there. If it was not you who "
                    "wrote to us, you need not do anything."
                )
            )
    return "\n".join(lines)


def _is_wanted(message: Message, wishes: Preferences | None) -> bool:
    if message.is_automatic or message.origin != Origin.LIVE or message.direction != Direction.IN:
        return False
    if message.erased_at is not None or not message.feedback.channel.confirms:
        return False
    others = message.feedback.messages.exclude(pk=message.pk)
    if others.filter(Q(pk__lt=message.pk) | Q(is_automatic=True, direction=Direction.OUT)).exists():
        return False
    return wishes is None or OptOut.ACKNOWLEDGEMENTS not in wishes.opt_outs


def _is_in_budget(at: datetime) -> bool:
    sent = Acknowledgement.objects.filter(at__gt=at - timedelta(hours=1)).count()
    if sent == MOST_PER_HOUR:
        log.error("acknowledgement_budget_spent", per_hour=MOST_PER_HOUR)
    return sent < MOST_PER_HOUR


def _may_be_told(normalised: str, *, most: int, at: datetime) -> bool:
    """Claim one of today's ``most`` acknowledgements for an address; return False when all are taken.

    Concurrent processes each claim a different one.
    """
    recipient = digest(normalised.encode())
    for number in range(1, most + 1):
        claim = Acknowledgement(recipient=recipient, day=at.date(), number=number, at=at)
        try:
            with transaction.atomic():
                claim.save(force_insert=True)
        except IntegrityError:
            continue
        return True
    return False


def acknowledge_one(message_id: int, _nothing: None, at: datetime) -> None:
    """Acknowledge a message that began a thread. It has its own outbox row, so a failure cannot cost the ticket."""
    messages = Message.objects.select_related("feedback__channel", "feedback__customer__merged_into")
    message = messages.get(pk=message_id)
    acknowledge(message, at=at)


MESSAGE_ACCEPTED_HANDLER = Handler(kind=MESSAGE_ACCEPTED, lane=Lane.DEFAULT, effect=acknowledge_one)
