"""From a request to a receipt: who speaks, what they say, and what they are told at once."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils.timesince import timeuntil
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from config.kit.errors import Refused
from config.kit.text import digest
from config.kit.throttles import wait_of
from feedback.intake.expectations import answer_due_at
from feedback.intake.first_answers import FirstAnswer, first_answer
from feedback.intake.incoming import Incoming, IncomingFile
from feedback.intake.models import Channel, ChannelKind, Feedback, FeedbackState, Message
from feedback.intake.services import IdempotencyKey, Receipt, channel_of, default_channel, receive
from users.accounts.models import ApiToken, Role, Scope, User
from users.profiles.models import AddressKind, Customer
from users.profiles.services import Handle, customer_of

ANONYMOUS = "anonymous"
MINUTE = timedelta(minutes=1)


class MayNotActFor(Refused):
    code = "may_not_act_for"
    field = "customer"


class IsKnownAlready(Refused):
    code = "is_known_already"
    field = "customer"


class ChannelClosed(Refused):
    code = "channel_closed"


@dataclass(frozen=True)
class Named:
    """The person whom a request names: an integration's account, and where to answer them."""

    account: str = ""
    email: str = ""
    name: str = ""


@dataclass(frozen=True)
class Sender:
    """Who speaks, on which channel; ``principal`` owns the idempotency keys.

    ``is_confirmed`` says whether they are told by mail that a new feedback arrived, where they can be reached.
    """

    channel: Channel
    principal: str
    handle: Handle | None = None
    contact: Handle | None = None
    customer: Customer | None = None
    is_confirmed: bool = False


@dataclass(frozen=True)
class Submission:
    """What is said. ``fields`` are those of ``Incoming`` that describe a new feedback."""

    text: str
    files: tuple[IncomingFile, ...] = ()
    fields: Mapping[str, Any] = field(default_factory=dict)
    raw: bytes | None = None


@dataclass(frozen=True)
class Next:
    """What happens next: a code for programs, a sentence for people, and by when an answer is due."""

    code: str
    text: str
    answer_due_at: datetime | None


def sender_of(
    user: User | AnonymousUser, token: ApiToken | None, *, named: Named | None, network: str, at: datetime
) -> Sender:
    """Return who speaks: a customer with an account, an integration (perhaps for a customer), or anybody.

    ``network`` is where the request came from, as ``places_of`` names it. One query for whoever is not anonymous, one
    for the channel. Raises MayNotActFor, IsKnownAlready, ChannelClosed.
    """
    if not isinstance(user, User):
        channel, handle = _open(default_channel(ChannelKind.REST)), _claimed(named)
        # An address that somebody typed may be anybody's: no network has many of them written to.
        is_confirmed = (
            channel.confirms and handle is not None and wait_of({network: "anonymous_confirmations"}) is None
        )
        return Sender(channel, ANONYMOUS, handle=handle, is_confirmed=is_confirmed)
    principal = f"user:{user.pk}"
    if user.role != Role.INTEGRATION:
        if named is not None:
            raise IsKnownAlready(_("You are logged in: leave “customer” out."))
        channel = _open(default_channel(ChannelKind.REST))
        return Sender(channel, principal, customer=customer_of(user, at=at), is_confirmed=channel.confirms)
    channel = _open(channel_of(user))
    if named is None:
        return Sender(channel, principal)
    if token is None or Scope.ACT_FOR not in token.scopes:
        raise MayNotActFor(_("This token may not name a customer; it lacks the scope “feedback:act-for”."))
    handle, contact = vouched(named, channel)
    # An account alone is written to as well, where an address is known of it; whether it is, the handler finds.
    return Sender(channel, principal, handle, contact, is_confirmed=channel.confirms)


def _open(channel: Channel) -> Channel:
    if not channel.is_active:
        raise ChannelClosed(_("This channel takes no feedback at the moment."))
    return channel


def _claimed(named: Named | None) -> Handle | None:
    """Return the unproven address that an anonymous sender typed: answers go there, history does not."""
    if named is None:
        return None
    if named.account:
        raise MayNotActFor(_("Only an integration may name an account; send its token."))
    if not named.email:
        return None
    return Handle(AddressKind.EMAIL, named.email, display_name=named.name)


def vouched(named: Named, channel: Channel) -> tuple[Handle, Handle | None]:
    """Return whom an integration vouches for: the account that identifies them, and where to answer.

    An e-mail address beside an account identifies nobody: it lives in a namespace of that account, so
    that two accounts with one address stay two people.
    """
    if not named.account:
        if not named.email:
            raise MayNotActFor(_("Name the customer by “account” or “email”."))
        return Handle(AddressKind.EMAIL, named.email, is_proven=True, display_name=named.name), None
    account = Handle(AddressKind.ACCOUNT, named.account, channel.slug, True, named.name)
    if not named.email:
        return account, None
    namespace = f"of:{digest(f'{channel.slug}:{named.account}'.encode())[:32]}"
    return account, Handle(AddressKind.EMAIL, named.email, namespace, True)


def submit(
    sender: Sender,
    submission: Submission,
    *,
    at: datetime,
    key: str = "",
    thread: Feedback | None = None,
    once: IdempotencyKey | None = None,
) -> Receipt:
    """Store what ``sender`` says: a new feedback, or a message of ``thread``. Two or three queries.

    ``once``, where the caller knows better than the sender what the same thing is, stands for ``key``.
    Raises what ``receive()`` raises.
    """
    incoming = Incoming(
        channel=thread.channel if thread else sender.channel,
        external_id=str(uuid.uuid4()),
        text=submission.text,
        sent_at=at,
        handle=sender.handle,
        contact=sender.contact,
        customer=sender.customer,
        thread=thread,
        attachments=submission.files,
        raw=submission.raw,
        raw_media_type="application/json",
        is_confirmed=sender.is_confirmed and thread is None,
        **submission.fields,
    )
    if key and once is None:
        once = IdempotencyKey(sender.principal, key, fingerprint(sender, submission, thread=thread))
    return receive(incoming, at=at, once=once)


def fingerprint(sender: Sender, submission: Submission, *, thread: Feedback | None) -> str:
    """Return what tells two requests with one key apart, whatever their boundary or order of names."""
    content = {
        "handle": sender.handle.value if sender.handle else "",
        "contact": sender.contact.value if sender.contact else "",
        "thread": str(thread.public_id) if thread else "",
        "text": submission.text,
        "fields": dict(submission.fields),
        "files": [[file.filename, digest(file.content)] for file in submission.files],
    }
    return digest(json.dumps(content, sort_keys=True, default=str).encode())


def what_next(message: Message, feedback: Feedback, *, at: datetime) -> Next:
    """Return what the sender of ``message`` may expect, in the language that is active. One query at most."""
    is_urgent = bool(message.danger_hits)
    due = answer_due_at(is_urgent=is_urgent, at=message.received_at)
    code = "looked_at_first" if is_urgent else "in_line"
    if feedback.state in (FeedbackState.SOLVED, FeedbackState.CLOSED):
        code = "reopens"
    minutes = (due - message.received_at) // MINUTE if due is not None and due > at else None
    return Next(code, _sentence(code, minutes, get_language()), due.astimezone(UTC) if due else None)


@lru_cache(maxsize=1000)
def _sentence(code: str, minutes: int | None, language: str | None) -> str:
    """Return what is told with ``code``; ``language`` must be the active one, and is here to be kept by."""
    if code == "reopens":
        return _("Your message opens this feedback again; we will look at it.")
    if code == "looked_at_first":
        return _("This looks urgent, so a person will look at it before other messages.")
    if minutes is None:
        return _("We read every message and will answer as soon as we can.")
    start = datetime(2000, 1, 1, tzinfo=UTC)
    return _("We read every message. If yours needs an answer, expect it within %(time)s.") % {
        "time": timeuntil(start + minutes * MINUTE, start, depth=1)
    }


def told_at_once(receipt: Receipt) -> FirstAnswer | None:
    """Return the approved first answer to someone in danger, None for anybody else."""
    return first_answer(receipt.message.danger_hits)
