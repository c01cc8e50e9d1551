"""Fetch new mail from a mailbox: store it, mark it \\Seen after the commit, then parse it."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now
from prometheus_client import Counter as Metric

from config.kit.outbox.lanes import Lane
from config.kit.outbox.models import OutboxRow
from config.kit.outbox.services import owed, run_one
from config.kit.text import digest
from feedback.channels.email.imap import Folder, ImapTrouble, NotHandedOver, opened
from feedback.channels.email.mailbox import BadSettings, Mailbox, read_mailbox
from feedback.channels.email.models import MailboxState
from feedback.intake.models import Channel, ChannelKind, RawMessage

log = structlog.get_logger(__name__)

#: The outbox kind whose handler turns a stored mail into a message.
MAIL_STORED = "mail.stored"
#: Renewed with each mail: how long a mailbox stays locked after its reader was killed.
LEASE = timedelta(minutes=2)
MOST_PER_POLL = 200
MOST_TRIES = 5
LONGEST_WAIT = timedelta(minutes=15)
#: How far back a mailbox is reread when its UIDVALIDITY changed.
OVERLAP = timedelta(days=2)
MOST_HEAD_BYTES = 100 * 1024
#: Matches a mailbox that no process is reading.
_IS_FREE = Q(lease_until=None) | Q(lease_until__lt=Now())
_MESSAGE_ID = re.compile(rb"^message-id:[ \t\r\n]{0,20}(<[^<>\s\0]{1,390}>)", re.IGNORECASE | re.MULTILINE)

mails_stored = Metric("earshot_mails_stored_total", "Mails fetched and stored.", ["channel"])
polls_failed = Metric("earshot_mail_polls_failed_total", "Mailboxes that could not be read.", ["channel"])


@dataclass(frozen=True)
class Polled:
    """``stored``: new mails. ``known``: mails we already had. ``troubled``: mails the server did not return."""

    stored: int = 0
    known: int = 0
    troubled: int = 0
    error: str = ""


def mailboxes() -> QuerySet[Channel]:
    """Return the mail channels to be read."""
    return Channel.objects.filter(kind=ChannelKind.EMAIL, is_active=True, config__has_key="imap")


def due_mailboxes(at: datetime) -> list[Channel]:
    """Return the active mail channels due for reading at ``at``; creates missing states."""
    channels = mailboxes()
    known = set(MailboxState.objects.values_list("channel", flat=True))
    MailboxState.objects.bulk_create(
        [MailboxState(channel=channel) for channel in channels if channel.pk not in known],
        ignore_conflicts=True,
    )
    is_due = Q(next_poll_at=None) | Q(next_poll_at__lte=at)
    due = MailboxState.objects.filter(is_due & _IS_FREE, channel__in=channels).values("channel")
    return list(channels.filter(pk__in=due))


def poll(channel: Channel, *, at: datetime, should_stop: Callable[[], bool] = lambda: False) -> Polled | None:
    """Fetch and handle new mail in ``channel``'s mailbox; return None when another process is reading it.

    Never raises because of servers or mails: the state says what went wrong and when to try again.
    Twice is harmless: a mail is recognised by its Message-ID and its bytes.
    """
    state, _created = MailboxState.objects.get_or_create(channel=channel)
    mine = MailboxState.objects.filter(_IS_FREE, pk=state.pk)
    if not mine.update(lease_until=Now() + LEASE, polled_at=at):
        return None
    state.refresh_from_db()
    try:
        mailbox = read_mailbox(channel.config, os.environ)
        with opened(mailbox) as folder:
            polled = _read(channel, state, folder, at=at, should_stop=should_stop)
    except BadSettings as trouble:
        return _fail(state, " ".join(trouble.problems), poll_seconds=60, at=at)
    except ImapTrouble as trouble:
        # The class and the server's first words; servers quote no mail in their errors.
        return _fail(state, f"{type(trouble).__name__}: {trouble}", poll_seconds=mailbox.poll_seconds, at=at)
    _succeed(state, mailbox, polled, at=at)
    return polled


def ask_soon(states: QuerySet[MailboxState], *, at: datetime) -> None:
    """Make the mail process read these mailboxes at once, whatever went wrong before."""
    states.update(next_poll_at=at)


def store(channel: Channel, content: bytes, *, at: datetime) -> tuple[RawMessage, OutboxRow] | None:
    """Store a mail and schedule its parsing, in one transaction; return None when we already have it.

    The row stays forever, even after its content is erased, so that a mail still in the mailbox is not
    imported again.
    """
    content_digest = digest(content)
    found = _MESSAGE_ID.search(content[:MOST_HEAD_BYTES])
    external_id = found[1].decode("utf-8", "replace") if found else f"no-id:{content_digest}"
    if RawMessage.objects.filter(channel=channel, external_id=external_id, digest=content_digest).exists():
        return None
    try:
        with transaction.atomic():
            raw = RawMessage.objects.create(
                channel=channel,
                external_id=external_id,
                digest=content_digest,
                content=content,
                media_type="message/rfc822",
                received_at=at,
            )
            # No bell: the process that stored it goes on to parse it; the sweeper finds what is left.
            row = owed(MAIL_STORED, raw.pk, at=at)
            row.save(force_insert=True)
    except IntegrityError:
        # Another process stored the same mail between our check and our insert.
        return None
    return raw, row


def _read(
    channel: Channel, state: MailboxState, folder: Folder, *, at: datetime, should_stop: Callable[[], bool]
) -> Polled:
    is_new_numbering = state.uid_validity != folder.validity
    # Queried first: mail that arrives meanwhile has a higher UID and is found by the next poll.
    highest = folder.highest_number() if is_new_numbering else 0
    numbers = _first_numbers(state, folder) if is_new_numbering else _next_numbers(state, folder)
    counts: Counter[str] = Counter()
    for number in numbers:
        if should_stop():
            return _polled(counts)
        counts[_take(channel, state, folder, number, at=at)] += 1
        if not is_new_numbering:
            state.last_uid = max(state.last_uid, number)
            _save(state, "last_uid", "troubled_uids")
        MailboxState.objects.filter(pk=state.pk).update(lease_until=Now() + LEASE)
    if is_new_numbering:
        # Only now: if this read is interrupted, the next one starts again with what is still unread.
        state.uid_validity, state.last_uid = folder.validity, highest
        _save(state, "uid_validity", "last_uid", "troubled_uids")
    return _polled(counts)


def _polled(counts: Counter[str]) -> Polled:
    return Polled(counts["stored"], counts["known"], counts["troubled"])


def _take(channel: Channel, state: MailboxState, folder: Folder, number: int, *, at: datetime) -> str:
    """Fetch, store, mark and parse mail ``number``; return the name of the Polled field to count it in."""
    try:
        content = folder.fetch(number)
    except NotHandedOver:
        state.troubled_uids[str(number)] = state.troubled_uids.get(str(number), 0) + 1
        log.warning("mail_not_handed_over", channel=channel.slug, uid=number)
        return "troubled"
    stored = store(channel, content, at=at)
    folder.mark_seen(number)
    state.troubled_uids.pop(str(number), None)
    if stored is None:
        return "known"
    mails_stored.labels(channel=channel.slug).inc()
    _raw, row = stored
    run_one(Lane(row.lane), at=at, by="mail", only=Q(pk=row.pk))
    return "stored"


def _next_numbers(state: MailboxState, folder: Folder) -> list[int]:
    retried = [int(number) for number, tries in state.troubled_uids.items() if tries < MOST_TRIES]
    return sorted({*retried, *folder.numbers_above(state.last_uid)})[:MOST_PER_POLL]


def _first_numbers(state: MailboxState, folder: Folder) -> list[int]:
    """Return the UIDs to fetch from a folder that we never read or whose UIDVALIDITY changed.

    Mail that others read before we started is not ours to answer. Mail since our last successful read, and
    somewhat before it, is fetched again and recognised.
    """
    state.troubled_uids = {}
    numbers = set(folder.numbers_unseen())
    if state.succeeded_at is not None:
        numbers |= set(folder.numbers_since((state.succeeded_at - OVERLAP).date()))
    return sorted(numbers)


def _save(state: MailboxState, *names: str) -> None:
    MailboxState.objects.filter(pk=state.pk).update(**{name: getattr(state, name) for name in names})


def _succeed(state: MailboxState, mailbox: Mailbox, polled: Polled, *, at: datetime) -> None:
    wait = timedelta(seconds=mailbox.poll_seconds)
    is_more = polled.stored + polled.known + polled.troubled >= MOST_PER_POLL
    MailboxState.objects.filter(pk=state.pk).update(
        succeeded_at=at,
        failing_since=None,
        failures=0,
        last_error="",
        next_poll_at=at if is_more else at + wait,
        lease_until=None,
        received_count=F("received_count") + polled.stored,
    )


def _fail(state: MailboxState, error: str, *, poll_seconds: int, at: datetime) -> Polled:
    wait = min(timedelta(seconds=poll_seconds) * 2 ** min(state.failures, 10), LONGEST_WAIT)
    MailboxState.objects.filter(pk=state.pk).update(
        failing_since=state.failing_since or at,
        failures=F("failures") + 1,
        last_error=error[:200],
        next_poll_at=at + wait,
        lease_until=None,
    )
    polls_failed.labels(channel=state.channel.slug).inc()
    log.warning("mailbox_failed", channel=state.channel.slug, failures=state.failures + 1)
    return Polled(error=error[:200])
