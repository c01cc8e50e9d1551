"""From a request to a receipt: the sender, the submission, and the immediate answer."""

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
    """The customer whom a request names: an integration's account, and where to answer them."""

    account: str = ""
    email: str = ""
    name: str = ""


@dataclass(frozen=True)
class Sender:
    """Who sends, and on which channel; ``principal`` owns the idempotency keys.

    ``is_confirmed`` says whether a new feedback is acknowledged by mail, if the sender can be reached.
    """

    channel: Channel
    principal: str
    handle: Handle | None = None
    contact: Handle | None = None
    customer: Customer | None = None
    is_confirmed: bool = False


@dataclass(frozen=True)
class Submission:
    """The content of a message; ``fields`` are the fields of ``Incoming`` that describe a new feedback."""

    text: str
    files: tuple[IncomingFile, ...] = ()
    fields: Mapping[str, Any] = field(default_factory=dict)
    raw: bytes | None = None


@dataclass(frozen=True)
class Next:
    """What happens next: a code for programs, a sentence for people, and when an answer is due."""

    code: str
    text: str
    answer_due_at: datetime | None


def sender_of(
    user: User | AnonymousUser, token: ApiToken | None, *, named: Named | None, network: str, at: datetime
) -> Sender:
    """Return the sender: a customer with a login, an integration (perhaps for a customer), or an anonymous caller.

    ``network`` is where the request came from, as named by ``places_of``. One query for a login, one for the
    channel. Raises MayNotActFor, IsKnownAlready, ChannelClosed.
    """
    if not isinstance(user, User):
        channel, handle = _open(default_channel(ChannelKind.REST)), _claimed(named)
        # A typed address may be anyone's, so the number of acknowledgements per network is limited.
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
    # Acknowledged even with an account only: the outbox handler finds out whether an address of it is known.
    return Sender(channel, principal, handle, contact, is_confirmed=channel.confirms)


def _open(channel: Channel) -> Channel:
    if not channel.is_active:
        raise ChannelClosed(_("This channel takes no feedback at the moment."))
    return channel


def _claimed(named: Named | None) -> Handle | None:
    """Return the unproven address that an anonymous sender typed; it gets answers but no access to history."""
    if named is None:
        return None
    if named.account:
        raise MayNotActFor(_("Only an integration may name an account; send its token."))
    if not named.email:
        return None
    return Handle(AddressKind.EMAIL, named.email, display_name=named.name)


def vouched(named: Named, channel: Channel) -> tuple[Handle, Handle | None]:
    """Return the customer an integration vouches for: the handle that identifies them, and where to answer.

    An e-mail address given with an account does not identify anyone: it is in a namespace of that account,
    so that two accounts with the same address stay two people. Raises MayNotActFor when neither is given.
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
    """Store the submission of ``sender`` as a new feedback or as a message in ``thread``. Two or three queries.

    ``once`` replaces ``key`` when the caller knows better than the sender what counts as the same submission.
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
    """Return a digest that differs for different requests, independent of form boundary and order of names."""
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
    """Return what the sender of ``message`` may expect, in the active language. One query at most."""
    is_urgent = bool(message.danger_hits)
    due = answer_due_at(is_urgent=is_urgent, at=message.received_at)
    code = "looked_at_first" if is_urgent else "in_line"
    if feedback.state in (FeedbackState.SOLVED, FeedbackState.CLOSED):
        code = "reopens"
    minutes = (due - message.received_at) // MINUTE if due is not None and due > at else None
    return Next(code, _sentence(code, minutes, get_language()), due.astimezone(UTC) if due else None)


@lru_cache(maxsize=1000)
def _sentence(code: str, minutes: int | None, language: str | None) -> str:
    """Return the sentence for ``code``; ``language`` must be the active one and is only part of the cache key."""
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
    """Return the approved first answer to a sender in danger, None for others."""
    return first_answer(receipt.message.danger_hits)
